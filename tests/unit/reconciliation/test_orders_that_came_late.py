"""An order believed not to be there turns up in the CRM: whoever settles it loses no later change."""

from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.use_cases.reconciliation.detect_duplicate_orders import FOUND_LATE
from tests.fakes.crm import Step
from tests.unit.order_sync.given import TENANT, reservation
from tests.unit.order_sync.runner import STAFF
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_late_audit import audited, synced


def never_found_at_first(prefix: str = "CH-") -> Bookkeeping:
    """Of number 8 nothing was found when it had settled; then the visit was cancelled, and the order came."""
    winery = synced()
    winery.keep(reservation("r-2", snapshot={"number": 8}))
    winery.crm.script("create_order", Step.UNKNOWN_NOT_EXECUTED)
    winery.start()
    winery.drain()
    winery.crm.always("create_order", Step.NOT_DONE)
    winery.clock.advance(seconds=winery.outside.timers.settle.total_seconds())
    winery.drain()
    late = winery.record("r-2")
    assert late.order.state is OrderState.PENDING
    winery.change("r-2", sequence=2, state="cancelled", paid=0, number=8)
    winery.foreign(prefix, 8)
    winery.crm.remove_order(7)
    audited(winery)
    return winery


def test_an_order_that_came_late_is_known_even_where_the_crm_shows_bare_numbers():
    order = never_found_at_first(prefix="").order_of("r-2")
    assert (order.state, order.reason) == (OrderState.REVIEW, FOUND_LATE)


def test_an_order_that_came_late_and_stays_is_weighed_against_what_was_sent():
    winery = never_found_at_first()
    winery.decisions().settle_review(STAFF, TENANT, "r-2", "it_is_there", None)
    record = winery.record("r-2")
    assert record.order.sent is not None
    assert {change.part for change in record.changes_after_sync} == {"cancellation", "payment"}
    assert record.adjustment_id is not None


def test_an_order_that_staff_found_of_what_was_never_sent_is_weighed_from_then_on():
    winery = synced()
    winery.keep(reservation("r-2", snapshot={"number": 8}))
    winery.crm.script("create_order", Step.NOT_DONE)
    winery.start()
    winery.drain()
    winery.foreign("CH-", 8, total=7000)
    audited(winery)
    winery.decisions().settle_review(STAFF, TENANT, "r-2", "it_is_there", None)
    [difference] = winery.reconcile().differences
    assert (difference.kind, difference.ours, difference.theirs) == ("other_money", 8000, 7000)
    winery.change("r-2", sequence=2, state="cancelled", paid=0, number=8)
    assert winery.record("r-2").locked_after_sync
