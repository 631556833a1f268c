"""The gateway for a tenant: which adapter, which environment, whose login."""

from cellarhand.config import Config, MissingVariableError
from cellarhand.domain.errors import CrmNotConfiguredError, SettingsIncompleteError
from cellarhand.domain.tenants.crm_measurements import MeasuredCrm
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider, TenantRecord
from cellarhand.ports.crm import CrmGateway, CrmLogin, CrmLogins

MOST_KEPT = 1000

_Origin = tuple[CrmEnvironment, str, MeasuredCrm | None]


class Gateways:
    """Fills `CrmGateways`. A gateway and what it learnt are kept until environment, login or probe change."""

    def __init__(self, logins: CrmLogins, config: Config) -> None:
        self._logins = logins
        self._config = config
        self._kept: dict[str, tuple[_Origin, CrmGateway]] = {}

    def of(self, tenant: TenantRecord) -> CrmGateway:
        """Raises `SettingsIncompleteError` if the tenant has no CRM, or no login for it is stored.

        Raises `CrmNotConfiguredError` if this stack has no such environment.
        """
        if tenant.provider is not Provider.VINSUITE:
            raise SettingsIncompleteError("This winery has no CRM set up: its provider is not connected.")
        login = self._logins.read(tenant.tenant_id)
        if login is None:
            raise SettingsIncompleteError("The winery's login at its CRM is not stored yet.")
        origin = (tenant.crm_environment, login.version, tenant.measured)
        kept = self._kept.get(tenant.tenant_id)
        if kept and kept[0] == origin:
            return kept[1]
        return self._keep(tenant.tenant_id, origin, self._vinsuite(tenant, login))

    def _keep(self, tenant_id: str, origin: _Origin, gateway: CrmGateway) -> CrmGateway:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[tenant_id] = (origin, gateway)
        return gateway

    def _vinsuite(self, tenant: TenantRecord, login: CrmLogin) -> CrmGateway:
        from cellarhand.adapters.crm.vinsuite.assumptions import as_measured
        from cellarhand.adapters.crm.vinsuite.gateway import VinSuiteGateway

        try:
            site = self._config.vinsuite(tenant.crm_environment)
        except MissingVariableError as missing:
            text = f"Cellarhand is not set up for the CRM's {tenant.crm_environment} installation."
            raise CrmNotConfiguredError(text) from missing
        return VinSuiteGateway(
            site.url,
            partner_key=site.partner_key,
            username=login.username,
            password=login.password,
            assumptions=as_measured(tenant.measured),
        )
