"""The gateway for a tenant: which adapter, which environment, whose login."""

from typing import NamedTuple, Protocol

from cellarhand.config import Config, MissingVariableError
from cellarhand.domain.errors import CrmNotConfiguredError, SettingsIncompleteError
from cellarhand.domain.tenants.crm_measurements import MeasuredCrm
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider, TenantRecord
from cellarhand.ports.crm import CrmGateway, CrmLogin, CrmLogins

MAX_KEPT = 1000


class PartnerKeys(Protocol):
    """Our own keys as a CRM's partner, one for each of its installations."""

    def of(self, environment: CrmEnvironment) -> str:
        """Raises `CrmNotConfiguredError` if there is none, or if they can't be read."""
        ...


class VinSuiteSite(NamedTuple):
    """One VinSuite environment: its address, and our own key as their partner."""

    url: str
    partner_key: str

    def __repr__(self) -> str:
        return f"VinSuiteSite({self.url!r}, ***)"


_Origin = tuple[VinSuiteSite, str, MeasuredCrm | None]


class Gateways:
    """Implements the `CrmGateways` port. Keeps a gateway until its site, login or measurements change."""

    def __init__(self, logins: CrmLogins, partner_keys: PartnerKeys, config: Config) -> None:
        self._logins = logins
        self._partner_keys = partner_keys
        self._config = config
        self._kept: dict[str, tuple[_Origin, CrmGateway]] = {}

    def of(self, tenant: TenantRecord) -> CrmGateway:
        """Raises `SettingsIncompleteError` if the tenant has no CRM, or no login for it is stored.

        Raises `CrmNotConfiguredError` if this stack has no such environment, or no key of ours for it.
        """
        if tenant.provider is not Provider.VINSUITE:
            raise SettingsIncompleteError("This winery has no CRM set up: its provider is not connected.")
        login = self._logins.read(tenant.tenant_id)
        if login is None:
            raise SettingsIncompleteError("The winery's login at its CRM is not stored yet.")
        site = self._site(tenant.crm_environment)
        origin = (site, login.version, tenant.measured)
        kept = self._kept.get(tenant.tenant_id)
        if kept and kept[0] == origin:
            return kept[1]
        return self._keep(tenant.tenant_id, origin, _vinsuite(tenant, site, login))

    def _keep(self, tenant_id: str, origin: _Origin, gateway: CrmGateway) -> CrmGateway:
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[tenant_id] = (origin, gateway)
        return gateway

    def _site(self, environment: CrmEnvironment) -> VinSuiteSite:
        try:
            url = self._config.vinsuite_url(environment)
        except MissingVariableError as missing:
            text = f"Cellarhand is not set up for the CRM's {environment} installation."
            raise CrmNotConfiguredError(text) from missing
        return VinSuiteSite(url, self._partner_keys.of(environment))


def _vinsuite(tenant: TenantRecord, site: VinSuiteSite, login: CrmLogin) -> CrmGateway:
    from cellarhand.adapters.crm.vinsuite.gateway import VinSuiteGateway
    from cellarhand.adapters.crm.vinsuite.wire.assumptions import as_measured

    return VinSuiteGateway(
        site.url,
        partner_key=site.partner_key,
        username=login.username,
        password=login.password,
        assumptions=as_measured(tenant.measured),
    )
