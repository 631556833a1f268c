"""A CRM that executes later than its bound makes a second order: found a day later, whenever it was."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cellarhand.domain.reconciliation.checks import DUPLICATE_CHECK_DELAY
from cellarhand.ports.crm import Outcome
from tests.fakes.crm import Step
from tests.unit.order_sync.given import NOW, SKUS, reservation
from tests.unit.reconciliation.ledger import Bookkeeping, OrdersUnder

DRAWS = 1000


@settings(max_examples=DRAWS, deadline=None)
@given(
    late=st.floats(601, 86_340),
    second_try_is_lost=st.booleans(),
    changes=st.booleans(),
    prefix=st.sampled_from(["CH-", ""]),
)
def test_what_the_crm_executes_beyond_its_bound_is_told_within_a_day_and_five_minutes(
    late: float, second_try_is_lost: bool, changes: bool, prefix: str
):
    winery = Bookkeeping()
    winery.crm = winery.outside.crm.crm = OrdersUnder(prefix, skus=SKUS, now=winery.clock.now)
    winery.keep(reservation(snapshot={"number": 7}))
    steps = [Step.LATE, Step.UNKNOWN_EXECUTED] if second_try_is_lost else [Step.LATE]
    winery.crm.script("create_order", *steps)
    run = winery.start()
    winery.drain()
    if changes:
        winery.change("r-1", sequence=2, fee_per_guest=5000, number=7)
    winery.drain_until_over(run)
    settled = (winery.clock.now() - NOW).total_seconds()
    winery.clock.advance(seconds=max(late - settled, 0))
    executed_at = winery.clock.now()
    assert [result.outcome for result in winery.crm.release()] == [Outcome.DONE]
    assert len(winery.orders) == 2
    for work in winery.planned("duplicate_check"):
        winery.wait_for(work)
    winery.run_checks()
    assert winery.metric("OrdersFoundTwice") == 1
    assert winery.clock.now() - executed_at <= DUPLICATE_CHECK_DELAY + timedelta(minutes=4)
