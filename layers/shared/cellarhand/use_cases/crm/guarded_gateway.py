"""CRM gateways behind the tenants' circuit breakers, with the same interface as any other gateway.

While a breaker is open, reads raise at once and writes answer `NOT_DONE`. Only a read is ever the probe:
repeating one does no harm, and every use case reads before it writes.

After a refused login, the login is read again from the vault. If it has changed there, the call counts as
failed and the next one uses the new login. If not, the breaker opens for the refused login.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from cellarhand.domain.customers.customer import Club, ContactType, Customer, CustomerData
from cellarhand.domain.errors import (
    CrmError,
    CrmLoginRefusedError,
    CrmUnavailableError,
    SettingsIncompleteError,
    StorageUnavailableError,
)
from cellarhand.domain.orders.order import FoundOrder, ListedOrder, Order, OrderNumber
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.crm import (
    Capabilities,
    ConnectionTest,
    CrmGateway,
    CrmGateways,
    CrmLogin,
    CrmLogins,
    Outcome,
    WriteResult,
)

from .circuit_breakers import CircuitBreakers
from .time_budget import NO_TIME_TO_ASK

LOGIN_CHANGED = "The winery's login at its CRM has just been changed."


class GuardedGateways:
    """Implements `CrmGateways` around another one. `report_refusal` gets the tenant of a refused login."""

    def __init__(
        self,
        gateways: CrmGateways,
        breakers: CircuitBreakers,
        logins: CrmLogins,
        report_refusal: Callable[[str], None],
    ) -> None:
        self._gateways = gateways
        self._breakers = breakers
        self._logins = logins
        self._report_refusal = report_refusal

    def of(self, tenant: TenantRecord) -> CrmGateway:
        """Raises `SettingsIncompleteError` when no login is stored."""
        access = TenantCrm(tenant, self._gateways, self._logins)
        return _Guarded(tenant.tenant_id, access, self._breakers, self._report_refusal)


class TenantCrm:
    """A tenant's gateway and the login that it uses. Safe to use from several threads."""

    def __init__(self, tenant: TenantRecord, gateways: CrmGateways, logins: CrmLogins) -> None:
        self._tenant = tenant
        self._gateways = gateways
        self._logins = logins
        self.crm = gateways.of(tenant)
        self.login = logins.read(tenant.tenant_id)

    def reload_login(self, refused: CrmLogin | None) -> bool:
        """Whether the vault holds another login than the refused one. If so, it is used from now on."""
        if self.login != refused:
            return True
        with suppress(StorageUnavailableError, SettingsIncompleteError):
            login = self._logins.read(self._tenant.tenant_id, fresh=True)
            if login != refused:
                self.crm = self._gateways.of(self._tenant)
                self.login = login
                return True
        return False


class _Guarded:
    def __init__(
        self,
        tenant_id: str,
        access: TenantCrm,
        breakers: CircuitBreakers,
        report_refusal: Callable[[str], None],
    ) -> None:
        self._tenant_id = tenant_id
        self._access = access
        self._breakers = breakers
        self._report_refusal = report_refusal

    @property
    def _crm(self) -> CrmGateway:
        return self._access.crm

    def capabilities(self) -> Capabilities:
        return self._crm.capabilities()

    def test_connection(self, *, timeout: float) -> ConnectionTest:
        return self._crm.test_connection(timeout=timeout)

    def find_customers(
        self, *, email: str | None = None, last_name: str | None = None, timeout: float
    ) -> list[Customer]:
        return self._read(
            timeout, lambda: self._crm.find_customers(email=email, last_name=last_name, timeout=timeout)
        )

    def get_customer(self, customer_id: str, *, timeout: float) -> Customer | None:
        return self._read(timeout, lambda: self._crm.get_customer(customer_id, timeout=timeout))

    def list_clubs(self, *, timeout: float) -> list[Club]:
        return self._read(timeout, lambda: self._crm.list_clubs(timeout=timeout))

    def list_contact_types(self, *, timeout: float) -> list[ContactType]:
        return self._read(timeout, lambda: self._crm.list_contact_types(timeout=timeout))

    def list_customers_of_type(self, contact_type_id: str, *, timeout: float) -> list[Customer]:
        return self._read(timeout, lambda: self._crm.list_customers_of_type(contact_type_id, timeout=timeout))

    def list_skus(self, *, timeout: float) -> frozenset[str]:
        return self._read(timeout, lambda: self._crm.list_skus(timeout=timeout))

    def upsert_customer(self, customer: CustomerData, *, timeout: float) -> WriteResult:
        return self._write(lambda: self._crm.upsert_customer(customer, timeout=timeout))

    def create_order(self, order: Order, *, timeout: float) -> WriteResult:
        return self._write(lambda: self._crm.create_order(order, timeout=timeout))

    def find_orders(
        self, number: OrderNumber, *, around: tuple[datetime, datetime], timeout: float
    ) -> list[FoundOrder]:
        return self._read(timeout, lambda: self._crm.find_orders(number, around=around, timeout=timeout))

    def list_orders(self, *, around: tuple[datetime, datetime], timeout: float) -> list[ListedOrder]:
        return self._read(timeout, lambda: self._crm.list_orders(around=around, timeout=timeout))

    def _read[T](self, timeout: float, call: Callable[[], T]) -> T:
        if timeout <= 0:
            raise CrmUnavailableError(NO_TIME_TO_ASK)
        probe = self._breakers.admit(self._tenant_id)
        login = self._access.login
        try:
            answer = call()
        except CrmUnavailableError:
            self._breakers.record_failure(self._tenant_id, probe=probe, login_refused=False)
            raise
        except CrmLoginRefusedError:
            if self._access.reload_login(login):
                self._answered(probe=probe)
                raise CrmUnavailableError(LOGIN_CHANGED) from None
            self._lock(probe=probe)
            raise
        except CrmError:
            self._answered(probe=probe)
            raise
        self._answered(probe=probe)
        return answer

    def _write(self, call: Callable[[], WriteResult]) -> WriteResult:
        if (refusal := self._breakers.refusal(self._tenant_id)) is not None:
            refused = isinstance(refusal, CrmLoginRefusedError)
            return WriteResult(Outcome.NOT_DONE, message=str(refusal), login_refused=refused)
        login = self._access.login
        result = call()
        if result.login_refused:
            if self._access.reload_login(login):
                return WriteResult(Outcome.NOT_DONE, message=LOGIN_CHANGED)
            self._lock(probe=False)
        elif result.outcome in (Outcome.NOT_DONE, Outcome.UNKNOWN):
            self._breakers.record_failure(self._tenant_id, probe=False, login_refused=False)
        else:
            self._breakers.record_answer(self._tenant_id)
        return result

    def _answered(self, *, probe: bool) -> None:
        self._breakers.record_answer(self._tenant_id)
        if probe:
            self._breakers.close(self._tenant_id)

    def _lock(self, *, probe: bool) -> None:
        self._breakers.record_failure(self._tenant_id, probe=probe, login_refused=True)
        self._report_refusal(self._tenant_id)
