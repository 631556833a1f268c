"""An order too many is looked at again each day, until staff have voided it."""

from datetime import timedelta

from cellarhand.domain.reconciliation.checks import MAX_REPEATS
from cellarhand.use_cases.ledger.winery_context import WineryContext
from cellarhand.use_cases.reconciliation.detect_duplicate_orders import FOUND_TWICE
from tests.unit.order_sync.given import TENANT
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_late_audit import audited, synced


def found_twice() -> tuple[Bookkeeping, str]:
    """Number 7 is in the CRM twice, and we know; and the id of the order too many."""
    winery = synced()
    second = winery.copy_in_crm()
    audited(winery)
    assert winery.order_of().reason == FOUND_TWICE
    return winery, second


def test_a_reservation_is_as_it_should_be_once_staff_have_voided_the_order_too_many():
    winery, second = found_twice()
    winery.crm.void_order(second)
    audited(winery)
    assert (winery.order_of().reason, winery.order_of().message) == (None, None)
    assert (winery.planned("duplicate_check"), winery.metric("OrdersFoundTwice")) == ([], 1)


def test_it_is_looked_at_again_a_day_later_as_long_as_it_is_there_and_not_for_ever():
    winery, _ = found_twice()
    looks = 0
    while works := winery.planned("duplicate_check"):
        assert works[0].due - winery.clock.now() == timedelta(days=1)
        audited(winery)
        looks += 1
    assert (looks, winery.order_of().reason, winery.metric("OrdersFoundTwice")) == (
        MAX_REPEATS,
        FOUND_TWICE,
        1,
    )


def test_a_look_that_began_after_the_send_shows_too_little_to_say_that_all_is_well():
    winery, second = found_twice()
    winery.crm.void_order(second)
    first = winery.order_of().first_sent_at
    assert first is not None
    listed = winery.asking(winery.crm)((first - timedelta(hours=1), winery.clock.now()))
    assert (
        winery.auditor()(
            WineryContext(winery.outside.settings, TENANT), listed, first + timedelta(seconds=1)
        ).open
        == 1
    )
    assert winery.order_of().reason == FOUND_TWICE
