"""A reservation whose order the CRM has already: changes are kept, told, and never sent."""

from datetime import date
from typing import Any

import pytest

from cellarhand.domain.orders.build_order import OrderParts, build_order
from cellarhand.domain.orders.order import OrderNumber
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Settings
from tests.unit.guest_upsert.winery import GUEST, Winery


def a_winery_with_a_synced_reservation() -> Winery:
    winery = Winery()
    winery.add_event()
    winery.put()
    record = winery.record()
    parts = OrderParts(
        order_number=OrderNumber(prefix="CH-", number=7),
        customer_id="customer-1",
        event=EventBody(name="Tasting", sku="TASTING", fee_per_guest=4000),
        settings=Settings(),
        timezone="America/Los_Angeles",
        synced_on=date(2026, 6, 21),
    )
    order = OrderProgress(
        state=OrderState.SYNCED, crm_order_id="o-7", sent=build_order(record.snapshot, parts)
    )
    winery.ledger.save(record.model_copy(update={"order": order}))
    return winery


@pytest.mark.parametrize(
    ("change", "locked"),
    [
        ({"state": "completed"}, False),
        ({"internal_note": "Prefers red"}, False),
        ({"state": "no_show"}, False),
        ({"state": "cancelled"}, True),
        ({"party_size": 3, "total": 12000, "paid": 12000}, True),
        ({"starts_at": "2026-06-21T14:00"}, True),
        ({"fee_per_guest": 3000, "total": 6000, "paid": 6000}, True),
        ({"guest_note": "A window seat"}, True),
        ({"guest": {**GUEST, "last_name": "Lovelace"}}, True),
        ({"event_id": "an-event-nobody-described"}, True),
    ],
    ids=str,
)
def test_a_change_is_locked_if_it_changes_the_order(change: dict[str, Any], locked: bool):
    winery = a_winery_with_a_synced_reservation()
    answer = winery.put(sequence=2, **change)
    assert answer.status == 200
    assert answer.body["locked_after_sync"] is locked
    assert answer.body["order"] == {"state": "synced", "reason": None, "crm_order_id": "o-7"}
    assert winery.record().snapshot.sequence == 2


def test_a_change_taken_back_unlocks():
    winery = a_winery_with_a_synced_reservation()
    winery.put(sequence=2, guest_note="A window seat")
    assert winery.put(sequence=3).body["locked_after_sync"] is False
