"""What a runner is told late is nobody's any more once another has sent the order again."""

import pytest

from cellarhand.domain.reservations.order_progress import OrderState
from tests.fakes.crm import Step
from tests.unit.order_sync.runner import winery_with


@pytest.mark.parametrize("told_late", [Step.NOT_DONE, Step.REFUSED, Step.UNKNOWN_NOT_EXECUTED])
def test_what_a_runner_learns_after_another_has_sent_again_changes_nothing(told_late: Step):
    winery = winery_with(Step.UNKNOWN_EXECUTED, told_late)
    taken_over: list[OrderState] = []

    def take_over(method: str) -> None:
        if method == "create_order" and not taken_over:
            taken_over.append(OrderState.SENDING)
            winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
            winery.drain()
            taken_over.append(winery.order_of().state)

    winery.crm._before_call = take_over
    run = winery.start()
    winery.drain()
    assert taken_over == [OrderState.SENDING, OrderState.UNKNOWN]
    assert winery.order_of().state is OrderState.UNKNOWN
    winery.drain_until_over(run)
    assert (winery.order_of().state, len(winery.orders)) == (OrderState.SYNCED, 1)


def test_a_second_send_is_kept_before_it_leaves_like_the_first():
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED)
    kept: list[OrderState] = []
    winery.crm._before_call = lambda method: (
        kept.append(winery.order_of().state) if method == "create_order" else None
    )
    winery.sync()
    assert kept == [OrderState.SENDING, OrderState.SENDING]
