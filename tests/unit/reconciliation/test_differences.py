"""Where our books and the CRM's differ, one kind at a time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from cellarhand.domain.orders.order_diff import OrderContext
from cellarhand.domain.orders.remedy import Remedy
from cellarhand.domain.reconciliation.difference import Difference
from cellarhand.domain.reconciliation.ledger_side import Sum
from cellarhand.domain.reservations.changes_after_sync import (
    applied_in_crm,
    keep_order_source,
    with_changes_since_sync,
)
from cellarhand.domain.reservations.reservation import ReservationRecord
from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm, Step
from tests.unit.order_sync.given import SETTINGS, SKUS, ZONE, reservation, snapshot
from tests.unit.order_sync.test_bad_records import unreadable
from tests.unit.reconciliation.ledger import Bookkeeping

Tamper = Callable[[Bookkeeping], object]
DIFFERENT_DAY = date(2026, 6, 20)


def synced(crm: InMemoryCrm | None = None, **settings: Any) -> Bookkeeping:
    """Two reservations of 80.00, both in the CRM under numbers 7 and 8."""
    winery = Bookkeeping(crm, **settings)
    winery.keep(reservation("r-7", snapshot={"number": 7}), reservation("r-8", snapshot={"number": 8}))
    winery.sync()
    winery.pass_read_lag()
    return winery


def told(difference: Difference) -> tuple[str, str | None, object, object]:
    return difference.kind.value, difference.reservation_id, difference.ours, difference.theirs


def remove(winery: Bookkeeping, number: int = 7) -> None:
    winery.crm.remove_order(number)


def change(winery: Bookkeeping, **changes: Any) -> None:
    """Staff there change the order of number 7."""
    id_ = winery.order_of("r-7").crm_order_id
    copy = winery.order_of("r-7").sent
    assert copy is not None
    winery.crm.remove_order(7)
    winery.crm.put_order(copy.model_copy(update=changes), id_)


def cancel_before_it_is_sent(winery: Bookkeeping) -> None:
    cancelled = reservation("r-9", snapshot={"number": 9, "state": "cancelled"})
    order = cancelled.order.model_copy(update={"number": 9, "prefix": "CH-"})
    winery.keep(cancelled.model_copy(update={"order": order}))
    winery.foreign("CH-", 9)


def cheaper(winery: Bookkeeping) -> ReservationRecord:
    """The engine lowers the fee of a reservation that is in the CRM already."""
    record = winery.record("r-7")
    lower = record.model_copy(
        update={"order": keep_order_source(record), "snapshot": snapshot(number=7, fee_per_guest=3000)}
    )
    changed = with_changes_since_sync(lower, OrderContext(SETTINGS, ZONE))
    return winery.ledger.save(changed.model_copy(update={"adjustment_id": "adj-1"}))


def carry_over(winery: Bookkeeping, remedy: Remedy = Remedy.VOID_AND_ENTER_AGAIN) -> None:
    """Staff say that the CRM's order is right again."""
    record = applied_in_crm(cheaper(winery), remedy, OrderContext(SETTINGS, ZONE), winery.clock.now())
    winery.ledger.save(record)


CASES: dict[str, tuple[Tamper, tuple[str, str | None, object, object], int, int]] = {
    # what was done                   kind, reservation, ours, theirs                       money    off by
    "gone from the CRM": (remove, ("missing_in_crm", "r-7", 8000, None), -8000, 8000),
    "executed twice": (lambda w: w.copy_in_crm(7), ("twice_in_crm", "r-7", 8000, 16000), 8000, 8000),
    "another total there": (lambda w: change(w, total=7999), ("other_money", "r-7", 8000, 7999), -1, 1),
    "another day there": (
        lambda w: change(w, pickup_date=DIFFERENT_DAY),
        ("other_date", "r-7", date(2026, 6, 5), DIFFERENT_DAY),
        0,
        0,
    ),
    "there without being sent": (
        cancel_before_it_is_sent,
        ("in_crm_not_synced", "r-9", None, 8000),
        8000,
        8000,
    ),
    "our prefix, no reservation": (
        lambda w: w.foreign("CH-", 4711),
        ("unknown_in_crm", None, None, 8000),
        8000,
        8000,
    ),
}


@pytest.mark.parametrize(("tamper", "expected", "money", "off"), CASES.values(), ids=CASES.keys())
def test_what_differs_is_told_once_with_its_money(
    tamper: Tamper, expected: tuple[str, str | None, object, object], money: int, off: int
):
    winery = synced()
    tamper(winery)
    found = winery.reconcile()
    [difference] = found.differences
    assert told(difference) == expected
    assert found.crm.sums.money_difference == money
    assert found.actionable == Sum(records=1, money=off)


def test_books_that_agree_have_no_difference():
    found = synced().reconcile()
    assert (found.differences, found.crm.state, found.actionable) == ([], "compared", Sum())
    assert found.crm.sums.expected == found.crm.sums.found == Sum(records=2, money=16000)


def test_a_change_after_the_order_went_out_is_an_open_adjustment_and_needs_no_alarm():
    winery = synced()
    cheaper(winery)
    found = winery.reconcile()
    assert [told(d) for d in found.differences] == [("open_adjustment", "r-7", 6000, 8000)]
    assert found.differences[0].adjustment_id == "adj-1"
    assert found.actionable == Sum()


