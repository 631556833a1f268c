"""A send that certainly left nothing says nothing about the orders before it, which may be in the CRM."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.orders.order_diff import OrderContext
from cellarhand.domain.reservations.changes_after_sync import with_changes_since_sync
from cellarhand.domain.reservations.order_lifecycle import (
    decide_review,
    not_done,
    read_back,
    refused,
    review,
    unknown,
    with_intent_to_send,
)
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from tests.unit.order_sync.given import NOW, SETTINGS, ZONE, order, replaced, reservation, snapshot

SETTLE = timedelta(minutes=14)
LATER = NOW + SETTLE
DEARER = snapshot(sequence=2, fee_per_guest=5000)
DEAREST = snapshot(sequence=3, fee_per_guest=6000)
LEAVES_NOTHING = pytest.mark.parametrize("ended", [not_done, refused])

type Ended = Callable[..., ReservationRecord]


def on_its_way(record: ReservationRecord, body: Snapshot, at: int) -> ReservationRecord:
    """Its order leaves, so many minutes after the first has settled."""
    now = LATER + timedelta(minutes=at)
    return with_intent_to_send(record, order(body), fence=5, run_id="run", now=now, settle=SETTLE)


def never_found() -> ReservationRecord:
    """80.00 were sent, nobody answered, and once settled nothing was there."""
    first = with_intent_to_send(reservation(), order(), fence=5, run_id="run", now=NOW, settle=SETTLE)
    return read_back(unknown(first, None, NOW), [], LATER)


def turned_up(record: ReservationRecord) -> ReservationRecord:
    """The order of the first send was executed late, and staff have found it."""
    late = review(record, "found_late", "The CRM has it.", LATER)
    return with_changes_since_sync(
        decide_review(late, "it_is_there", "late-1", LATER), OrderContext(SETTINGS, ZONE)
    )


def told(record: ReservationRecord) -> tuple[object, ...]:
    """What the CRM's order shows, and by which parts the reservation differs by now."""
    sent = record.order.sent
    parts = [change.part.value for change in record.changes_after_sync]
    return record.order.state, sent and sent.total, parts


@LEAVES_NOTHING
def test_a_late_first_order_is_not_taken_for_the_second_that_never_left(ended: Ended):
    second = on_its_way(replaced(never_found(), DEARER), DEARER, 1)
    found = turned_up(ended(second, None, LATER))
    assert told(found) == (OrderState.SYNCED, 8000, ["price", "payment"])
    assert found.changes_after_sync[0].before == 8000


@LEAVES_NOTHING
def test_nor_is_it_after_a_third(ended: Ended):
    second = ended(on_its_way(replaced(never_found(), DEARER), DEARER, 1), None, LATER)
    third = ended(on_its_way(replaced(second, DEAREST), DEAREST, 2), None, LATER)
    assert told(turned_up(third)) == (OrderState.SYNCED, 8000, ["price", "payment"])


@LEAVES_NOTHING
def test_a_change_while_the_same_order_left_again_differs_from_it(ended: Ended):
    again = on_its_way(never_found(), snapshot(), 1)
    assert told(turned_up(ended(again, None, LATER))) == (OrderState.SYNCED, 8000, [])
    changed = ended(replaced(again, DEARER), None, LATER)
    assert told(turned_up(changed)) == (OrderState.SYNCED, 8000, ["price", "payment"])


@LEAVES_NOTHING
def test_of_a_first_send_nothing_is_kept(ended: Ended):
    first = with_intent_to_send(reservation(), order(), fence=5, run_id="run", now=NOW, settle=SETTLE)
    progress = ended(replaced(first, DEARER), None, NOW).order
    assert (progress.sent, progress.stands_for, progress.first_sent_at) == (None, None, None)


def test_a_second_order_that_may_have_left_is_the_one_to_look_for():
    second = on_its_way(replaced(never_found(), DEARER), DEARER, 1)
    assert told(turned_up(unknown(second, None, LATER))) == (OrderState.SYNCED, 10_000, [])
