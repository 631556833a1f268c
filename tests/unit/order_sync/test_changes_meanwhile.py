"""What the engine or staff change while an order is on its way into the CRM."""

from collections.abc import Callable
from typing import Any

import pytest

from cellarhand.domain.reservations.order_progress import OrderState
from tests.fakes.crm import Step
from tests.unit.order_sync.given import TENANT, replaced, snapshot
from tests.unit.order_sync.runner import STAFF, Winery, winery_with

CANCELLED = {"state": "cancelled"}
DEARER = {"fee_per_guest": 5000}
CHECKED_IN = {"internal_note": "At the bar."}


def newer(winery: Winery, **changes: Any) -> None:
    """The engine's next snapshot is kept."""
    record = winery.record()
    sequence = record.snapshot.sequence + 1
    body = snapshot(number=record.snapshot.number, sequence=sequence, **changes)
    winery.ledger.save(replaced(record, body))


def during_the_call(step: Step, change: Callable[[Winery], None]) -> Winery:
    """Something changes between an order's intent and the CRM's answer."""
    winery = winery_with(step)
    done: list[str] = []

    def between(method: str) -> None:
        if method == "create_order" and not done:
            done.append(method)
            change(winery)

    winery.crm._before_call = between
    winery.sync()
    return winery


@pytest.mark.parametrize(("change", "locked"), [(CANCELLED, True), (DEARER, True), (CHECKED_IN, False)])
def test_a_change_during_the_call_locks_the_order_that_was_sent_without_it(
    change: dict[str, Any], locked: bool
):
    winery = during_the_call(Step.NORMAL, lambda winery: newer(winery, **change))
    assert winery.order_of().state is OrderState.SYNCED
    assert winery.record().locked_after_sync is locked


@pytest.mark.parametrize(("change", "locked"), [(CANCELLED, True), (DEARER, True), (CHECKED_IN, False)])
def test_a_change_while_nobody_knows_locks_the_order_that_is_found(change: dict[str, Any], locked: bool):
    winery = winery_with(Step.UNKNOWN_EXECUTED)
    run = winery.start()
    winery.drain()
    newer(winery, **change)
    winery.drain_until_over(run)
    assert (len(winery.orders), winery.order_of().state) == (1, OrderState.SYNCED)
    assert winery.record().locked_after_sync is locked


def test_what_was_cancelled_during_a_refused_call_is_no_staff_s_case():
    winery = during_the_call(Step.REFUSED, lambda winery: newer(winery, **CANCELLED))
    assert (winery.order_of().state, winery.order_of().reason) == (OrderState.NOT_ELIGIBLE, "cancelled")


def test_what_was_corrected_during_a_refused_call_is_sent_as_corrected():
    winery = during_the_call(Step.REFUSED, lambda winery: newer(winery, **DEARER))
    assert winery.order_of().state is OrderState.SYNCED
    assert [order.total for order in winery.orders] == [10_000]


def test_what_staff_excluded_during_a_call_that_was_not_done_is_not_sent():
    def exclude(winery: Winery) -> None:
        winery.decisions().exclude(STAFF, TENANT, "r-1")

    winery = during_the_call(Step.NOT_DONE, exclude)
    assert winery.orders == []
    assert winery.order_of().reason == "excluded_by_staff"
