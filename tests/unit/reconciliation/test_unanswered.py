"""An order without an answer that its run has left: the books name it, and the late look has it settled."""

import pytest

from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.reconciliation.checks import DUPLICATE_CHECK_DELAY, MAX_REPEATS, DueCheck
from cellarhand.domain.reconciliation.ledger_side import Sum
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.use_cases.reconciliation.settle_unanswered import STARTED_BY_DUPLICATE_CHECK, SettleUnanswered
from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm, Step
from tests.unit.order_sync.given import SKUS, TENANT, reservation
from tests.unit.order_sync.runner import EVERYTHING
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_nightly import differences, night


def left_in_the_air(step: Step = Step.UNKNOWN_EXECUTED, crm: InMemoryCrm | None = None) -> Bookkeeping:
    """Number 7 got no answer, then the login was refused, so the run ended; nobody begins another."""
    winery = Bookkeeping(crm)
    winery.keep(reservation("r-7", snapshot={"number": 7}), reservation("r-8", snapshot={"number": 8}))
    winery.crm.script("create_order", step, Step.LOGIN_REFUSED)
    run = winery.start()
    winery.drain()
    assert (winery.run(run).reason, winery.order_of("r-7").state) == ("crm_login_refused", OrderState.UNKNOWN)
    return winery


def settled(winery: Bookkeeping) -> Bookkeeping:
    """Time enough has passed for the CRM to show whatever it has executed."""
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
    winery.pass_read_lag()
    return winery


def late_look(winery: Bookkeeping) -> DueCheck:
    """Take the next one, and let the runner go on as it does behind each."""
    work = winery.planned("duplicate_check")[0]
    winery.wait_for(work)
    winery.run_checks()
    winery.drain()
    return work


def begun(winery: Bookkeeping) -> list[SyncRun]:
    return [run for run in winery.runs().active(TENANT) if run.started_by == STARTED_BY_DUPLICATE_CHECK]


def test_as_long_as_it_may_settle_it_is_no_difference():
    found = left_in_the_air().reconcile()
    assert (found.differences, found.crm.sums.unanswered, found.crm.sums.others) == ([], Sum(), 0)


@pytest.mark.parametrize(
    ("step", "there"),
    [(Step.UNKNOWN_EXECUTED, Sum(records=1, money=8000)), (Step.UNKNOWN_NOT_EXECUTED, Sum())],
)
def test_once_it_has_settled_it_is_a_difference_with_what_the_crm_has_of_it(step: Step, there: Sum):
    found = settled(left_in_the_air(step)).reconcile()
    [difference] = found.differences
    assert (difference.kind.value, difference.reservation_id) == ("unanswered", "r-7")
    assert (difference.ours, difference.theirs or 0) == (None, there.money)
    sums = found.crm.sums
    assert (sums.unanswered, sums.unexpected, sums.unknown, sums.others) == (there, Sum(), Sum(), 0)
    assert (sums.money_difference, found.actionable) == (there.money, Sum(records=1, money=there.money))
    assert found.ledger.waiting.records == 2


@pytest.mark.parametrize("step", [Step.UNAVAILABLE, Step.LOGIN_REFUSED])
def test_it_is_named_even_where_the_crm_cannot_be_compared(step: Step):
    winery = settled(left_in_the_air())
    winery.crm.always("list_orders", step)
    found = winery.reconcile()
    assert [difference.kind.value for difference in found.differences] == ["unanswered"]
    assert found.actionable == Sum(records=1)


def test_the_night_counts_it():
    winery = left_in_the_air()
    night(winery)
    assert differences(winery) == (1, 8000)


@pytest.mark.parametrize("step", [Step.UNKNOWN_EXECUTED, Step.UNKNOWN_NOT_EXECUTED])
def test_the_late_look_has_it_read_back_and_synced_or_sent_again(step: Step):
    winery = left_in_the_air(step)
    late_look(winery)
    assert (winery.order_of("r-7").state, winery.numbers) == (OrderState.SYNCED, [7])
    assert winery.order_of("r-8").state is OrderState.PENDING
    assert winery.metric("LateAudits", outcome="unanswered") == 1
    while winery.planned("duplicate_check"):
        late_look(winery)
    assert winery.reconcile().actionable == Sum()


