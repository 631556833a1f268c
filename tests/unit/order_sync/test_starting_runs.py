"""Starting runs by hand and by the clock, and previewing them."""

import pytest

from cellarhand.domain.errors import ConflictError
from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.use_cases.tenants.read_tenant import settings_record
from tests.unit.order_sync.given import SETTINGS, TENANT, order, reservation
from tests.unit.order_sync.runner import Winery


def test_the_same_idempotency_key_is_the_same_run():
    winery = Winery()
    winery.keep(reservation())
    first = winery.start(key="once")
    assert winery.start(key="once").run_id == first.run_id
    assert winery.start(key="twice").run_id != first.run_id
    with pytest.raises(ConflictError):
        winery.start(Selection(event_ids=("cellar",)), key="once")


def test_starting_leaves_a_hint():
    winery = Winery()
    winery.start()
    assert [hint.queue for hint in winery.outside.hints.left] == ["order-sync"]


PLAN = {"enabled": True, "daily_at": "05:00"}


def test_a_scheduled_run_takes_visits_up_to_yesterday():
    winery = Winery()
    winery.outside.schedule_items.items[TENANT] = PLAN
    winery.keep(reservation(), reservation("today", snapshot={"starts_at": "2026-06-06T09:00"}))
    run = winery.start_scheduled()
    assert run is not None
    winery.drain()
    assert set(winery.told(run).results) == {"r-1"}
    assert winery.order_of("today").state is OrderState.PENDING


def test_a_schedule_that_fires_twice_is_one_run():
    winery = Winery()
    winery.outside.schedule_items.items[TENANT] = PLAN
    winery.keep(reservation())
    first, second = winery.start_scheduled(), winery.start_scheduled()
    winery.drain()
    assert first is not None
    assert second is not None
    assert first.run_id == second.run_id == "20260606T120000Z-scheduled"
    assert len(winery.orders) == 1


@pytest.mark.parametrize("item", [None, {**PLAN, "enabled": False}, {"enabled": True}])
def test_a_schedule_that_is_gone_off_or_broken_starts_nothing(item: dict[str, object] | None):
    winery = Winery()
    if item:
        winery.outside.schedule_items.items[TENANT] = item
    assert winery.start_scheduled() is None


def test_the_preview_shows_the_very_orders_and_stores_nothing():
    winery = Winery()
    winery.keep(reservation(snapshot={"number": 7}), reservation("owes", snapshot={"paid": 1000}))
    written = len(winery.outside.ledger.writes)
    preview = winery.preview()
    expected = order(number=7)
    assert len(winery.outside.ledger.writes) == written
    assert winery.crm.calls_of("create_order") == []
    (shown,) = preview.orders
    assert shown.order_number == str(expected.order_number)
    assert (shown.lines, shown.total, shown.buyer) == (expected.lines, expected.total, expected.buyer)
    assert [(s.reservation_id, s.reason, s.balance) for s in preview.skipped] == [
        ("owes", "balance_due", 7000)
    ]


def test_the_preview_leaves_a_number_open_that_the_sending_will_choose():
    winery = Winery()
    winery.keep(reservation())
    assert winery.preview().orders[0].order_number is None


def test_a_run_that_staff_start_after_a_correction_never_goes_by_what_was_read_before():
    winery = Winery(gratuity_sku=None)
    winery.keep(reservation(snapshot={"gratuity": 500}))
    later: list[SyncRun] = []

    def name_it_and_start_again(method: str) -> None:
        if method == "list_skus" and not later:
            stored = settings_record(winery.outside.settings, TENANT)
            winery.outside.settings.save(stored.model_copy(update={"settings": SETTINGS}))
            later.append(winery.start())

    winery.crm._before_call = name_it_and_start_again
    first = winery.start()
    winery.drain()
    assert winery.told(first).reasons == {"sku_missing": 1}
    assert winery.told(later[0]).counts == {"synced": 1}
