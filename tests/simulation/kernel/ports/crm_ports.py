"""The wineries' CRMs across the seam: slow, forgetful, and picky about their logins."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NoReturn

from cellarhand.domain.customers.customer import Club, ContactType, Customer, CustomerData
from cellarhand.domain.errors import CrmLoginRefusedError, CrmUnavailableError, SettingsIncompleteError
from cellarhand.domain.orders.order import FoundOrder, ListedOrder, Order, OrderNumber
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.crm import (
    Capabilities,
    Connection,
    ConnectionTest,
    CrmGateway,
    CrmLogin,
    CrmLogins,
    Outcome,
    WriteResult,
)
from tests.simulation.kernel.faults.faults import Family, Kind
from tests.simulation.kernel.judge.crm_book import CrmBook
from tests.simulation.kernel.ports.call import Call
from tests.simulation.kernel.ports.seam import Seam


class CrossingGateways:
    """Fills `CrmGateways`."""

    def __init__(self, seam: Seam, books: Mapping[str, CrmBook], logins: CrmLogins, timers: Timers) -> None:
        self._seam = seam
        self._books = books
        self._logins = logins
        self._timers = timers

    def of(self, tenant: TenantRecord) -> CrmGateway:
        self._seam.keep_to(tenant.tenant_id)
        login = self._logins.read(tenant.tenant_id)
        if login is None:
            raise SettingsIncompleteError("The CRM login is not set.")
        return CrossingGateway(self._seam, self._books[tenant.tenant_id], login, self._timers)


class CrossingGateway:
    """Fills `CrmGateway` with one login."""

    def __init__(self, seam: Seam, book: CrmBook, login: CrmLogin, timers: Timers) -> None:
        self._seam = seam
        self._book = book
        self._login = login
        self._timers = timers

    def capabilities(self) -> Capabilities:
        return self._book.capabilities()

    def test_connection(self, *, timeout: float) -> ConnectionTest:
        return self._cross(
            Family.CRM_READ,
            "test_connection",
            lambda: self._book.test_connection(timeout=timeout),
            timeout,
            unavailable=lambda: ConnectionTest(Connection.UNREACHABLE),
            refused=lambda: ConnectionTest(Connection.LOGIN_REFUSED),
        )

    def find_customers(
        self, *, email: str | None = None, last_name: str | None = None, timeout: float
    ) -> list[Customer]:
        return self._read(
            "find_customers",
            lambda: self._book.find_customers(email=email, last_name=last_name, timeout=timeout),
            timeout,
        )

    def get_customer(self, customer_id: str, *, timeout: float) -> Customer | None:
        return self._read(
            "get_customer", lambda: self._book.get_customer(customer_id, timeout=timeout), timeout
        )

    def list_clubs(self, *, timeout: float) -> list[Club]:
        return self._read("list_clubs", lambda: self._book.list_clubs(timeout=timeout), timeout)

    def list_contact_types(self, *, timeout: float) -> list[ContactType]:
        return self._read(
            "list_contact_types", lambda: self._book.list_contact_types(timeout=timeout), timeout
        )

    def list_customers_of_type(self, contact_type_id: str, *, timeout: float) -> list[Customer]:
        return self._read(
            "list_customers_of_type",
            lambda: self._book.list_customers_of_type(contact_type_id, timeout=timeout),
            timeout,
        )

    def list_skus(self, *, timeout: float) -> frozenset[str]:
        return self._read("list_skus", lambda: self._book.list_skus(timeout=timeout), timeout)

    def find_orders(
        self, number: OrderNumber, *, around: tuple[datetime, datetime], timeout: float
    ) -> list[FoundOrder]:
        return self._read(
            "find_orders", lambda: self._book.find_orders(number, around=around, timeout=timeout), timeout
        )

    def list_orders(self, *, around: tuple[datetime, datetime], timeout: float) -> list[ListedOrder]:
        return self._read(
            "list_orders", lambda: self._book.list_orders(around=around, timeout=timeout), timeout
        )

    def upsert_customer(self, customer: CustomerData, *, timeout: float) -> WriteResult:
        return self._write(
            "upsert_customer", lambda: self._book.upsert_customer(customer, timeout=timeout), timeout
        )

    def create_order(self, order: Order, *, timeout: float) -> WriteResult:
        self._book.about_to_be_sent(order)
        with self._book.waiting_for_an_order():
            return self._write(
                "create_order", lambda: self._book.create_order(order, timeout=timeout), timeout
            )

    def _read[T](self, name: str, execute: Callable[[], T], timeout: float) -> T:
        return self._cross(Family.CRM_READ, name, execute, timeout, _unavailable, _refused)

    def _write(self, name: str, execute: Callable[[], WriteResult], timeout: float) -> WriteResult:
        return self._cross(Family.CRM_WRITE, name, execute, timeout, _not_done, _refused_write, _unknown)

    def _cross[T](
        self,
        family: Family,
        name: str,
        execute: Callable[[], T],
        timeout: float,
        unavailable: Callable[[], T],
        refused: Callable[[], T],
        no_answer: Callable[[], T] | None = None,
    ) -> T:
        nothing = no_answer or unavailable

        def let_in() -> T:
            answer = execute() if self._book.lets_in(self._login) else refused()
            return answer if self._book.answers_within(timeout) else nothing()

        def stale() -> T:
            with self._book.hiding_new(self._timers.read_lag):
                return let_in()

        call = Call(
            f"crm.{name}",
            family,
            let_in,
            not_executed=unavailable,
            no_answer=nothing,
            refused=refused,
            variants={Kind.STALE_READ: stale} if family is Family.CRM_READ else {},
            takes=min(self._book.takes, timeout),
            gives_up=timeout,
            late=self._timers.late_execution,
        )
        return self._seam.cross(call)


def _unavailable() -> NoReturn:
    raise CrmUnavailableError("The CRM does not answer.")


def _refused() -> NoReturn:
    raise CrmLoginRefusedError("The CRM refuses the login.")


def _not_done() -> WriteResult:
    return WriteResult(Outcome.NOT_DONE, message="Turned away.")


def _unknown() -> WriteResult:
    return WriteResult(Outcome.UNKNOWN, message="No answer.")


def _refused_write() -> WriteResult:
    return WriteResult(Outcome.NOT_DONE, message="The CRM refuses the login.", login_refused=True)
