"""What reading an order back takes of the CRM's allowance, of the invocation's time, and of the past."""

from datetime import timedelta
from threading import Semaphore

from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.use_cases.ledger.winery_context import WineryContext
from cellarhand.use_cases.order_sync.batch import Batch
from tests.fakes.crm import Step
from tests.unit.order_sync.given import SKUS, TENANT
from tests.unit.order_sync.runner import TimeLeft, Winery, winery_with


def settled_unknown() -> Winery:
    """An order whose reply was lost, long enough ago to be read back."""
    winery = winery_with(Step.UNKNOWN_EXECUTED)
    winery.start()
    winery.drain()
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
    return winery


def round_of(winery: Winery, seconds_left: float = 60) -> Batch:
    deadline = TimeLeft(seconds_left)
    return Batch(
        run=winery.start(Selection(reservation_ids=("r-1",))),
        winery=WineryContext(winery.outside.settings, TENANT),
        crm=winery.crm,
        skus=SKUS,
        fence=9,
        deadline=deadline,
        calls=winery.calls(deadline),
    )


def step(winery: Winery, batch: Batch) -> None:
    winery.order_syncer()(batch, "r-1")


def test_a_read_back_counts_as_one_of_the_calls_that_the_crm_allows():
    winery = settled_unknown()
    batch = round_of(winery)
    turn = batch.calls.slots
    assert isinstance(turn, Semaphore)
    free: list[bool] = []
    winery.crm._before_call = lambda _: free.append(turn.acquire(blocking=False))
    step(winery, batch)
    assert free == [False]
    assert batch.calls.bucket is not None
    assert batch.calls.bucket.calls == 9
    assert winery.order_of().state is OrderState.SYNCED


def test_nothing_is_read_back_with_less_time_left_than_the_call_may_take():
    winery = settled_unknown()
    step(winery, round_of(winery, seconds_left=winery.outside.timers.crm_write + 1))
    assert winery.crm.calls_of("find_orders") == []
    assert winery.order_of().state is OrderState.UNKNOWN


def test_a_read_back_looks_no_farther_into_the_past_than_an_order_may_have_arrived():
    winery = winery_with(Step.REFUSED, Step.UNKNOWN_EXECUTED)
    winery.sync()
    winery.clock.advance(seconds=timedelta(days=40).total_seconds())
    refused = winery.record()
    waiting = refused.order.model_copy(update={"state": OrderState.PENDING})
    winery.ledger.save(refused.model_copy(update={"order": waiting}))
    sent_at = winery.clock.now()
    assert winery.sync().counts == {"synced": 1}
    (look,) = winery.crm.calls_of("find_orders")
    skew = timedelta(seconds=winery.outside.timers.clock_skew)
    assert look.arguments["around"][0] == sent_at - skew
