"""A run may go on for days: the nights that compare what it sent are planned before its end."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import pytest

from cellarhand.domain.order_sync.run_results import OrderResult
from cellarhand.domain.order_sync.sent_span import SentEvidence
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.records import Record
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records
from cellarhand.use_cases.reconciliation import plan_checks
from cellarhand.use_cases.reconciliation.plan_checks import PlanChecks, next_night
from cellarhand.use_cases.tenants.read_tenant import tenant_record
from tests.unit.order_sync.given import LINKED, TENANT, reservation
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_nightly import differences, night

IN_TIME = {"number": 7}


def goes_on(
    winery: Bookkeeping, *in_time: dict[str, Any], waiting: Mapping[str, Any] = MappingProxyType({})
) -> SyncRun:
    """A run that has sent these, and waits for a guest."""
    for each in in_time:
        winery.keep(reservation(f"r-{each['number']}", snapshot=each))
    winery.keep(reservation("waits", snapshot={"number": 99, **waiting}, customer={"state": "pending"}))
    run = winery.start()
    winery.drain()
    return run


def guest_is_known(winery: Bookkeeping) -> None:
    winery.ledger.save(winery.record("waits").model_copy(update={"customer": LINKED}))


def looks_before_the_end(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When a run looks whether a night is planned, before it does so at its end."""
    looks: list[datetime] = []

    def counted(ledger: Records, tenant: TenantRecord, after: datetime) -> list[Record]:
        looks.append(after)
        return next_night(ledger, tenant, after)

    def uncounted(self: PlanChecks, run: SyncRun, now: datetime) -> list[Record]:
        before = list(looks)
        planned = of_ended_run(self, run, now)
        looks[:] = before
        return planned

    of_ended_run = PlanChecks.of_ended_run
    monkeypatch.setattr(PlanChecks, "of_ended_run", uncounted)

    monkeypatch.setattr(plan_checks, "next_night", counted)
    return looks


def test_a_visit_is_compared_although_its_run_ends_after_its_nights():
    winery = Bookkeeping()
    winery.clock.advance(days=1.5)
    run = goes_on(winery, IN_TIME)
    winery.crm.remove_order(7)
    night(winery)
    assert differences(winery) == (1, 8000)
    assert not winery.run(run).is_over


def test_what_the_run_sends_a_day_later_has_a_night_of_its_own():
    winery = Bookkeeping()
    ahead = {"starts_at": "2026-06-10T11:00"}
    winery.keep(reservation("too", snapshot={"number": 98, **ahead}, customer={"state": "pending"}))
    run = goes_on(winery, {**IN_TIME, "starts_at": "2026-06-20T11:00"}, waiting=ahead)
    night(winery)
    assert [work.due.day for work in winery.planned("nightly_check")] == [21]
    guest_is_known(winery)
    while winery.order_of("waits").state is not OrderState.SYNCED:
        winery.clock.advance(seconds=60)
        winery.drain()
    assert not winery.run(run).is_over
    assert [work.due.day for work in winery.planned("nightly_check")] == [8, 21]


@pytest.mark.parametrize(("count", "times"), [(10, 0), (25, 0), (60, 1), (150, 1)])
def test_a_run_looks_for_its_night_with_the_first_that_it_sent_unless_it_ends(
    count: int, times: int, monkeypatch: pytest.MonkeyPatch
):
    winery = Bookkeeping()
    winery.keep_many(count)
    looks = looks_before_the_end(monkeypatch)
    winery.sync()
    assert len(looks) == times
    assert len(winery.planned("nightly_check")) == 1


def test_what_two_chunks_of_a_run_tell_at_once_is_noted_apart():
    winery = Bookkeeping()
    winery.clock.advance(days=7)
    run, now = winery.start(), winery.clock.now()
    tenant = tenant_record(winery.outside.settings, TENANT)
    told = SentEvidence(first_sent_at=now, confirmed_at=now, visit_date=date(2026, 6, 5))
    result = OrderResult(reservation_id="r-1", order_state=OrderState.SYNCED, sent=told)
    chunks = [run, run.model_copy(update={"chunks": 1})]
    notes = [winery.follow_up().of_results(tenant, each, [result], now)[0] for each in chunks]
    assert len({note.key for note in notes}) == len(chunks)
