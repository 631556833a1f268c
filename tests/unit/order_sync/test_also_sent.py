"""An order that the CRM executes late, after a change and the next send, is known as ours."""

from datetime import timedelta

import pytest

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.orders.order import FoundOrder, Order
from cellarhand.domain.orders.order_diff import OrderContext
from cellarhand.domain.reservations.changes_after_sync import with_changes_since_sync
from cellarhand.domain.reservations.order_lifecycle import (
    decide_review,
    done,
    not_done,
    read_back,
    unknown,
    with_intent_to_send,
)
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.reservations.sent_versions import ALSO_SENT_CHARACTERS, ALSO_SENT_KEPT
from tests.fakes.crm import Step
from tests.unit.order_sync.given import NOW, SETTINGS, ZONE, order, replaced, reservation, snapshot
from tests.unit.reconciliation.ledger import Bookkeeping

SETTLE = timedelta(minutes=14)
DEARER = snapshot(sequence=2, fee_per_guest=5000)


def sent(record: ReservationRecord, body: Snapshot) -> ReservationRecord:
    """Its order leaves, an hour after whatever was before."""
    now = (record.order.first_sent_at or NOW) + timedelta(hours=1)
    return with_intent_to_send(record, order(body), fence=5, run_id="run", now=now, settle=SETTLE)


def unanswered(record: ReservationRecord, body: Snapshot) -> ReservationRecord:
    """Changed to this, sent, and nobody answers."""
    changed = record if record.snapshot == body else replaced(record, body)
    return unknown(sent(changed, body), None, NOW)


def twice_unanswered() -> ReservationRecord:
    """80.00 were sent and not found, then 100.00: their answer never came."""
    first = unanswered(reservation(), snapshot())
    return unanswered(read_back(first, [], NOW), DEARER)


def shown(one: Order, crm_order_id: str = "late-1") -> FoundOrder:
    return FoundOrder(
        crm_order_id=crm_order_id,
        order_number=one.order_number,
        email=one.buyer.email,
        total=one.total,
        pickup_date=one.pickup_date,
    )


def totals(record: ReservationRecord) -> tuple[int | None, list[int]]:
    """Of the order that the CRM has or may have, and of what else went out."""
    progress = record.order
    return progress.sent and progress.sent.total, [one.order.total for one in progress.also_sent]


def test_what_was_never_sent_as_another_order_keeps_nothing():
    again = unanswered(read_back(unanswered(reservation(), snapshot()), [], NOW), snapshot())
    assert totals(done(again, "one", NOW)) == (8000, [])
    assert "also_sent" not in done(again, "one", NOW).order.model_dump(exclude_defaults=True)


def test_what_went_out_before_a_change_is_kept():
    assert totals(done(twice_unanswered(), "two", NOW)) == (10_000, [8000])


def test_a_read_back_that_finds_the_first_order_syncs_that_one_and_shows_the_change():
    found = read_back(twice_unanswered(), [shown(order())], NOW)
    assert (found.order.state, found.order.crm_order_id) == (OrderState.SYNCED, "late-1")
    assert totals(found) == (8000, [10_000])
    changes = with_changes_since_sync(found, OrderContext(SETTINGS, ZONE)).changes_after_sync
    assert [(change.part.value, change.before) for change in changes] == [("price", 8000), ("payment", 8000)]


def test_a_read_back_that_finds_the_second_is_as_ever():
    found = read_back(twice_unanswered(), [shown(order(DEARER))], NOW)
    assert totals(found) == (10_000, [8000])
    assert with_changes_since_sync(found, OrderContext(SETTINGS, ZONE)).changes_after_sync == ()


def test_a_read_back_that_finds_both_is_a_person_s_case():
    both = [shown(order()), shown(order(DEARER), "two")]
    found = read_back(twice_unanswered(), both, NOW).order
    assert (found.state, found.reason) == (OrderState.REVIEW, "duplicates_found")


def test_an_order_that_never_went_out_is_still_foreign():
    never = shown(order(snapshot(fee_per_guest=1)))
    found = read_back(twice_unanswered(), [never], NOW).order
    assert (found.state, found.reason) == (OrderState.REVIEW, "foreign_order_found")


def test_a_change_back_to_what_the_first_order_says_leaves_nothing_to_adjust():
    back = replaced(twice_unanswered(), snapshot(sequence=3))
    found = with_changes_since_sync(read_back(back, [shown(order())], NOW), OrderContext(SETTINGS, ZONE))
    assert (found.changes_after_sync, found.order.stands_for) == ((), None)


def test_what_left_twice_under_other_orders_is_kept_even_if_the_next_never_left():
    again = sent(replaced(read_back(twice_unanswered(), [], NOW), snapshot(sequence=3)), snapshot())
    stays = not_done(again, None, NOW)
    assert totals(stays) == (10_000, [8000, 10_000])


@pytest.mark.parametrize("sends", [ALSO_SENT_KEPT + 1, ALSO_SENT_KEPT + 4])
def test_no_more_than_a_few_are_kept_and_the_oldest_give_way(sends: int):
    record = reservation()
    for sequence in range(1, sends + 1):
        body = snapshot(sequence=sequence, fee_per_guest=1000 * sequence)
        record = decide_review(unanswered(record, body), "send_again", None, NOW)
    assert totals(record)[1] == [2000 * n for n in range(sends - ALSO_SENT_KEPT, sends)]


def test_a_runner_that_reads_back_the_first_order_opens_the_adjustment():
    winery = Bookkeeping()
    winery.keep(reservation(snapshot={"number": 7}))
    winery.crm.script("create_order", Step.LATE, Step.UNKNOWN_NOT_EXECUTED)
    run = winery.start()
    winery.drain()
    winery.change("r-1", sequence=2, fee_per_guest=5000, number=7)
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
    winery.drain()
    winery.crm.release()
    winery.drain_until_over(run)
    record = winery.record()
    assert (len(winery.orders), record.order.state) == (1, OrderState.SYNCED)
    assert (winery.told(run).money, record.locked_after_sync) == (8000, True)
    assert record.adjustment_id is not None
    assert [d.kind for d in winery.reconcile().differences] == ["open_adjustment"]


def test_as_many_are_kept_as_fit_into_an_item():
    add_ons = [{"sku": f"S{n}", "name": "n" * 200, "unit_price": 100, "quantity": 1} for n in range(100)]
    record = reservation()
    for sequence in range(1, ALSO_SENT_KEPT + 2):
        body = snapshot(sequence=sequence, fee_per_guest=4000 + sequence, add_ons=add_ons)
        record = decide_review(unanswered(record, body), "send_again", None, NOW)
    kept = record.order.also_sent
    assert 0 < len(kept) < ALSO_SENT_KEPT
    assert sum(len(one.model_dump_json(exclude_defaults=True)) for one in kept) <= ALSO_SENT_CHARACTERS