@pytest.mark.parametrize("tamper", [remove, lambda w: change(w, total=6000)], ids=["voided", "changed"])
def test_what_staff_have_carried_over_is_a_late_change(tamper: Tamper):
    winery = synced()
    carry_over(winery)
    tamper(winery)
    found = winery.reconcile()
    assert [told(d) for d in found.differences] == [("late_change", "r-7", 6000, 8000)]
    assert (found.actionable, found.crm.sums.money_difference) == (Sum(), 0)


def test_an_order_that_staff_say_they_have_changed_and_did_not_is_told():
    winery = synced()
    carry_over(winery)
    change(winery, total=7500)
    assert [told(d)[0] for d in winery.reconcile().differences] == ["other_money", "late_change"]


def test_what_our_own_code_cannot_read_is_told():
    winery = synced()
    winery.keep(unreadable())
    found = winery.reconcile()
    assert [told(d) for d in found.differences] == [("unreadable", "bad", None, None)]
    assert (found.ledger.adds_up, found.actionable.records) == (False, 1)


def test_orders_of_other_business_are_counted_only():
    winery = synced()
    winery.foreign("", 12)
    winery.foreign("POS-", 7)
    found = winery.reconcile()
    assert (found.differences, found.crm.sums.others) == ([], 2)


def test_an_order_of_another_visit_is_neither_unknown_nor_anothers():
    winery = synced()
    winery.keep(reservation("r-10", snapshot={"number": 10, "starts_at": "2026-05-05T11:00"}))
    winery.sync()
    found = winery.reconcile()
    assert (found.differences, found.crm.sums.others) == ([], 0)


def test_an_unknown_order_for_a_day_outside_the_period_belongs_to_that_day():
    winery = synced()
    winery.foreign("CH-", 4711, pickup_date=date(2026, 7, 1))
    assert winery.reconcile().differences == []


def test_an_order_that_the_crm_may_not_show_yet_is_not_missing():
    winery = synced()
    winery.keep(reservation("r-9", snapshot={"number": 9}))
    winery.sync()
    remove(winery, 9)
    found = winery.reconcile()
    assert (found.differences, found.crm.sums.too_recent) == ([], 1)
    winery.pass_read_lag()
    assert [told(d)[:2] for d in winery.reconcile().differences] == [("missing_in_crm", "r-9")]


def test_a_send_in_the_air_is_no_difference():
    winery = synced()
    winery.keep(reservation("r-9", snapshot={"number": 9}))
    winery.crm.script("create_order", Step.UNKNOWN_EXECUTED)
    winery.start()
    winery.drain()
    found = winery.reconcile()
    assert (found.differences, found.ledger.waiting.records, found.crm.sums.others) == ([], 1, 0)


def test_where_the_crm_lists_no_orders_each_item_says_so():
    crm = InMemoryCrm(skus=SKUS, capabilities=ALL_CAPABILITIES._replace(finds_orders=False))
    found = synced(crm).reconcile()
    assert (found.crm.state, found.crm.reason) == ("not_readable", "not_supported_by_crm")
    assert [told(d)[:2] for d in found.differences] == [
        ("crm_not_readable", "r-7"),
        ("crm_not_readable", "r-8"),
    ]
    assert found.ledger.adds_up


@pytest.mark.parametrize(
    ("step", "reason"),
    [(Step.UNAVAILABLE, "crm_unavailable"), (Step.LOGIN_REFUSED, "crm_login_refused")],
)
def test_a_crm_that_gives_no_answer_spoils_only_the_comparison(step: Step, reason: str):
    winery = synced()
    winery.crm.always("list_orders", step)
    found = winery.reconcile()
    assert (found.crm.state, found.crm.reason) == ("unavailable", reason)
    assert {d.kind.value for d in found.differences} == {"crm_unavailable"}
    assert found.ledger.synced == Sum(records=2, money=16000)


def test_days_to_come_that_nothing_was_sent_for_are_not_asked_about():
    winery = synced()
    later = winery.reconcile().period.model_copy(
        update={"from_date": date(2026, 8, 1), "to_date": date(2026, 8, 31)}
    )
    asked = len(winery.crm.calls_of("list_orders"))
    assert winery.reconcile(later).crm.state == "nothing_to_compare"
    assert len(winery.crm.calls_of("list_orders")) == asked


def windows(winery: Bookkeeping) -> list[timedelta]:
    calls = winery.crm.calls_of("list_orders")
    return [end - begin for begin, end in (call.arguments["around"] for call in calls)]


def test_a_long_time_is_read_in_pieces_of_a_week_and_no_further_than_needed():
    winery = synced()
    winery.clock.advance(days=300)
    assert winery.reconcile().differences == []
    assert len(windows(winery)) == 5
    assert max(windows(winery)) == timedelta(days=7)


def test_an_order_that_staff_changed_long_after_is_looked_for_until_today():
    winery = synced()
    winery.clock.advance(days=300)
    change(winery, total=7000)
    assert [told(d)[0] for d in winery.reconcile().differences] == ["other_money"]
