"""A CRM in memory: behaves as `CrmGateway` promises, keeps its own book, and fails when told to.

crm = InMemoryCrm(customers=[ANNA], clubs=[GOLD], skus={"TASTING"})
crm.script("create_order", Step.UNKNOWN_EXECUTED, Step.NORMAL)   # the next call, then the one after
crm.always("find_customers", Step.UNAVAILABLE)                   # until the script says otherwise
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from cellarhand.domain.customers.customer import Club, ContactType, Customer, CustomerData
from cellarhand.domain.errors import NotSupportedByCrmError
from cellarhand.domain.orders.order import FoundOrder, ListedOrder, Order, OrderNumber
from cellarhand.domain.person_name import fold_name
from cellarhand.ports.crm import Capabilities, Connection, ConnectionTest, Outcome, WriteResult
from tests.fakes.crm_script import Call, CrmScript, Step

__all__ = ["ALL_CAPABILITIES", "Call", "InMemoryCrm", "Step"]

ALL_CAPABILITIES = Capabilities(
    knows_skus=True,
    knows_hold=True,
    finds_orders=True,
    lists_customers_of_type=True,
    refuses_repeated_order_numbers=False,
    knows_joining_dates=True,
)


class _Entry(NamedTuple):
    order_id: str
    order: Order
    changed_at: datetime | None


class InMemoryCrm(CrmScript):
    """Fills `CrmGateway`. With `now`, orders carry the instant of their change; without, any window fits.

    `before_call` is told the method before each call: the place to let an injected clock run.
    """

    def __init__(
        self,
        *,
        customers: Iterable[Customer] = (),
        clubs: Iterable[Club] = (),
        contact_types: Iterable[ContactType] = (),
        skus: Iterable[str] = (),
        capabilities: Capabilities = ALL_CAPABILITIES,
        connection: Connection = Connection.WORKS,
        repeated_email_creates_second: bool = True,
        now: Callable[[], datetime] | None = None,
        before_call: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(before_call)
        self.clubs = list(clubs)
        self.contact_types = list(contact_types)
        self.skus = set(skus)
        self.connection = connection
        self._capabilities = capabilities
        self._repeated_email_creates_second = repeated_email_creates_second
        self._now = now
        self._customers = {customer.customer_id: customer for customer in customers}
        self._book: list[_Entry] = []

    @property
    def customers(self) -> list[Customer]:
        """Everybody in the book, oldest first."""
        return list(self._customers.values())

    @property
    def orders(self) -> list[Order]:
        """Every order that was executed, twice if it was executed twice."""
        return [entry.order for entry in self._book]

    def put_customer(self, customer: Customer) -> None:
        """Staff add or change a customer in the CRM itself."""
        self._customers[customer.customer_id] = customer

    def remove_customer(self, customer_id: str) -> None:
        """Staff delete or merge away a customer in the CRM itself."""
        del self._customers[customer_id]

    def put_order(self, order: Order, order_id: str | None = None) -> str:
        """Staff enter an order in the CRM itself; answers its id."""
        entry = _Entry(order_id or f"order-{len(self._book) + 1}", order, self._now() if self._now else None)
        self._book.append(entry)
        return entry.order_id

    def remove_order(self, number: int) -> None:
        """Staff delete every order of that number in the CRM itself."""
        self._book = [entry for entry in self._book if entry.order.order_number.number != number]

    def void_order(self, order_id: str) -> None:
        """Staff void one order in the CRM itself: it is listed no more."""
        self._book = [entry for entry in self._book if entry.order_id != order_id]

    def capabilities(self) -> Capabilities:
        """As given."""
        return self._capabilities

    def test_connection(self, *, timeout: float) -> ConnectionTest:
        """The connection as given, unless the script has it fail."""
        match self._step("test_connection", {}, timeout):
            case Step.NORMAL:
                return ConnectionTest(self.connection)
            case Step.LOGIN_REFUSED:
                return ConnectionTest(Connection.LOGIN_REFUSED)
            case _:
                return ConnectionTest(Connection.UNREACHABLE)

    def find_customers(
        self, *, email: str | None = None, last_name: str | None = None, timeout: float
    ) -> list[Customer]:
        """By exact e-mail, or by folded last name."""
        self._read("find_customers", {"email": email, "last_name": last_name}, timeout)
        if email is not None:
            return [customer for customer in self.customers if customer.email == email]
        wanted = fold_name(last_name or "")
        return [customer for customer in self.customers if fold_name(customer.last_name or "") == wanted]

    def get_customer(self, customer_id: str, *, timeout: float) -> Customer | None:
        """By id."""
        self._read("get_customer", {"customer_id": customer_id}, timeout)
        return self._customers.get(customer_id)

    def list_clubs(self, *, timeout: float) -> list[Club]:
        """As given."""
        self._read("list_clubs", {}, timeout)
        return list(self.clubs)

    def list_contact_types(self, *, timeout: float) -> list[ContactType]:
        """As given."""
        self._read("list_contact_types", {}, timeout)
        return list(self.contact_types)

    def list_customers_of_type(self, contact_type_id: str, *, timeout: float) -> list[Customer]:
        """Who carries the type, if the capability is on."""
        self._read("list_customers_of_type", {"contact_type_id": contact_type_id}, timeout)
        _need(self._capabilities.lists_customers_of_type)
        return [c for c in self.customers if contact_type_id in {t.id for t in c.contact_types}]

    def list_skus(self, *, timeout: float) -> frozenset[str]:
        """As given, if the capability is on."""
        self._read("list_skus", {}, timeout)
        _need(self._capabilities.knows_skus)
        return frozenset(self.skus)

    def upsert_customer(self, customer: CustomerData, *, timeout: float) -> WriteResult:
        """Create, or fill the record of `customer_id`."""
        arguments = {"customer": customer}
        return self._write("upsert_customer", arguments, timeout, lambda: self._keep_customer(customer))

    def create_order(self, order: Order, *, timeout: float) -> WriteResult:
        """Enter an order; a repeated number makes a second one unless the capability says otherwise."""
        return self._write("create_order", {"order": order}, timeout, lambda: self._keep_order(order))

    def find_orders(
        self, number: OrderNumber, *, around: tuple[datetime, datetime], timeout: float
    ) -> list[FoundOrder]:
        """Orders of that number, changed within `around`."""
        self._read("find_orders", {"number": number, "around": around}, timeout)
        _need(self._capabilities.finds_orders)
        book = list(self._book)
        return [_found(e) for e in book if e.order.order_number == number and _within(e.changed_at, around)]

    def list_orders(self, *, around: tuple[datetime, datetime], timeout: float) -> list[ListedOrder]:
        """All orders changed within `around`."""
        self._read("list_orders", {"around": around}, timeout)
        _need(self._capabilities.finds_orders)
        return [_listed(entry) for entry in list(self._book) if _within(entry.changed_at, around)]

    def _keep_customer(self, data: CustomerData) -> WriteResult:
        if data.customer_id and data.customer_id not in self._customers:
            return WriteResult(Outcome.REFUSED, message="There is no such customer.")
        customer_id = data.customer_id or self._id_for(data.email)
        before = self._customers.get(customer_id) or Customer(customer_id=customer_id)
        changes: dict[str, Any] = {
            name: value for name, value in data if name in _COPIED and value is not None
        }
        given = [kind for kind in self.contact_types if kind.id in data.contact_types]
        changes["contact_types"] = tuple(dict.fromkeys([*before.contact_types, *given]))
        self._customers[customer_id] = before.model_copy(update=changes)
        return WriteResult(Outcome.DONE, customer_id)

    def _id_for(self, email: str) -> str:
        if not self._repeated_email_creates_second:
            for customer in self.customers:
                if customer.email == email:
                    return customer.customer_id
        return f"customer-{len(self._customers) + 1}"

    def _keep_order(self, order: Order) -> WriteResult:
        repeated = order.order_number in {known.order_number for known in self.orders}
        if repeated and self._capabilities.refuses_repeated_order_numbers:
            return WriteResult(Outcome.REFUSED, message="The number is in use.", number_exists=True)
        return WriteResult(Outcome.DONE, self.put_order(order))


_COPIED = {"email", "first_name", "last_name", "phone", "address"}


def _need(capability: bool) -> None:
    if not capability:
        raise NotSupportedByCrmError("This CRM can't do that.")


def _within(changed_at: datetime | None, around: tuple[datetime, datetime]) -> bool:
    return changed_at is None or around[0] <= changed_at <= around[1]


def _found(entry: _Entry) -> FoundOrder:
    return FoundOrder(
        crm_order_id=entry.order_id,
        order_number=entry.order.order_number,
        email=entry.order.buyer.email,
        total=entry.order.total,
        pickup_date=entry.order.pickup_date,
    )


def _listed(entry: _Entry) -> ListedOrder:
    return ListedOrder(
        crm_order_id=entry.order_id,
        number=str(entry.order.order_number),
        email=entry.order.buyer.email,
        total=entry.order.total,
        pickup_date=entry.order.pickup_date,
    )
