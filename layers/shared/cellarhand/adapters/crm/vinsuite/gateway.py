"""`CrmGateway` for one winery at VinSuite."""

from collections.abc import Callable
from datetime import datetime

from cellarhand.adapters.crm.vinsuite.customers.member_writing import write_member
from cellarhand.adapters.crm.vinsuite.customers.members import Members
from cellarhand.adapters.crm.vinsuite.orders.catalogue import Catalogue
from cellarhand.adapters.crm.vinsuite.orders.order_reading import OrderReader
from cellarhand.adapters.crm.vinsuite.orders.orders import write_order
from cellarhand.adapters.crm.vinsuite.wire.attempt import Attempt
from cellarhand.adapters.crm.vinsuite.wire.envelope import Credentials
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError
from cellarhand.adapters.crm.vinsuite.wire.service import WebService
from cellarhand.domain.customers.customer import Club, ContactType, Customer, CustomerData
from cellarhand.domain.errors import NotSupportedByCrmError
from cellarhand.domain.orders.order import FoundOrder, ListedOrder, Order, OrderNumber
from cellarhand.ports.crm import Capabilities, ConnectionTest, Outcome, WriteResult

from .check_connection import try_login
from .wire import addresses
from .wire.assumptions import DEFAULT_ASSUMPTIONS, Assumptions


class VinSuiteGateway:
    """Safe to use from several threads. Connections are shared with every other gateway of the process.

    A name that does not resolve can cost more than `timeout`: the system's resolver can't be bounded.
    """

    def __init__(
        self,
        address: str,
        *,
        partner_key: str,
        username: str,
        password: str,
        assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    ) -> None:
        """Raises `ValueError` for an address that is not https, unless it is on this machine."""
        credentials = Credentials(partner_key, username, password)
        self._service = WebService(addresses.checked(address), credentials, assumptions)
        self._members = Members(self._service)
        self._catalogue = Catalogue(self._service, self._members)
        self._orders = OrderReader(self._service)

    def capabilities(self) -> Capabilities:
        """`knows_skus`, `finds_orders` and `lists_contact_types` hold until a call shows otherwise,
        `knows_hold` once one does.
        """
        return Capabilities(
            knows_skus=self._catalogue.knows_skus,
            knows_hold=self._members.knows_hold,
            finds_orders=self._orders.finds_orders,
            lists_customers_of_type=False,
            refuses_repeated_order_numbers=self._service.assumptions.refuses_repeated_order_numbers,
            lists_contact_types=self._catalogue.lists_contact_types,
            knows_joining_dates=False,
        )

    def test_connection(self, *, timeout: float) -> ConnectionTest:
        """TestConnection, then the member types."""
        return try_login(self._service, self._catalogue, Attempt(timeout))

    def find_customers(
        self, *, email: str | None = None, last_name: str | None = None, timeout: float
    ) -> list[Customer]:
        """By e-mail if it is given, else by last name."""
        if email is not None:
            return self._read(timeout, lambda attempt: self._members.with_email(email, attempt))
        return self._read(timeout, lambda attempt: self._members.with_last_name(last_name or "", attempt))

    def get_customer(self, customer_id: str, *, timeout: float) -> Customer | None:
        """By member id."""
        return self._read(timeout, lambda attempt: self._members.with_id(customer_id, attempt))

    def list_clubs(self, *, timeout: float) -> list[Club]:
        """Club levels."""
        return self._read(timeout, self._catalogue.clubs)

    def list_contact_types(self, *, timeout: float) -> list[ContactType]:
        """Member types, or those seen on members where VinSuite has no such list."""
        return self._read(timeout, self._catalogue.contact_types)

    def list_customers_of_type(self, contact_type_id: str, *, timeout: float) -> list[Customer]:  # noqa: ARG002
        """Always `NotSupportedByCrmError`."""
        raise NotSupportedByCrmError("VinSuite does not list the members of a type.")

    def list_skus(self, *, timeout: float) -> frozenset[str]:
        """SKUs of all products."""
        return self._read(timeout, self._catalogue.skus)

    def upsert_customer(self, customer: CustomerData, *, timeout: float) -> WriteResult:
        """AddUpdateMember."""
        return _write(timeout, lambda attempt: write_member(self._service, customer, attempt))

    def create_order(self, order: Order, *, timeout: float) -> WriteResult:
        """AddOrder."""
        return _write(timeout, lambda attempt: write_order(self._service, order, attempt))

    def find_orders(
        self, number: OrderNumber, *, around: tuple[datetime, datetime], timeout: float
    ) -> list[FoundOrder]:
        """GetOrders by window, compared here."""
        return self._read(timeout, lambda attempt: self._orders.with_number(number, around, attempt))

    def list_orders(self, *, around: tuple[datetime, datetime], timeout: float) -> list[ListedOrder]:
        """GetOrders by window."""
        return self._read(timeout, lambda attempt: self._orders.listed(around, attempt))

    def _read[T](self, timeout: float, read: Callable[[Attempt], T]) -> T:
        try:
            return read(Attempt(timeout))
        except CallFailedError as failure:
            raise failure.as_read_error() from None


def _write(timeout: float, write: Callable[[Attempt], str]) -> WriteResult:
    try:
        return WriteResult(Outcome.DONE, write(Attempt(timeout)))
    except CallFailedError as failure:
        return failure.as_write_result()
