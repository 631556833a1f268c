"""What makes an order another one: compared with building both orders and looking."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.orders.order import Order
from cellarhand.domain.orders.order_diff import OrderContext, OrderPart, OrderSource, changes_between
from cellarhand.domain.tenants.settings import SalesAssociates, Settings
from tests.unit.order_sync.given import ZONE, order, snapshot

CHEESE = {"sku": "CHEESE", "name": "Cheese", "unit_price": 1500, "quantity": 2}
JAM = {"sku": "JAM", "name": "Jam", "unit_price": 700, "quantity": 1}
COMP = {"name": "Birthday", "by": "office", "amount": 500}
ANNA = {"email": "Anna@Example.com", "first_name": "Anna", "last_name": "Berg"}


def changes(before: Snapshot, after: Snapshot, **settings: Any) -> set[OrderPart]:
    terms = OrderContext(Settings(**settings), ZONE)
    found = changes_between(
        OrderSource(snapshot=before, customer_id="customer-1"),
        OrderSource(snapshot=after, customer_id="customer-1"),
        terms,
    )
    return {change.part for change in found}


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({}, set()),
        ({"sequence": 2}, set()),
        ({"state": "confirmed"}, set()),
        ({"state": "no_show"}, set()),
        ({"internal_note": "VIP"}, set()),
        ({"starts_at": "2026-06-05T16:00"}, set()),
        ({"quote_id": "q-1"}, set()),
        ({"guest": {**ANNA, "email": " anna@example.com "}}, set()),
        ({"guest": {**ANNA, "marketing_opt_in": True}}, set()),
        ({"guest_note": ""}, set()),
        ({"state": "cancelled"}, {OrderPart.CANCELLATION}),
        ({"state": "cancelled", "paid": 0}, {OrderPart.CANCELLATION, OrderPart.PAYMENT}),
        ({"event_id": "other"}, {OrderPart.EVENT}),
        ({"starts_at": "2026-06-06T11:00"}, {OrderPart.VISIT_DATE}),
        ({"booked_at": "2026-06-02T18:00:00Z"}, {OrderPart.BOOKED_DATE}),
        ({"booked_at": "2026-06-01T06:00:00Z"}, set()),
        ({"party_size": 3}, {OrderPart.PARTY_SIZE, OrderPart.PRICE, OrderPart.PAYMENT}),
        ({"party_size": 3, "paid": 8000}, {OrderPart.PARTY_SIZE, OrderPart.PRICE}),
        ({"fee_per_guest": 4500}, {OrderPart.PRICE, OrderPart.PAYMENT}),
        ({"discounts": [COMP]}, {OrderPart.PRICE, OrderPart.DISCOUNT, OrderPart.PAYMENT}),
        ({"add_ons": [CHEESE]}, {OrderPart.ADD_ONS, OrderPart.PAYMENT}),
        ({"gratuity": 800}, {OrderPart.GRATUITY, OrderPart.PAYMENT}),
        ({"tax": 700}, {OrderPart.TAX, OrderPart.PAYMENT}),
        ({"paid": 0}, {OrderPart.PAYMENT}),
        ({"guest": {**ANNA, "last_name": "Birk"}}, {OrderPart.GUEST}),
        ({"guest_note": "A window seat"}, {OrderPart.NOTE}),
        ({"booking_source": "BO"}, {OrderPart.SALES_ASSOCIATE}),
        ({"booking_source": "AFF"}, set()),
    ],
    ids=lambda each: str(sorted(each) if isinstance(each, set) else each),
)
def test_what_changes_an_order(changed: dict[str, Any], parts: set[OrderPart]):
    associates = {"BO": "office-staff"}
    assert changes(snapshot(), snapshot(**changed), sales_associates=associates) == parts


def test_discounts_above_the_fees_make_no_prices_and_still_differ():
    over = snapshot(discounts=[{**COMP, "amount": 9000}], add_ons=[CHEESE])
    assert changes(snapshot(add_ons=[CHEESE]), over) == {
        OrderPart.PRICE,
        OrderPart.DISCOUNT,
        OrderPart.PAYMENT,
    }


def test_of_two_cancelled_visits_only_money_can_differ():
    cancelled = snapshot(state="cancelled")
    assert changes(cancelled, snapshot(state="cancelled", party_size=3, paid=8000)) == set()
    assert changes(cancelled, snapshot(state="cancelled", paid=0)) == {OrderPart.PAYMENT}


def test_the_order_of_add_ons_and_of_prices_is_no_change():
    prices = [{"guests": 1, "unit_price": 3000}, {"guests": 1, "unit_price": 5000}]
    before = snapshot(add_ons=[CHEESE, JAM], guest_prices=prices)
    assert changes(before, snapshot(add_ons=[JAM, CHEESE], guest_prices=prices[::-1])) == set()


@pytest.mark.parametrize("date", ["order_date", "pickup_date"])
def test_a_date_counts_only_if_the_settings_put_it_on_the_order(date: str):
    others = {"order_date": "booked_date", "pickup_date": "booked_date"}
    moved = snapshot(starts_at="2026-06-06T11:00")
    assert changes(snapshot(), moved, **others) == set()
    assert changes(snapshot(), moved, **{**others, date: "event_date"}) == {OrderPart.VISIT_DATE}


def test_what_is_told_of_a_guest_is_that_they_changed():
    before = OrderSource(snapshot=snapshot(), customer_id="customer-1")
    after = OrderSource(snapshot=snapshot(guest={**ANNA, "first_name": "Ann"}), customer_id="customer-2")
    guest, customer = changes_between(before, after, OrderContext(Settings(), ZONE))
    assert (guest.part, guest.before, guest.after) == (OrderPart.GUEST, None, None)
    assert (customer.part, customer.before, customer.after) == (
        OrderPart.CUSTOMER,
        "customer-1",
        "customer-2",
    )


SNAPSHOTS = st.builds(
    snapshot,
    party_size=st.integers(1, 3),
    fee_per_guest=st.sampled_from([3000, 4000]),
    starts_at=st.sampled_from(["2026-06-05T11:00", "2026-06-05T15:00", "2026-06-07T11:00"]),
    booked_at=st.sampled_from(["2026-06-01T05:30:00Z", "2026-06-01T08:30:00Z"]),
    add_ons=st.lists(st.sampled_from([CHEESE, JAM]), max_size=2, unique_by=lambda a: a["sku"]),
    discounts=st.sampled_from([[], [COMP]]),
    tax=st.sampled_from([0, 100]),
    gratuity=st.sampled_from([0, 100]),
    guest_note=st.sampled_from([None, "", "Window"]),
    booking_source=st.sampled_from(["WGT", "BO", "MOB"]),
    state=st.sampled_from(["confirmed", "completed", "no_show"]),
)
SETTINGS = st.fixed_dictionaries(
    {
        "order_date": st.sampled_from(["booked_date", "event_date", "day_of_synchronization"]),
        "pickup_date": st.sampled_from(["booked_date", "event_date"]),
        "sales_associates": st.sampled_from([SalesAssociates(), SalesAssociates(BO="office-staff")]),
    }
)


@given(SNAPSHOTS, SNAPSHOTS, SETTINGS)
def test_parts_differ_exactly_when_the_orders_do(before: Snapshot, after: Snapshot, settings: dict[str, Any]):
    differ = told(order(before, **settings)) != told(order(after, **settings))
    assert bool(changes(before, after, **settings)) is differ


def told(built: Order) -> tuple[Order, Counter[Any]]:
    """All that an order says, whatever the order of its lines."""
    return built.model_copy(update={"lines": ()}), Counter(built.lines)
