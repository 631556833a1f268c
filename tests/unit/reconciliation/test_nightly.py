"""Each night the books of the last days are compared, as long as there is anything to compare."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cellarhand.domain.reconciliation.checks import NIGHT_SPREAD_SECONDS, nightly_check
from cellarhand.use_cases.reconciliation import ledger_reader
from tests.fakes.crm import Step
from tests.unit.order_sync.given import TENANT, ZONE, reservation
from tests.unit.reconciliation.ledger import Bookkeeping


def night(winery: Bookkeeping) -> None:
    """Let time pass until the next night's work is due, and do it."""
    [work] = winery.planned("nightly_check")
    winery.wait_for(work)
    winery.run_checks()


def synced() -> Bookkeeping:
    """A visit of 5 June, synced on the 6th."""
    winery = Bookkeeping()
    winery.keep(reservation(snapshot={"number": 7}))
    winery.sync()
    return winery


def differences(winery: Bookkeeping) -> tuple[float, float]:
    of = [winery.metric("ReconciliationDifference", of=what) for what in ("records", "money")]
    return of[0], of[1]


@pytest.mark.parametrize(
    ("zone", "after", "local"),
    [
        ("America/Los_Angeles", "2026-06-06T12:00Z", "2026-06-07T04"),
        ("America/Los_Angeles", "2026-06-06T10:00Z", "2026-06-06T04"),
        ("Europe/Lisbon", "2026-10-25T00:30Z", "2026-10-25T04"),
        ("America/Los_Angeles", "2026-03-08T08:30Z", "2026-03-08T04"),
        ("Pacific/Auckland", "2026-06-06T16:45Z", "2026-06-08T04"),
    ],
)
def test_the_night_begins_at_four_by_the_winerys_clock(zone: str, after: str, local: str):
    begun = datetime.fromisoformat(after)
    due = nightly_check(TENANT, zone, begun).due
    four = datetime.fromisoformat(f"{local}:00").replace(tzinfo=ZoneInfo(zone))
    assert timedelta(0) <= due - four < timedelta(seconds=NIGHT_SPREAD_SECONDS)
    assert begun < due
    assert due.tzinfo is UTC


def test_nights_of_wineries_in_one_zone_do_not_all_begin_at_once():
    begun = datetime(2026, 6, 6, 12, tzinfo=UTC)
    assert len({nightly_check(f"winery-{n}", ZONE, begun).due for n in range(100)}) > 80


def test_runs_of_one_day_plan_one_night():
    winery = synced()
    winery.keep(reservation("r-8", snapshot={"number": 8}))
    winery.sync()
    assert len(winery.planned("nightly_check")) == 1


def test_a_run_that_found_no_reservation_plans_none():
    winery = Bookkeeping()
    winery.sync()
    assert winery.planned() == []


def test_books_that_agree_publish_a_difference_of_nothing():
    winery = synced()
    night(winery)
    counted = [m for m in winery.outside.metrics.counted if m[0] == "ReconciliationDifference"]
    assert [(value, of) for _, value, of in counted] == [(0, {"of": "records"}), (0, {"of": "money"})]
    assert winery.log == []


def test_books_that_differ_publish_by_how_much_and_name_the_tenant_in_the_log():
    winery = synced()
    winery.copy_in_crm()
    night(winery)
    assert differences(winery) == (1, 8000)
    assert winery.log == [
        (
            "nightly check found differences",
            {
                "tenant_id": TENANT,
                "records": 1,
                "money": 8000,
                "kinds": ["twice_in_crm"],
                "visits": ["2026-06-05"],
            },
        )
    ]


def test_each_visit_is_compared_on_three_nights_and_then_the_tenant_costs_nothing():
    winery = synced()
    nights = 0
    while winery.planned("nightly_check"):
        night(winery)
        nights += 1
    assert (nights, winery.metric("NightlyBooks", outcome="compared")) == (3, 3)
    assert winery.planned() == []
    reads = len(winery.crm.calls)
    winery.clock.advance(days=30)
    winery.run_checks()
    assert len(winery.crm.calls) == reads


def test_a_run_after_a_quiet_time_begins_the_nights_anew():
    winery = synced()
    while winery.planned("nightly_check"):
        night(winery)
    winery.keep(reservation("r-8", snapshot={"number": 8, "starts_at": "2026-06-09T11:00"}))
    winery.sync()
    assert len(winery.planned("nightly_check")) == 1


def test_a_silent_crm_is_compared_with_later_the_same_night():
    winery = synced()
    winery.copy_in_crm()
    winery.crm.script("list_orders", Step.UNAVAILABLE)
    night(winery)
    assert differences(winery) == (0, 0)
    night(winery)
    assert differences(winery) == (1, 8000)


def test_a_night_that_cannot_be_compared_gives_way_to_the_next():
    winery = synced()
    winery.crm.always("list_orders", Step.LOGIN_REFUSED)
    first = winery.planned("nightly_check")[0].due
    while not winery.metric("NightlyBooks", outcome="given_up"):
        night(winery)
    [following] = winery.planned("nightly_check")
    assert following.due == first + timedelta(days=1)


def test_a_winery_without_a_crm_is_not_waited_for():
    winery = synced()
    winery.outside.crm.without_login.add(TENANT)
    night(winery)
    assert winery.metric("NightlyBooks", outcome="unavailable") == 1
    assert differences(winery) == (0, 0)


def test_two_runners_do_a_nights_work_once():
    winery = synced()
    [work] = winery.planned("nightly_check")
    winery.wait_for(work)
    with winery.lease_held():
        winery.run_checks()
    assert winery.planned("nightly_check") == [work]
    winery.run_checks()
    assert winery.metric("NightlyBooks") == 1


def test_a_visit_that_was_synced_ahead_is_compared_after_it_has_taken_place():
    winery = Bookkeeping()
    winery.keep(reservation(snapshot={"number": 7, "starts_at": "2026-06-20T11:00"}))
    winery.sync()
    night(winery)
    [work] = winery.planned("nightly_check")
    assert work.due.astimezone(ZoneInfo(ZONE)).date().isoformat() == "2026-06-21"
    winery.copy_in_crm()
    night(winery)
    assert differences(winery) == (1, 8000)


def test_a_night_that_is_never_compared_is_counted_for_an_alarm():
    winery = synced()
    winery.crm.always("list_orders", Step.UNAVAILABLE)
    while not winery.metric("NightlyBooks", outcome="given_up"):
        night(winery)
    assert winery.metric("BooksGivenUp") == 1


def test_a_night_of_too_many_reservations_is_counted_for_an_alarm(monkeypatch: pytest.MonkeyPatch):
    winery = synced()
    monkeypatch.setattr(ledger_reader.ledger_entries, "__defaults__", (0,))
    night(winery)
    assert winery.metric("BooksGivenUp") == 1
