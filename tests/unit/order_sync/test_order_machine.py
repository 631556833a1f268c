"""The steps of an order: from every state, what each event leads to."""

from datetime import timedelta

import pytest

from cellarhand.domain.orders.order import FoundOrder, OrderNumber
from cellarhand.domain.reservations.order_lifecycle import (
    as_seen_by,
    decide_review,
    done,
    not_done,
    read_back,
    refused,
    settles_at,
    unknown,
    with_intent_to_send,
)
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from tests.unit.order_sync.given import NOW, order, reservation

SETTLE = timedelta(minutes=14)
LATER = NOW + SETTLE
ORDER = order()
OURS = FoundOrder(
    crm_order_id="a",
    order_number=ORDER.order_number,
    email="anna@example.com",
    total=8000,
    pickup_date=ORDER.pickup_date,
)
FOREIGN = OURS.model_copy(update={"crm_order_id": "b", "total": 1})


def sending(attempts: int = 0, fence: int = 5) -> ReservationRecord:
    record = reservation()
    record = record.model_copy(update={"order": record.order.model_copy(update={"attempts": attempts})})
    return with_intent_to_send(record, ORDER, fence=fence, run_id="run", now=NOW, settle=SETTLE)


def test_the_intent_is_kept_before_the_send():
    progress = sending().order
    assert progress.state is OrderState.SENDING
    assert progress.intent is not None
    assert (progress.intent.fence, progress.intent.order) == (5, ORDER)
    assert (progress.number, progress.prefix, progress.run_id) == (7, "CH-", "run")
    assert settles_at(sending()) == LATER


STEPS = [
    ("done", done(sending(), "a", NOW), OrderState.SYNCED, None),
    ("not done", not_done(sending(), "breaker open", NOW), OrderState.PENDING, "not_done"),
    ("refused", refused(sending(), "No such product", NOW), OrderState.REJECTED, "refused_by_crm"),
    ("unknown", unknown(sending(), "no answer", NOW), OrderState.UNKNOWN, None),
    ("read back: ours", read_back(unknown(sending(), None, NOW), [OURS], LATER), OrderState.SYNCED, None),
    ("read back: none", read_back(sending(), [], LATER), OrderState.PENDING, None),
    ("read back: none, a third time", read_back(sending(2), [], LATER), OrderState.REVIEW, "never_found"),
    ("read back: two", read_back(sending(), [OURS, OURS], LATER), OrderState.REVIEW, "duplicates_found"),
    ("read back: foreign", read_back(sending(), [FOREIGN], LATER), OrderState.REVIEW, "foreign_order_found"),
    (
        "read back: ours and a foreign one",
        read_back(sending(), [OURS, FOREIGN], LATER),
        OrderState.REVIEW,
        "foreign_order_found",
    ),
]


@pytest.mark.parametrize(
    ("record", "state", "reason"), [row[1:] for row in STEPS], ids=[row[0] for row in STEPS]
)
def test_each_event_leads_to_one_state(record: ReservationRecord, state: OrderState, reason: str | None):
    assert (record.order.state, record.order.reason) == (state, reason)


@pytest.mark.parametrize(
    "record", [not_done(sending(), None, NOW), refused(sending(), None, NOW), read_back(sending(), [], LATER)]
)
def test_the_number_outlives_every_failure(record: ReservationRecord):
    assert (record.order.number, record.order.prefix, record.order.intent) == (7, "CH-", None)


def test_only_a_full_attempt_that_found_nothing_is_counted():
    assert not_done(sending(1), None, NOW).order.attempts == 1
    assert read_back(sending(1), [], LATER).order.attempts == 2


def test_a_synced_order_keeps_what_was_sent():
    progress = done(sending(), "a", NOW).order
    assert (progress.crm_order_id, progress.sent, progress.synced_at) == ("a", ORDER, NOW)


def test_a_sender_of_an_older_fence_is_read_as_lost():
    assert as_seen_by(sending(fence=5), 6).order.state is OrderState.UNKNOWN
    assert as_seen_by(sending(fence=5), 5).order.state is OrderState.SENDING


def test_the_first_send_is_where_a_read_back_begins_to_look():
    again = with_intent_to_send(
        read_back(sending(), [], LATER), ORDER, fence=6, run_id="run", now=LATER, settle=SETTLE
    )
    assert again.order.first_sent_at == NOW


def test_fields_that_a_crm_does_not_give_back_do_not_count_against_us():
    bare = FoundOrder(crm_order_id="a", order_number=OrderNumber(prefix="CH-", number=7))
    assert read_back(sending(), [bare], LATER).order.state is OrderState.SYNCED


def test_staff_say_that_a_reviewed_order_is_there():
    progress = decide_review(read_back(sending(), [OURS, FOREIGN], LATER), "it_is_there", "a", LATER).order
    assert (progress.state, progress.crm_order_id, progress.sent) == (OrderState.SYNCED, "a", ORDER)


def test_staff_have_a_reviewed_order_sent_again_from_the_start():
    progress = decide_review(read_back(sending(2), [], LATER), "send_again", None, LATER).order
    assert (progress.state, progress.attempts, progress.number) == (OrderState.PENDING, 0, 7)


def test_history_holds_no_personal_data():
    written = str(done(sending(), "a", NOW).history).lower()
    assert "anna" not in written
    assert "berg" not in written
