"""Orders whose reply never came: settled, read back, and then sent again or not."""

from collections.abc import Callable

import pytest

from cellarhand.domain.reservations.order_progress import OrderState
from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm, Step
from tests.unit.order_sync.given import SKUS, TENANT, order, replaced, reservation, snapshot
from tests.unit.order_sync.runner import STAFF, Winery, winery_with


def test_an_order_whose_reply_was_lost_is_found_after_it_settled():
    winery = winery_with(Step.UNKNOWN_EXECUTED)
    run = winery.start()
    winery.drain()
    assert winery.order_of().state is OrderState.UNKNOWN
    assert winery.run(run).due == winery.clock.now() + winery.outside.timers.settle
    winery.drain_until_over(run)
    assert (len(winery.orders), winery.order_of().state) == (1, OrderState.SYNCED)
    assert winery.told(run).money == 8000


def test_nothing_is_read_back_before_it_settled():
    winery = winery_with(Step.LATE)
    winery.start()
    winery.drain()
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds() - 1)
    winery.drain()
    assert winery.crm.calls_of("find_orders") == []


def test_an_order_that_never_arrived_is_sent_again_under_its_number():
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED, number=None)
    assert winery.sync().state == "done"
    first, second = winery.crm.calls_of("create_order")
    assert first.arguments["order"].order_number == second.arguments["order"].order_number
    assert len(winery.orders) == 1


def test_an_order_that_is_executed_late_is_found_and_not_sent_again():
    winery = winery_with(Step.LATE)
    run = winery.start()
    winery.drain()
    winery.clock.advance(seconds=600)
    winery.crm.release()
    winery.drain_until_over(run)
    assert (len(winery.orders), len(winery.crm.calls_of("create_order"))) == (1, 1)


def test_three_sends_that_were_never_found_wait_for_a_person():
    winery = winery_with(*[Step.UNKNOWN_NOT_EXECUTED] * 3)
    told = winery.sync()
    assert told.results == {"r-1": ("review", "never_found")}
    assert len(winery.crm.calls_of("create_order")) == 3


def test_a_person_s_choice_sends_it_again():
    winery = winery_with(*[Step.UNKNOWN_NOT_EXECUTED] * 3)
    winery.sync()
    winery.decisions().settle_review(STAFF, TENANT, "r-1", "send_again", None)
    winery.clock.advance(seconds=1)
    assert winery.sync().state == "done"
    assert len(winery.orders) == 1


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        ([order(snapshot(party_size=1))], "foreign_order_found"),
        ([order(), order()], "duplicates_found"),
    ],
)
def test_what_else_stands_under_our_number_is_a_person_s_case(there: list[object], reason: str):
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED)
    run = winery.start()
    winery.drain()
    for one in there:
        winery.crm.put_order(one)  # type: ignore[arg-type]
    winery.drain_until_over(run)
    assert winery.told(run).results == {"r-1": ("review", reason)}
    assert len(winery.crm.calls_of("create_order")) == 1


def test_a_repeat_that_the_crm_refuses_is_read_back_and_not_rejected():
    capabilities = ALL_CAPABILITIES._replace(refuses_repeated_order_numbers=True)
    crm = InMemoryCrm(skus=SKUS, capabilities=capabilities)
    winery = winery_with(Step.LATE, crm=crm)
    run = winery.start()
    winery.drain()
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
    crm.script("find_orders", Step.NORMAL)
    release_before_the_second_send(winery)
    winery.drain_until_over(run)
    assert (len(winery.orders), winery.order_of().state) == (1, OrderState.SYNCED)


def test_what_staff_have_sent_again_and_the_crm_refuses_is_read_back_and_not_rejected():
    capabilities = ALL_CAPABILITIES._replace(refuses_repeated_order_numbers=True)
    winery = winery_with(
        *[Step.UNKNOWN_NOT_EXECUTED] * 2, Step.LATE, crm=InMemoryCrm(skus=SKUS, capabilities=capabilities)
    )
    winery.sync()
    winery.decisions().settle_review(STAFF, TENANT, "r-1", "send_again", None)
    winery.crm.release()
    winery.clock.advance(seconds=1)
    assert winery.sync().results == {"r-1": ("synced", None)}
    assert len(winery.orders) == 1


def release_before_the_second_send(winery: Winery) -> None:
    """The first request is executed later than anybody promised, between the read and the second send."""
    create_order = winery.crm.create_order

    def released_first(*arguments: object, **options: object) -> object:
        winery.crm.release()
        return create_order(*arguments, **options)  # type: ignore[arg-type]

    winery.crm.create_order = released_first  # type: ignore[method-assign, assignment]


def test_what_an_earlier_run_sent_counts_for_the_run_that_finds_it():
    winery = winery_with(Step.UNKNOWN_EXECUTED)
    winery.keep(reservation("r-2"))
    winery.crm.script("create_order", Step.LOGIN_REFUSED)
    first = winery.start()
    winery.drain()
    assert winery.told(first).counts == {"unknown": 1, "pending": 1}
    winery.clock.advance(seconds=1)
    told = winery.sync()
    assert (told.counts, told.money) == ({"synced": 2}, 16_000)


def changed_while_unknown(change: Callable[[Winery], None]) -> Winery:
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED)
    run = winery.start()
    winery.drain()
    change(winery)
    winery.drain_until_over(run)
    return winery


def cancel(winery: Winery) -> None:
    record = winery.record()
    cancelled = record.snapshot.model_copy(update={"state": "cancelled", "sequence": 2})
    winery.ledger.save(replaced(record, cancelled))


def exclude(winery: Winery) -> None:
    winery.decisions().exclude(STAFF, TENANT, "r-1")


@pytest.mark.parametrize(("change", "reason"), [(cancel, "cancelled"), (exclude, "excluded_by_staff")])
def test_what_is_called_off_while_unknown_is_read_back_and_not_sent_again(
    change: Callable[[Winery], None], reason: str
):
    winery = changed_while_unknown(change)
    assert (winery.order_of().state, winery.order_of().reason) == (OrderState.NOT_ELIGIBLE, reason)
    assert len(winery.crm.calls_of("find_orders")) == 1
    assert winery.orders == []
