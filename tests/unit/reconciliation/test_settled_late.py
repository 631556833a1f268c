"""Reviews that staff settle late are compared on three nights, and found from their booking on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from cellarhand.domain.orders.order import Order, OrderNumber
from cellarhand.domain.reconciliation.late_syncs import LateSyncs
from cellarhand.domain.reservations.order_lifecycle import ReviewDecision
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.use_cases.reconciliation.ledger_reader import ExtraReservations, Period
from tests.fakes.crm import Step
from tests.unit.order_sync.given import TENANT, order, reservation, snapshot
from tests.unit.order_sync.runner import STAFF
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_late_visits import nights, noted

NOTHING: Mapping[str, Any] = MappingProxyType({})
MAX_READS = 92 // 7 + 2
"""Of the CRM, in one night."""


def entered_by_hand(settings: Mapping[str, Any], **visit: Any) -> Order:
    by_hand = OrderNumber(prefix="POS-", number=1)
    return order(snapshot(**visit), **settings).model_copy(update={"order_number": by_hand})


def in_review(
    days: float = 7, settings: Mapping[str, Any] = MappingProxyType({}), **visit: Any
) -> Bookkeeping:
    """A visit of 5 June; a run of days later never found its order, and no night is planned any more."""
    winery = Bookkeeping(**settings)
    winery.crm.put_order(entered_by_hand(settings, **visit), "by-hand")
    winery.clock.advance(days=days)
    winery.keep(reservation(snapshot={"number": 7, **visit}))
    winery.crm.always("create_order", Step.UNKNOWN_NOT_EXECUTED)
    winery.sync()
    assert winery.order_of().state is OrderState.REVIEW
    nights(winery)
    winery.clock.advance(days=5)
    return winery


def settle(winery: Bookkeeping, choice: ReviewDecision = "it_is_there") -> None:
    winery.decisions().settle_review(STAFF, TENANT, "r-1", choice, "by-hand")


def test_a_review_that_staff_settle_late_is_compared_on_three_nights():
    winery = in_review()
    settle(winery)
    winery.crm.void_order("by-hand")
    assert nights(winery) == [(1, 8000)] * 3


def test_an_order_of_before_the_send_that_staff_name_is_found():
    winery = in_review()
    settle(winery)
    assert nights(winery) == [(0, 0)] * 3


def test_an_order_that_staff_entered_before_the_visit_is_found():
    winery = in_review(starts_at="2026-06-08T11:00")
    settle(winery)
    assert nights(winery) == [(0, 0)] * 3


def test_an_order_is_looked_for_from_the_first_of_what_was_settled():
    winery = in_review()
    settle(winery)
    note = LateSyncs(
        tenant_id=TENANT,
        confirmed_at=winery.clock.now(),
        name="another",
        reservation_ids=("r-1",),
        look_from=winery.clock.now().date(),
    )
    winery.ledger.save(note)
    assert nights(winery) == [(0, 0)] * 3


def test_a_booking_of_long_ago_is_looked_back_to_as_far_as_a_night_may():
    winery = in_review(booked_at="2025-06-01T05:30:00Z")
    settle(winery)
    before = len(winery.crm.calls_of("list_orders"))
    assert nights(winery) == [(0, 0)] * 3
    assert len(winery.crm.calls_of("list_orders")) - before <= 3 * MAX_READS


@pytest.mark.parametrize("pickup_date", ["booked_date", "event_date"])
def test_an_unknown_order_of_long_ago_is_not_told_again(pickup_date: str):
    winery = in_review(settings={"pickup_date": pickup_date})
    winery.crm.put_order(order(number=777, pickup_date=pickup_date))
    winery.clock.advance(days=20)
    settle(winery)
    assert nights(winery) == [(0, 0)] * 3


def test_an_unknown_order_of_these_days_is_told():
    winery = in_review(settings={"pickup_date": "booked_date"})
    winery.clock.advance(days=20)
    settle(winery)
    winery.crm.put_order(order(number=777))
    assert nights(winery)[0] == (1, 8000)


def test_an_order_first_sent_long_ago_costs_no_look_back():
    """A review of last year that is sent once more."""
    winery = in_review()
    winery.clock.advance(days=365)
    settle(winery, "send_again")
    winery.crm.always("create_order", Step.NORMAL)
    winery.sync()
    assert winery.order_of().state is OrderState.SYNCED
    before = len(winery.crm.calls_of("list_orders"))
    day = winery.clock.now().date()
    found = winery.reconciler()(
        TENANT, Period(from_date=day, to_date=day), winery.asking, ExtraReservations(("r-1",))
    )
    assert len(winery.crm.calls_of("list_orders")) - before <= 1
    assert (found.ledger.booked.records, found.differences) == (0, [])


def test_a_review_that_is_to_be_sent_again_is_left_to_its_run():
    winery = in_review()
    noted_before = noted(winery)
    settle(winery, "send_again")
    assert (noted(winery), winery.planned("nightly_check")) == (noted_before, [])


def test_a_review_of_a_visit_of_long_ago_costs_no_look_back_to_its_day():
    winery = in_review(365)
    noted_before = noted(winery)
    settle(winery)
    assert noted(winery) == noted_before