def test_a_look_that_is_taken_again_begins_the_same_run():
    winery = left_in_the_air()
    [work] = winery.planned("duplicate_check")
    winery.wait_for(work)
    settle = SettleUnanswered(winery.ledger, winery.starter(), winery.clock)
    for _ in range(2):
        assert settle(work) == ("r-7",)
    [run] = begun(winery)
    assert run.selection == Selection(reservation_ids=("r-7",))
    winery.drain()
    assert settle(work) == ()


def test_what_has_been_settled_meanwhile_begins_no_run():
    winery = settled(left_in_the_air())
    winery.sync(EVERYTHING)
    [work, *_] = winery.planned("duplicate_check")
    winery.wait_for(work)
    winery.run_checks()
    assert (begun(winery), winery.metric("LateAudits", outcome="clean")) == ([], 1)


def test_a_look_planned_by_an_earlier_version_begins_a_run_for_what_it_sees():
    winery = left_in_the_air()
    [work] = winery.planned("duplicate_check")
    yesterdays = DueCheck.model_validate(work.model_dump(exclude={"unanswered"}))
    winery.ledger.save(yesterdays)
    late_look(winery)
    assert winery.order_of("r-7").state is OrderState.SYNCED


def test_a_login_that_stays_dead_is_tried_once_a_day_for_two_weeks_and_then_told():
    winery = left_in_the_air()
    winery.crm.always("find_orders", Step.LOGIN_REFUSED)
    first = winery.clock.now()
    looks = 0
    while winery.planned("duplicate_check"):
        late_look(winery)
        looks += 1
    assert looks == MAX_REPEATS + 1
    assert winery.clock.now() - first == looks * DUPLICATE_CHECK_DELAY
    assert (winery.order_of("r-7").state, begun(winery)) == (OrderState.UNKNOWN, [])
    assert winery.metric("BooksGivenUp") == 1


def test_a_look_that_was_given_up_is_taken_again_as_long_as_there_is_an_order_without_an_answer():
    winery = left_in_the_air()
    winery.crm.always("list_orders", Step.LOGIN_REFUSED)
    while not winery.metric("BooksGivenUp"):
        late_look(winery)
    winery.crm.always("list_orders", Step.NORMAL)
    late_look(winery)
    assert winery.order_of("r-7").state is OrderState.SYNCED


def test_where_the_crm_lists_no_orders_a_person_is_told_to_look():
    blind = InMemoryCrm(skus=SKUS, capabilities=ALL_CAPABILITIES._replace(finds_orders=False))
    winery = left_in_the_air(crm=blind)
    assert [d.kind.value for d in settled(winery).reconcile().differences] == ["unanswered"]
    late_look(winery)
    order = winery.order_of("r-7")
    assert (order.state, order.reason) == (OrderState.REVIEW, "outcome_unknown")


def test_an_order_that_our_own_code_failed_on_is_looked_at_later_too(monkeypatch: pytest.MonkeyPatch):
    winery = Bookkeeping()
    winery.keep(reservation(snapshot={"number": 7}))
    winery.crm.script("create_order", Step.UNKNOWN_EXECUTED)
    run = winery.start()
    winery.drain()

    def fail(*_arguments: object, **_options: object) -> None:
        raise ValueError("not as expected")

    with monkeypatch.context() as broken:
        broken.setattr(winery.crm, "find_orders", fail)
        winery.drain_until_over(run)
    assert winery.told(run).results == {"r-1": ("unknown", "internal_error")}
    late_look(winery)
    assert winery.order_of().state is OrderState.SYNCED


def test_a_refused_order_is_looked_at_later_too_for_its_refusal_may_hide_one():
    winery = Bookkeeping()
    winery.keep(reservation(snapshot={"number": 7}))
    winery.crm.script("create_order", Step.REFUSED)
    run = winery.start()
    winery.drain()
    assert (winery.run(run).state.value, winery.order_of().first_sent_at) == ("failed", None)
    [work] = winery.planned("duplicate_check")
    assert (work.unanswered, work.due) == ((), winery.clock.now() + DUPLICATE_CHECK_DELAY)
