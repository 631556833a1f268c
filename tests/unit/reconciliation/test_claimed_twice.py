"""Staff name the CRM order of another reservation: then one of the two has none, and the books say so."""

from datetime import timedelta

import pytest

from cellarhand.domain.orders.order import ListedOrder
from cellarhand.domain.reconciliation.comparison import Comparison
from cellarhand.domain.reconciliation.ledger_side import Sum, ledger_entry
from cellarhand.domain.reconciliation.order_matching import CrmOrders
from cellarhand.domain.reservations.order_lifecycle import decide_review, review, with_intent_to_send
from tests.unit.order_sync.given import NOW, order, reservation
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_differences import told


def settled_with_the_order_of_another() -> Bookkeeping:
    """The order of r-8 never reached the CRM, and staff pasted the id of r-7's."""
    winery = Bookkeeping()
    winery.keep(reservation("r-7", snapshot={"number": 7}))
    winery.sync()
    winery.keep(reservation("r-8", snapshot={"number": 8}))
    record = winery.record("r-8")
    sent = order(record.snapshot, number=8)
    sending = with_intent_to_send(
        record, sent, fence=9, run_id="x", now=winery.clock.now(), settle=timedelta(0)
    )
    waiting = winery.ledger.save(review(sending, "never_found", "Not found.", winery.clock.now()))
    id_ = winery.record("r-7").order.crm_order_id
    winery.ledger.save(decide_review(waiting, "it_is_there", id_, winery.clock.now()))
    winery.pass_read_lag()
    return winery


def test_an_order_with_anothers_number_does_not_hide_one_that_was_lost():
    found = settled_with_the_order_of_another().reconcile()
    assert [told(d) for d in found.differences] == [("missing_in_crm", "r-8", 8000, None)]
    sums = found.crm.sums
    assert (sums.expected, sums.found) == (Sum(records=2, money=16000), Sum(records=1, money=8000))
    assert (sums.money_difference, found.actionable) == (-8000, Sum(records=1, money=8000))


@pytest.mark.parametrize("shown", [None, "4711"])
def test_where_no_number_tells_whose_it_is_one_order_counts_once(shown: str | None):
    winery = settled_with_the_order_of_another()
    id_ = winery.record("r-7").order.crm_order_id
    assert id_ is not None
    listed = ListedOrder(crm_order_id=id_, number=shown, total=8000)
    comparison = Comparison(CrmOrders([listed], {"CH-"}), winery.clock.now())
    for reservation_id in ("r-7", "r-8"):
        comparison.add(ledger_entry(winery.record(reservation_id)))
    [difference] = comparison.differences
    assert told(difference) == ("claimed_twice", "r-8", 8000, 0)
    assert (difference.crm_order_id, difference.deviation) == (id_, 8000)
    assert comparison.sums.expected == Sum(records=2, money=16000)
    assert comparison.sums.found == Sum(records=1, money=8000)


def test_an_order_that_staff_entered_under_another_number_is_the_reservations():
    sending = with_intent_to_send(
        reservation(), order(number=7), fence=1, run_id="x", now=NOW, settle=timedelta(0)
    )
    entry = ledger_entry(decide_review(sending, "it_is_there", "by-hand", NOW))
    listed = [ListedOrder(crm_order_id="by-hand", number="POS-12", total=8000)]
    assert CrmOrders(listed, {"CH-"}).of(entry) == listed


def test_one_prefix_may_begin_with_another():
    sent = order(number=7).model_copy(update={"order_number": order(number=17).order_number})
    sent = sent.model_copy(update={"order_number": sent.order_number.model_copy(update={"prefix": "A"})})
    sending = with_intent_to_send(reservation(), sent, fence=1, run_id="x", now=NOW, settle=timedelta(0))
    entry = ledger_entry(decide_review(sending, "it_is_there", "ours", NOW))
    listed = [ListedOrder(crm_order_id="ours", number="A17", total=8000)]
    assert CrmOrders(listed, {"A", "A1"}).of(entry) == listed
