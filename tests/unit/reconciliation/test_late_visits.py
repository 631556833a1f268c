"""Orders that went out, or were settled, days after their visits are compared on three nights, too."""

from datetime import date, timedelta
from typing import Any

import pytest

from cellarhand.domain.reconciliation.checks import night_of
from cellarhand.domain.reconciliation.late_syncs import LATE_PREFIX, LateSyncs
from cellarhand.domain.records import tenant_partition
from cellarhand.use_cases.reconciliation import compare_night
from tests.fakes.crm import Step
from tests.unit.order_sync.given import TENANT, ZONE, reservation
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_nightly import differences, night


def synced_late(days: float = 7, **visit: Any) -> Bookkeeping:
    """A visit of 5 June, synced so many days after the 6th."""
    winery = Bookkeeping()
    winery.clock.advance(days=days)
    winery.keep(reservation(snapshot={"number": 7, **visit}))
    winery.sync()
    return winery


def nights(winery: Bookkeeping) -> list[tuple[float, float]]:
    """What each of them publishes, until none is planned."""
    published = []
    while winery.planned("nightly_check"):
        before = differences(winery)
        night(winery)
        after = differences(winery)
        published.append((after[0] - before[0], after[1] - before[1]))
    return published


def noted(winery: Bookkeeping) -> list[tuple[str, ...]]:
    page = winery.ledger.list_records(LateSyncs, tenant_partition(TENANT), LATE_PREFIX)
    return [one.reservation_ids for one in page.items]


@pytest.mark.parametrize("days", [2, 7, 365])
def test_a_visit_that_was_synced_late_is_compared_on_three_nights(days: int):
    winery = synced_late(days)
    winery.crm.remove_order(7)
    assert nights(winery) == [(1, 8000)] * 3


@pytest.mark.parametrize("day", ["2026-06-13", "2026-10-30", "2026-11-01", "2027-03-13", "2027-03-14"])
@pytest.mark.parametrize("minutes", [-10, 0, 1, 59, 61])
def test_there_are_three_nights_whatever_the_clocks_do(day: str, minutes: int):
    """They change on 1 November and 14 March, before the night begins."""
    winery = Bookkeeping()
    begun = night_of(TENANT, ZONE, date.fromisoformat(day)) + timedelta(minutes=minutes)
    winery.clock.advance(seconds=(begun - winery.clock.now()).total_seconds())
    winery.keep(reservation(snapshot={"number": 7}))
    winery.sync()
    winery.crm.remove_order(7)
    assert nights(winery) == [(1, 8000)] * 3


def test_the_third_night_compares_late_visits_when_it_is_postponed_too():
    winery = Bookkeeping()
    begun = night_of(TENANT, ZONE, date(2026, 6, 13))
    winery.clock.advance(seconds=(begun - winery.clock.now()).total_seconds())
    winery.keep(reservation(snapshot={"number": 7}))
    winery.sync()
    winery.crm.remove_order(7)
    night(winery)
    night(winery)
    winery.crm.script("list_orders", Step.UNAVAILABLE)
    night(winery)
    assert nights(winery) == [(1, 8000)]


@pytest.mark.parametrize(("days", "late"), [(0, []), (1.75, []), (1.8, [("r-1",)])])
def test_a_visit_is_late_three_days_after_it_by_the_winerys_date(days: float, late: list[tuple[str, ...]]):
    """At 12:00 UTC it is 05:00 there."""
    assert noted(synced_late(days)) == late


def test_what_another_run_synced_is_not_noted_again():
    winery = synced_late()
    winery.clock.advance(days=1)
    winery.sync()
    assert noted(winery) == [("r-1",)]


def test_a_visit_that_both_the_days_and_the_list_name_is_counted_once():
    winery = synced_late(1.85)
    assert noted(winery) == [("r-1",)]
    winery.crm.remove_order(7)
    night(winery)
    assert differences(winery) == (1, 8000)


def test_a_visit_that_two_notes_name_is_counted_once():
    winery = synced_late()
    told = winery.clock.now()
    note = LateSyncs(tenant_id=TENANT, confirmed_at=told, name="again", reservation_ids=("r-1",))
    winery.ledger.save(note)
    winery.crm.remove_order(7)
    night(winery)
    assert differences(winery) == (1, 8000)


def test_late_visits_are_compared_beside_those_of_the_last_days():
    winery = synced_late()
    winery.keep(reservation("r-8", snapshot={"number": 8, "starts_at": "2026-06-12T11:00"}))
    winery.sync()
    winery.crm.remove_order(7)
    winery.crm.remove_order(8)
    night(winery)
    assert differences(winery) == (2, 16000)


def test_a_year_old_visit_costs_one_read_of_the_crm_a_night():
    winery = synced_late(365)
    night(winery)
    assert len(winery.crm.calls_of("list_orders")) == 1


def test_all_that_one_run_synced_late_is_compared():
    winery = Bookkeeping()
    winery.clock.advance(days=7)
    ids = winery.keep_many(60)
    winery.sync()
    assert sorted(id_ for some in noted(winery) for id_ in some) == ids
    for number in winery.numbers:
        winery.crm.remove_order(number)
    night(winery)
    assert differences(winery) == (60, 60 * 8000)


def test_late_visits_that_agree_tell_nothing():
    winery = synced_late()
    assert nights(winery) == [(0, 0)] * 3
    assert winery.log == []


def test_nights_are_planned_while_a_run_still_waits_for_others():
    winery = Bookkeeping()
    winery.clock.advance(days=7)
    winery.keep(reservation(snapshot={"number": 7}))
    winery.keep(reservation("r-2", customer={"state": "pending"}))
    winery.start()
    winery.drain()
    assert len(winery.planned("nightly_check")) == 1


def test_what_a_run_left_without_an_answer_when_it_was_ended_is_noted():
    winery = Bookkeeping()
    winery.clock.advance(days=7)
    winery.keep(reservation(snapshot={"number": 7}))
    winery.crm.script("create_order", Step.UNKNOWN_EXECUTED)
    run = winery.start()
    winery.drain()
    assert noted(winery) == []
    winery.crm.always("find_orders", Step.LOGIN_REFUSED)
    winery.drain_until_over(run)
    assert winery.told(run).state == "failed"
    assert noted(winery) == [("r-1",)]


def test_of_more_late_visits_than_a_night_can_compare_operators_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compare_night, "MAX_LATE", 1)
    winery = synced_late()
    winery.keep(reservation("r-8", snapshot={"number": 8}))
    winery.sync()
    winery.crm.remove_order(8)
    night(winery)
    assert differences(winery) == (1, 8000)
    assert winery.metric("BooksGivenUp") == 1
