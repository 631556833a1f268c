"""An order that the CRM executes late, after a change and the next send, is ours whatever number it shows."""

import pytest

from cellarhand.domain.orders.order import Order
from cellarhand.domain.reconciliation.difference import DifferenceKind
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.use_cases.reconciliation.detect_duplicate_orders import FOUND_LATE, FOUND_TWICE
from tests.fakes.crm import Step
from tests.unit.order_sync.given import SKUS, TENANT, reservation
from tests.unit.order_sync.runner import STAFF
from tests.unit.reconciliation.ledger import Bookkeeping, OrdersUnder
from tests.unit.reconciliation.test_late_audit import audited

SHOWN = pytest.mark.parametrize("prefix", ["CH-", ""])


def sent_then_changed(prefix: str, second: Step) -> Bookkeeping:
    """80.00 were sent, and not found when settled; then 100.00 left, and ended as the step says."""
    winery = Bookkeeping()
    crm = winery.crm = winery.outside.crm.crm = OrdersUnder(prefix, skus=SKUS, now=winery.clock.now)
    winery.keep(reservation(snapshot={"number": 7}))
    crm.script("create_order", Step.UNKNOWN_NOT_EXECUTED, second)
    winery.start()
    winery.drain()
    winery.change("r-1", sequence=2, fee_per_guest=5000, number=7)
    settled(winery)
    return winery


def executed_late(winery: Bookkeeping, send: int) -> str:
    """The CRM executes that send after all."""
    order: Order = winery.crm.calls_of("create_order")[send - 1].arguments["order"]
    return winery.crm.put_order(order, f"late-{send}")


def settled(winery: Bookkeeping) -> None:
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
    winery.drain()


@SHOWN
def test_the_late_look_finds_both_orders(prefix: str):
    winery = sent_then_changed(prefix, Step.NORMAL)
    executed_late(winery, 1)
    assert sorted(order.total for order in winery.orders) == [8000, 10_000]
    audited(winery)
    assert winery.metric("OrdersFoundTwice") == 1
    assert (winery.order_of().state, winery.order_of().reason) == (OrderState.SYNCED, FOUND_TWICE)


@SHOWN
def test_the_books_have_it_twice_and_not_among_others(prefix: str):
    winery = sent_then_changed(prefix, Step.NORMAL)
    executed_late(winery, 1)
    books = winery.reconcile()
    assert [one.kind for one in books.differences] == [DifferenceKind.TWICE_IN_CRM]
    sums = books.crm.sums
    assert (sums.others, sums.found.money) == (0, 18_000)


@SHOWN
def test_the_second_that_comes_late_is_found_as_well_as_the_first(prefix: str):
    winery = sent_then_changed(prefix, Step.UNKNOWN_NOT_EXECUTED)
    first = executed_late(winery, 1)
    settled(winery)
    order = winery.order_of()
    assert (order.state, order.crm_order_id, order.sent and order.sent.total) == ("synced", first, 8000)
    executed_late(winery, 2)
    audited(winery)
    assert winery.order_of().reason == FOUND_TWICE


@SHOWN
def test_an_order_that_turns_up_alone_is_what_staff_are_shown_and_settle(prefix: str):
    winery = sent_then_changed(prefix, Step.UNKNOWN_NOT_EXECUTED)
    winery.change("r-1", sequence=3, state="cancelled", fee_per_guest=5000, paid=0, number=7)
    settled(winery)
    late = executed_late(winery, 1)
    audited(winery)
    assert (winery.order_of().state, winery.order_of().reason) == (OrderState.REVIEW, FOUND_LATE)
    winery.decisions().settle_review(STAFF, TENANT, "r-1", "it_is_there", late)
    [difference] = winery.reconcile().differences
    assert (difference.kind, difference.ours, difference.theirs) == ("open_adjustment", 0, 8000)


def found_twice(prefix: str) -> tuple[Bookkeeping, str]:
    """80.00 and 100.00 stand in the CRM, and the late look has told so; the id of the earlier one."""
    winery = sent_then_changed(prefix, Step.NORMAL)
    earlier = executed_late(winery, 1)
    audited(winery)
    assert winery.order_of().reason == FOUND_TWICE
    return winery, earlier


@SHOWN
def test_if_staff_void_the_last_of_two_the_earlier_is_what_the_reservation_has(prefix: str):
    winery, earlier = found_twice(prefix)
    winery.clock.advance(days=4)
    winery.crm.void_order(winery.order_of().crm_order_id or "")
    audited(winery)
    left = winery.order_of()
    assert (left.reason, left.crm_order_id, left.sent and left.sent.total) == (None, earlier, 8000)
    [difference] = winery.reconcile().differences
    assert (difference.kind, difference.ours, difference.theirs) == ("open_adjustment", 10_000, 8000)


@SHOWN
def test_if_staff_void_the_earlier_of_two_nothing_has_to_be_adjusted(prefix: str):
    winery, earlier = found_twice(prefix)
    winery.crm.void_order(earlier)
    winery.clock.advance(days=1)
    audited(winery)
    assert winery.order_of().reason is None
    assert not winery.reconcile().differences
