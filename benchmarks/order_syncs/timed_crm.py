"""A CRM that takes its time and forgets nothing, and finds what it is asked for by key."""

from datetime import datetime
from typing import Any

from benchmarks.order_syncs.spent import CRM_READS, CRM_WRITES, Spent
from benchmarks.order_syncs.virtual_time import VirtualTime
from cellarhand.domain.customers.customer import Club, ContactType, Customer, CustomerData
from cellarhand.domain.orders.order import FoundOrder, ListedOrder, Order, OrderNumber
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.crm import Capabilities, Connection, ConnectionTest, Outcome, WriteResult

CALL_SECONDS = 0.4
"""As the cost model assumes it (performance notes, 4.3)."""

SKU = "TASTING"

_CAN = Capabilities(
    knows_skus=True,
    knows_hold=True,
    finds_orders=True,
    lists_customers_of_type=True,
    refuses_repeated_order_numbers=False,
)


class TimedCrms:
    """Fills `CrmGateways`: each tenant has a CRM of its own."""

    def __init__(self, spent: Spent, time: VirtualTime) -> None:
        self._made: dict[str, TimedCrm] = {}
        self._spent = spent
        self._time = time

    def of(self, tenant: TenantRecord) -> "TimedCrm":
        """Always the same."""
        if tenant.tenant_id not in self._made:
            self._made[tenant.tenant_id] = TimedCrm(self._spent, self._time)
        return self._made[tenant.tenant_id]


class TimedCrm:
    """Fills `CrmGateway`."""

    def __init__(self, spent: Spent, time: VirtualTime) -> None:
        self._spent = spent
        self._now = time.now
        self._pause = time.pause
        self._customers: dict[str, Customer] = {}
        self.orders: dict[OrderNumber, Order] = {}
        self._listed: list[tuple[datetime, ListedOrder]] = []

    def capabilities(self) -> Capabilities:
        """Everything."""
        return _CAN

    def test_connection(self, *, timeout: float) -> ConnectionTest:  # noqa: ARG002
        """Works."""
        return ConnectionTest(Connection.WORKS)

    def find_customers(
        self,
        *,
        email: str | None = None,
        last_name: str | None = None,  # noqa: ARG002
        timeout: float,  # noqa: ARG002
    ) -> list[Customer]:
        """By e-mail."""
        self._call(CRM_READS)
        return [self._customers[email]] if email in self._customers else []

    def get_customer(self, customer_id: str, *, timeout: float) -> Customer | None:  # noqa: ARG002
        """The id is the e-mail."""
        self._call(CRM_READS)
        return self._customers.get(customer_id.removeprefix("customer-"))

    def list_clubs(self, *, timeout: float) -> list[Club]:  # noqa: ARG002
        """None."""
        return []

    def list_contact_types(self, *, timeout: float) -> list[ContactType]:  # noqa: ARG002
        """None."""
        return []

    def list_customers_of_type(self, contact_type_id: str, *, timeout: float) -> list[Customer]:  # noqa: ARG002
        """Nobody."""
        return []

    def list_skus(self, *, timeout: float) -> frozenset[str]:  # noqa: ARG002
        """The only one."""
        self._call(CRM_READS)
        return frozenset({SKU})

    def upsert_customer(self, customer: CustomerData, *, timeout: float) -> WriteResult:  # noqa: ARG002
        """Always a new one."""
        self._call(CRM_WRITES)
        customer_id = f"customer-{customer.email}"
        data: dict[str, Any] = {"customer_id": customer_id, "email": customer.email}
        self._customers[customer.email] = Customer(**data)
        return WriteResult(Outcome.DONE, customer_id)

    def create_order(self, order: Order, *, timeout: float) -> WriteResult:  # noqa: ARG002
        """A number that came before is a fault of the benchmark, or worse."""
        self._call(CRM_WRITES)
        if order.order_number in self.orders:
            raise AssertionError(f"{order.order_number} was sent twice")
        self.orders[order.order_number] = order
        order_id = f"order-{len(self.orders):08d}"
        self._listed.append((self._now(), _listed(order_id, order)))
        return WriteResult(Outcome.DONE, order_id)

    def find_orders(
        self,
        number: OrderNumber,  # noqa: ARG002
        *,
        around: tuple[datetime, datetime],  # noqa: ARG002
        timeout: float,  # noqa: ARG002
    ) -> list[FoundOrder]:
        """Never asked for: nothing is unknown here."""
        raise AssertionError("no outcome was unknown")

    def list_orders(self, *, around: tuple[datetime, datetime], timeout: float) -> list[ListedOrder]:  # noqa: ARG002
        """Those created within these instants, as they were sent."""
        self._call(CRM_READS)
        return [listed for at, listed in self._listed if around[0] <= at <= around[1]]

    def _call(self, what: str) -> None:
        self._spent.add(what)
        self._pause(CALL_SECONDS)


def _listed(order_id: str, order: Order) -> ListedOrder:
    return ListedOrder(
        crm_order_id=order_id,
        number=str(order.order_number),
        email=order.buyer.email,
        total=order.total,
        pickup_date=order.pickup_date,
    )
