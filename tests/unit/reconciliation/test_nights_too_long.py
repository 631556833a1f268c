"""Late visits whose look takes too long are left out of a night; those of the last days are compared."""

from datetime import datetime, timedelta

import pytest

from cellarhand.domain.orders.order import ListedOrder
from tests.fakes.crm import InMemoryCrm, Step
from tests.unit.order_sync.given import reservation
from tests.unit.order_sync.runner import TimeLeft
from tests.unit.reconciliation import ledger
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_late_visits import nights
from tests.unit.reconciliation.test_nightly import differences, night
from tests.unit.reconciliation.test_settled_late import in_review, settle


class Slow:
    """Each list of orders takes so many seconds of its invocation."""

    def __init__(self, crm: InMemoryCrm, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
        self._time = TimeLeft()
        self._seconds = seconds
        self._list = crm.list_orders
        monkeypatch.setattr(ledger, "TimeLeft", self._begun)
        monkeypatch.setattr(crm, "list_orders", self._listed)

    def _begun(self, seconds: float) -> TimeLeft:
        self._time = TimeLeft(seconds)
        return self._time

    def _listed(self, *, around: tuple[datetime, datetime], timeout: float) -> list[ListedOrder]:
        self._time.seconds -= self._seconds
        return self._list(around=around, timeout=timeout)


def settled_long_after() -> Bookkeeping:
    """A review of ten weeks ago that staff settled today, and a visit of yesterday whose order got lost."""
    winery = in_review()
    winery.clock.advance(days=70)
    winery.crm.always("create_order", Step.NORMAL)
    day = winery.clock.now().date() - timedelta(days=1)
    winery.keep(reservation("r-8", snapshot={"number": 8, "starts_at": f"{day}T11:00"}))
    winery.sync()
    winery.crm.remove_order(8)
    settle(winery)
    return winery


def test_visits_of_the_last_days_are_compared_although_late_ones_take_too_long(
    monkeypatch: pytest.MonkeyPatch,
):
    winery = settled_long_after()
    Slow(winery.crm, 5, monkeypatch)
    told = nights(winery)
    assert [each for each in told if each != (0, 0)] == [(1, 8000)] * 2
    assert winery.metric("NightlyBooks", outcome="late_left_out") == 3
    assert winery.metric("BooksGivenUp") == 3


def test_a_crm_that_is_quick_enough_is_asked_for_both(monkeypatch: pytest.MonkeyPatch):
    winery = settled_long_after()
    winery.crm.void_order("by-hand")
    Slow(winery.crm, 1, monkeypatch)
    night(winery)
    assert differences(winery) == (2, 16000)
    assert winery.metric("BooksGivenUp") == 0


def test_a_hasty_invocation_leaves_nothing_out(monkeypatch: pytest.MonkeyPatch):
    winery = settled_long_after()
    winery.crm.void_order("by-hand")
    with monkeypatch.context() as first:
        Slow(winery.crm, 5, first)
        night(winery)
    assert differences(winery) == (0, 0)
    night(winery)
    assert differences(winery) == (2, 16000)
    assert winery.metric("BooksGivenUp") == 0
