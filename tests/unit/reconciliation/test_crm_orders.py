"""Which of the CRM's orders are whose, whatever it shows of their numbers."""

from datetime import timedelta

import pytest

from cellarhand.domain.orders.order import ListedOrder
from cellarhand.domain.reconciliation.ledger_side import ledger_entry
from cellarhand.domain.reconciliation.order_matching import CrmOrders
from cellarhand.domain.reservations.order_lifecycle import done, with_intent_to_send
from tests.unit.order_sync.given import NOW, order, reservation

BARE = [("7", True), ("007", False), ("CH-7", True), ("ch-7", True), ("XX-7", False)]


@pytest.mark.parametrize(("shown", "is_ours"), BARE)
def test_a_crm_that_shows_no_prefix_is_matched_by_all_else(shown: str, is_ours: bool):
    sent = order(number=7)
    settle = timedelta(0)
    record = done(
        with_intent_to_send(reservation(), sent, fence=1, run_id="x", now=NOW, settle=settle), "old", NOW
    )
    listed = ListedOrder(
        crm_order_id="new", number=shown, email=sent.buyer.email, total=8000, pickup_date=sent.pickup_date
    )
    entry = ledger_entry(record)
    assert bool(CrmOrders([listed], {"CH-"}).of(entry)) is is_ours
    other_money = listed.model_copy(update={"total": 1})
    assert bool(CrmOrders([other_money], {"CH-"}).of(entry)) is (is_ours and shown != "7")
    with_prefix = ListedOrder(crm_order_id="shows", number="CH-1")
    assert bool(CrmOrders([listed, with_prefix], {"CH-"}).of(entry)) is (is_ours and shown != "7")


@pytest.mark.parametrize(
    ("shown", "numbers"),
    [
        (["CH-7", "8", "POS-9"], {7, 9}),
        (["8", "POS-9"], {8, 9}),
        (["B-12", "12-B", "", "99999999999"], {12}),
        (["CH-0", "5"], {0}),
    ],
)
def test_numbers_that_may_be_ours_are_taken_from_the_end(shown: list[str], numbers: set[int]):
    listed = [ListedOrder(crm_order_id=str(n), number=text) for n, text in enumerate(shown)]
    assert CrmOrders(listed, {"CH-"}).numbers() == numbers


def test_a_prefix_may_end_in_a_digit():
    assert CrmOrders([ListedOrder(crm_order_id="1", number="A17")], {"A1"}).numbers() == {7}
