"""A day later every order that was sent is looked at once more: the CRM may have executed it twice."""

from datetime import timedelta

import pytest

from cellarhand.domain.order_sync.sent_span import SentEvidence, SentSpan, widen
from cellarhand.domain.reconciliation.checks import DUPLICATE_CHECK_DELAY
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.use_cases.reconciliation.detect_duplicate_orders import FOUND_LATE, FOUND_TWICE
from cellarhand.use_cases.tenants.read_tenant import settings_record
from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm, Step
from tests.fakes.time import FakeClock
from tests.unit.order_sync.given import NOW, SKUS, TENANT, reservation
from tests.unit.reconciliation.ledger import Bookkeeping

AN_HOUR = timedelta(hours=1)


def synced(*steps: Step, **capabilities: bool) -> Bookkeeping:
    """One reservation, number 7, whose order went out as the steps say."""
    winery = Bookkeeping()
    if capabilities:
        crm = InMemoryCrm(
            skus=SKUS, now=winery.clock.now, capabilities=ALL_CAPABILITIES._replace(**capabilities)
        )
        winery.crm = winery.outside.crm.crm = crm
    winery.keep(reservation(snapshot={"number": 7}))
    winery.crm.script("create_order", *steps)
    winery.sync()
    return winery


def audited(winery: Bookkeeping) -> None:
    for work in winery.planned("duplicate_check"):
        winery.wait_for(work)
    winery.run_checks()


def test_a_run_that_sent_something_plans_a_second_look_a_day_later():
    winery = synced()
    (work,) = winery.planned("duplicate_check")
    assert work.due == NOW + DUPLICATE_CHECK_DELAY
    assert work.due_at == work.due


@pytest.mark.parametrize("seconds_before", [1, 86_400])
def test_nothing_is_looked_at_before_its_time(seconds_before: int):
    winery = synced()
    winery.clock.advance(seconds=86_400 - seconds_before)
    winery.run_checks()
    assert winery.metric("LateAudits") == 0
    assert winery.planned("duplicate_check")


def test_a_run_that_sent_nothing_plans_none():
    winery = Bookkeeping()
    winery.keep(reservation(snapshot={"paid": 0}))
    winery.sync()
    assert winery.planned("duplicate_check") == []


def test_one_order_each_is_as_it_should_be_and_read_once():
    winery = synced()
    audited(winery)
    looks = [call.arguments["around"] for call in winery.crm.calls_of("list_orders")]
    skew = timedelta(seconds=60)
    assert looks.count((NOW - skew, NOW + DUPLICATE_CHECK_DELAY + skew)) == 1
    assert winery.metric("LateAudits", outcome="clean") == 1
    assert (winery.metric("OrdersFoundTwice"), winery.log) == (0, [])
    assert winery.planned("duplicate_check") == []


def test_a_second_order_of_one_number_is_counted_told_and_left_to_staff():
    winery = synced()
    first = winery.order_of().crm_order_id
    second = winery.copy_in_crm()
    audited(winery)
    assert winery.metric("OrdersFoundTwice") == 1
    order = winery.order_of()
    assert (order.state, order.reason, order.crm_order_id) == (OrderState.SYNCED, FOUND_TWICE, first)
    assert order.message == f"The CRM has under CH-7: {first}, {second}"
    [ids] = [ids for what, ids in winery.log if what == "unexpected order in the CRM"]
    assert (ids["tenant_id"], ids["reservation_id"]) == (TENANT, "r-1")


def test_what_was_told_is_not_told_again():
    winery = synced()
    winery.copy_in_crm()
    audited(winery)
    winery.keep(reservation("r-2", snapshot={"number": 8}))
    winery.sync()
    audited(winery)
    assert winery.metric("OrdersFoundTwice") == 1


def test_an_order_that_turns_up_for_a_reservation_that_waits_is_never_sent_again():
    winery = synced()
    winery.keep(reservation("r-2", snapshot={"number": 8}))
    winery.crm.script("create_order", Step.NOT_DONE)
    run = winery.start()
    winery.drain()
    winery.foreign("CH-", 8)
    audited(winery)
    order = winery.order_of("r-2")
    assert (order.state, order.reason) == (OrderState.REVIEW, FOUND_LATE)
    winery.drain_until_over(run)
    assert winery.numbers.count(8) == 1


def test_what_is_in_the_air_is_left_to_its_own_read_back():
    winery = synced()
    winery.keep(reservation("r-2", snapshot={"number": 8}))
    winery.clock.advance(seconds=86_400 - 60)
    winery.crm.script("create_order", Step.UNKNOWN_EXECUTED)
    winery.start()
    winery.drain()
    winery.clock.advance(seconds=60)
    winery.run_checks()
    assert winery.order_of("r-2").state is OrderState.UNKNOWN
    assert winery.metric("OrdersFoundTwice") == 0


