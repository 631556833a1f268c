"""A winery, an event and reservations to start from; each test says only what is different."""

from datetime import UTC, date, datetime
from typing import Any

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.orders.build_order import OrderParts, build_order
from cellarhand.domain.orders.order import Order, OrderNumber
from cellarhand.domain.reservations.changes_after_sync import keep_order_source
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.reservations.reservation import CustomerProgress, CustomerState, ReservationRecord
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Settings

TENANT = "valley"
ZONE = "America/Los_Angeles"
NOW = datetime(2026, 6, 6, 12, 0, tzinfo=UTC)
EVENT = EventBody(name="Cellar tasting", sku="TASTING", fee_per_guest=4000)
SETTINGS = Settings(gratuity_sku="TIP")
SKUS = frozenset({"TASTING", "TIP", "CHEESE"})
LINKED = CustomerProgress(state=CustomerState.LINKED, customer_id="customer-1")


def snapshot(**changes: Any) -> Snapshot:
    """Two guests at 40.00 on 5 June, paid; `total` and `paid` follow from the parts unless given."""
    fields: dict[str, Any] = {
        "sequence": 1,
        "state": "completed",
        "event_id": "cellar",
        "starts_at": "2026-06-05T11:00",
        "booked_at": "2026-06-01T05:30:00Z",
        "party_size": 2,
        "booking_source": "WGT",
        "guest": {"email": "Anna@Example.com", "first_name": "Anna", "last_name": "Berg"},
        "fee_per_guest": 4000,
        **changes,
    }
    add_ons = sum(add_on["unit_price"] * add_on["quantity"] for add_on in fields.get("add_ons", ()))
    discounts = sum(discount["amount"] for discount in fields.get("discounts", ()))
    parts = fields["party_size"] * fields["fee_per_guest"] - discounts + add_ons
    fields.setdefault("total", parts + fields.get("tax", 0) + fields.get("gratuity", 0))
    fields.setdefault("paid", fields["total"])
    return Snapshot.model_validate(fields)


def reservation(reservation_id: str = "r-1", **changes: Any) -> ReservationRecord:
    """A kept reservation of a linked guest, waiting for its order; `snapshot` holds changes to that."""
    fields: dict[str, Any] = {
        "tenant_id": TENANT,
        "reservation_id": reservation_id,
        "received_at": NOW,
        "customer": LINKED,
        "order": OrderProgress(state=OrderState.PENDING),
        **changes,
    }
    wanted = fields.pop("snapshot", {})
    body = wanted if isinstance(wanted, Snapshot) else snapshot(**wanted)
    return ReservationRecord(snapshot=body, **fields)


def replaced(record: ReservationRecord, body: Snapshot) -> ReservationRecord:
    """With a newer snapshot, whose order is still to be judged."""
    return record.model_copy(update={"snapshot": body, "order": keep_order_source(record)})


def order(body: Snapshot | None = None, *, number: int = 7, **settings: Any) -> Order:
    """The order of a snapshot, under these settings."""
    return build_order(
        body or snapshot(),
        OrderParts(
            order_number=OrderNumber(prefix="CH-", number=number),
            customer_id="customer-1",
            event=EVENT,
            settings=SETTINGS.model_copy(update=settings),
            timezone=ZONE,
            synced_on=date(2026, 6, 6),
        ),
    )
