"""A night reads the list of late visits page by page, newest first, and no further than it has to."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cellarhand.domain.reconciliation.late_syncs import LateSyncs
from cellarhand.use_cases.reconciliation import compare_night
from cellarhand.use_cases.reconciliation.plan_checks import late_visits
from cellarhand.use_cases.tenants.read_tenant import tenant_record
from tests.unit.order_sync.given import TENANT, reservation
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_nightly import differences, night

A_PAGE = 100


def note(winery: Bookkeeping, count: int, **since: float) -> list[str]:
    """So many notes, told so long ago, of one reservation each."""
    told = winery.clock.now() - timedelta(**since)
    ids = [f"late-{told:%d%H}-{n:03d}" for n in range(count)]
    for id_ in ids:
        winery.ledger.save(
            LateSyncs(tenant_id=TENANT, confirmed_at=told, name=id_, reservation_ids=(id_,)),
        )
    return ids


def listed(winery: Bookkeeping) -> list[str]:
    tenant = tenant_record(winery.outside.settings, TENANT)
    return sorted(late_visits(winery.ledger, tenant, winery.clock.now()).ids)


def pages_read(winery: Bookkeeping, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Where each page begins, as it is read."""
    begun: list[str | None] = []
    read = winery.ledger.list_records

    def list_records(*args: Any, **options: Any) -> Any:
        begun.append(options["after"])
        return read(*args, **options)

    monkeypatch.setattr(winery.ledger, "list_records", list_records)
    return begun


def test_all_pages_of_the_last_days_are_read():
    winery = Bookkeeping()
    assert listed(winery) == []
    ids = [id_ for day in range(3) for id_ in note(winery, A_PAGE, days=day)]
    assert listed(winery) == sorted(ids)


def test_what_was_told_earlier_is_not_read_page_by_page(monkeypatch: pytest.MonkeyPatch):
    winery = Bookkeeping()
    note(winery, 3 * A_PAGE, days=4)
    ids = note(winery, 1)
    begun = pages_read(winery, monkeypatch)
    assert listed(winery) == ids
    assert len(begun) == 1


def test_a_page_of_notes_that_have_expired_is_the_last():
    """The table drops them days later, and lists nothing of them till then."""
    winery = Bookkeeping()
    note(winery, A_PAGE + 4, days=5.5)
    assert listed(winery) == []
    ids = note(winery, A_PAGE, days=1)
    assert listed(winery) == ids


def test_a_night_is_compared_although_old_notes_have_expired():
    winery = Bookkeeping()
    note(winery, A_PAGE + 4, days=5.5)
    winery.keep(reservation(snapshot={"number": 7}))
    winery.sync()
    winery.crm.remove_order(7)
    night(winery)
    assert differences(winery) == (1, 8000)


@pytest.mark.parametrize("crm", ["answers", "fails"])
def test_a_fault_in_planning_the_next_night_ends_this_one_all_the_same(
    crm: str, monkeypatch: pytest.MonkeyPatch
):
    winery = Bookkeeping()
    winery.keep(reservation(snapshot={"number": 7}))
    winery.sync()
    monkeypatch.setattr(compare_night, "has_visits", None)
    if crm == "fails":
        monkeypatch.setattr(compare_night, "late_visits", None)
    [first] = winery.planned("nightly_check")
    for _ in range(25):
        [work] = winery.planned("nightly_check")
        if work.due.date() != first.due.date() and work.tries == 0:
            break
        winery.wait_for(work)
        with pytest.raises(TypeError):
            winery.run_checks()
    assert winery.metric("NightlyBooks", outcome="compared" if crm == "answers" else "given_up") == 1
    assert winery.metric("BooksGivenUp") == (crm == "fails")
    assert _days_after(first.due, winery) == 1


def _days_after(due: datetime, winery: Bookkeeping) -> float:
    [work] = winery.planned("nightly_check")
    return (work.due - due) / timedelta(days=1)