def test_an_order_of_another_business_is_nobodys_concern():
    winery = synced()
    for prefix in ("", "POS-"):
        winery.foreign(prefix, 7)
        winery.foreign(prefix, 7)
    audited(winery)
    assert winery.metric("LateAudits", outcome="clean") == 1


def test_orders_under_an_earlier_prefix_are_looked_at_too():
    winery = synced()
    winery.copy_in_crm()
    stored = settings_record(winery.outside.settings, TENANT)
    decided = stored.settings.model_copy(update={"order_prefix": "NEW-"})
    winery.outside.settings.save(stored.model_copy(update={"settings": decided}))
    winery.foreign("NEW-", 4711)
    audited(winery)
    assert winery.metric("OrdersFoundTwice") == 1


def test_what_a_read_back_has_shown_to_staff_is_not_told_again():
    winery = synced()
    winery.keep(reservation("r-2", snapshot={"number": 8}))
    winery.crm.script("create_order", Step.UNKNOWN_EXECUTED)
    run = winery.start()
    winery.drain()
    winery.copy_in_crm(8)
    winery.drain_until_over(run)
    assert winery.order_of("r-2").reason == "duplicates_found"
    audited(winery)
    assert winery.metric("OrdersFoundTwice") == 0


def test_a_crm_without_a_list_of_orders_is_asked_once_and_said_to_have_none():
    winery = synced(finds_orders=False)
    audited(winery)
    assert winery.metric("LateAudits", outcome="not_readable") == 1
    assert winery.planned("duplicate_check") == []


def test_a_silent_crm_is_asked_again_later():
    winery = synced()
    winery.copy_in_crm()
    winery.crm.script("list_orders", Step.UNAVAILABLE, Step.UNAVAILABLE)
    audited(winery)
    (later,) = winery.planned("duplicate_check")
    assert (later.tries, later.due) == (1, winery.clock.now() + timedelta(seconds=10))
    audited(winery)
    audited(winery)
    assert winery.metric("OrdersFoundTwice") == 1


def test_after_two_days_of_silence_it_is_given_up():
    winery = synced()
    winery.crm.always("list_orders", Step.UNAVAILABLE)
    for _ in range(60):
        audited(winery)
    assert winery.planned("duplicate_check") == []
    assert winery.metric("LateAudits", outcome="given_up") == 1
    assert timedelta(days=2) < winery.clock.now() - NOW - DUPLICATE_CHECK_DELAY < timedelta(days=2.5)


def test_an_invocation_with_little_time_left_leaves_it_to_the_next():
    winery = synced()
    winery.clock.advance(days=1)
    winery.run_checks(seconds=20)
    assert winery.crm.calls_of("list_orders") == []
    winery.run_checks()
    assert winery.metric("LateAudits", outcome="clean") == 1


def told(first: float, at: float) -> SentEvidence:
    visit = NOW.date()
    return SentEvidence(
        first_sent_at=NOW + first * AN_HOUR, confirmed_at=NOW + at * AN_HOUR, visit_date=visit
    )


def test_a_span_holds_all_that_was_told_into_it():
    span = widen(None, [told(0, 1), told(-2, 3)])
    assert span == SentSpan(sent_from=NOW - 2 * AN_HOUR, since=NOW + AN_HOUR, until=NOW + 3 * AN_HOUR)
    assert widen(span, []) == span
    assert widen(None, []) is None


def test_what_is_told_an_hour_later_is_looked_at_a_day_after_that():
    span = widen(None, [told(0, 0)])
    assert span is not None
    assert not span.is_over_before([])
    assert not span.is_over_before([told(0, 0.9)])
    assert span.is_over_before([told(1, 1)])


def test_a_run_that_rests_for_hours_plans_a_look_for_each_of_its_orders():
    winery = Bookkeeping()
    winery.keep_many(2)
    winery.crm.script("create_order", Step.NORMAL, Step.UNKNOWN_NOT_EXECUTED)
    run = winery.start()
    winery.drain()
    first = winery.clock.now()
    winery.clock.advance(seconds=5 * 3600)
    winery.drain_until_over(run)
    planned = [work.due for work in winery.planned("duplicate_check")]
    assert planned == [first + DUPLICATE_CHECK_DELAY, winery.clock.now() + DUPLICATE_CHECK_DELAY]


def test_a_long_run_does_not_keep_its_first_orders_waiting_for_its_last():
    clock = FakeClock()
    crm = InMemoryCrm(
        skus=SKUS, before_call=lambda method: clock.advance(seconds=240 * (method == "create_order"))
    )
    winery = Bookkeeping(crm)
    winery.outside.clock = winery.clock = clock
    ids = winery.keep_many(60)
    winery.start()
    for _ in range(60):
        winery.drain()
    assert winery.states(ids) == {OrderState.SYNCED}
    works = winery.planned("duplicate_check")
    assert len(works) >= 2
    assert works[0].due <= NOW + DUPLICATE_CHECK_DELAY + timedelta(minutes=4)
