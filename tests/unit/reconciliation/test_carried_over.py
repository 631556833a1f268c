"""Staff say that they have carried a change over: what the CRM must show then depends on what was advised."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from cellarhand.domain.orders.order import OrderNumber
from cellarhand.domain.orders.remedy import Remedy
from cellarhand.domain.reconciliation.ledger_side import Sum
from tests.unit.reconciliation.ledger import Bookkeeping
from tests.unit.reconciliation.test_differences import carry_over, change, remove, synced, told

LATE = ("late_change", "r-7", 6000, 8000)
Told = tuple[str, str | None, object, object]


def carried_over_by(*remedies: Remedy) -> Bookkeeping:
    """From 80.00 to 60.00; of the remedies the last one is the one in question."""
    winery = synced()
    carry_over(winery, remedies[-1])
    record = winery.record("r-7")
    order = record.order.model_copy(update={"remedies": remedies if remedies[0] is not NOT_KEPT else ()})
    winery.ledger.save(record.model_copy(update={"order": order}))
    return winery


NOT_KEPT = Remedy.ENTER_AGAIN
"""Stands for a record of before remedies were kept."""
VOIDED, REFUNDED = Remedy.VOID_AND_ENTER_AGAIN, Remedy.REFUND_AND_ENTER_AGAIN


def refund(winery: Bookkeeping, total: int) -> None:
    """An order of its own, by the CRM's own number."""
    number = OrderNumber(prefix="POS-", number=1)
    winery.copy_in_crm(order_number=number, total=total)


UNCHANGED: dict[str, tuple[Sequence[Remedy], Told, int, Sum]] = {
    "voided": ([VOIDED], ("other_money", "r-7", 6000, 8000), 2000, Sum(records=1, money=2000)),
    "refunded": ([REFUNDED], ("refund_not_seen", "r-7", 6000, 8000), 0, Sum()),
    "refunded once": ([REFUNDED, VOIDED], ("refund_not_seen", "r-7", 6000, 8000), 0, Sum()),
    "nobody kept how": ([NOT_KEPT], ("refund_not_seen", "r-7", 6000, 8000), 0, Sum()),
}


@pytest.mark.parametrize(
    ("remedies", "expected", "money", "figure"), UNCHANGED.values(), ids=UNCHANGED.keys()
)
def test_an_unchanged_order_is_told_and_alarms_unless_it_may_have_been_refunded(
    remedies: Sequence[Remedy], expected: Told, money: int, figure: Sum
):
    found = carried_over_by(*remedies).reconcile()
    assert sorted(told(d) for d in found.differences) == sorted([expected, LATE])
    assert (found.crm.sums.money_difference, found.actionable) == (money, figure)


@pytest.mark.parametrize("total", [-8000, -2000], ids=["of all", "of what is too much"])
def test_a_refund_that_can_be_told_is_the_other_half_of_its_order(total: int):
    winery = carried_over_by(REFUNDED)
    refund(winery, total)
    found = winery.reconcile()
    assert [told(d) for d in found.differences] == [LATE]
    both = Sum(records=3, money=16000 + total)
    assert (found.crm.sums.expected, found.crm.sums.found, found.crm.sums.others) == (both, both, 0)


@pytest.mark.parametrize("changes", [{"total": -7000}, {"total": -8000, "email": "x"}], ids=["sum", "buyer"])
def test_another_negative_order_is_no_refund_of_it(changes: dict[str, object]):
    winery = carried_over_by(REFUNDED)
    refund(winery, int(str(changes["total"])))
    if "email" in changes:
        entered = next(o for o in winery.orders if o.total < 0)
        other = entered.model_copy(
            update={"buyer": entered.buyer.model_copy(update={"email": "x@example.com"})}
        )
        winery.crm.remove_order(entered.order_number.number)
        winery.crm.put_order(other)
    found = winery.reconcile()
    assert {d.kind.value for d in found.differences} == {"refund_not_seen", "late_change"}
    assert found.crm.sums.others == 1


def test_a_refund_of_weeks_later_is_looked_for():
    winery = synced()
    winery.clock.advance(seconds=timedelta(days=60).total_seconds())
    carry_over(winery, REFUNDED)
    refund(winery, -8000)
    assert [told(d) for d in winery.reconcile().differences] == [LATE]


def test_a_voided_order_may_stand_there_at_nothing():
    winery = carried_over_by(VOIDED)
    change(winery, total=0)
    assert [told(d) for d in winery.reconcile().differences] == [LATE]


def test_an_order_that_was_refunded_and_then_changed_alarms():
    winery = carried_over_by(REFUNDED)
    change(winery, total=7500)
    assert [told(d) for d in winery.reconcile().differences] == [("other_money", "r-7", 6000, 7500), LATE]


def test_an_order_that_was_entered_again_beside_the_old_one_is_there_twice():
    winery = carried_over_by(VOIDED)
    winery.copy_in_crm(total=6000)
    found = winery.reconcile()
    assert told(found.differences[0]) == ("twice_in_crm", "r-7", 6000, 14000)
    assert found.actionable == Sum(records=1, money=8000)


def test_an_order_that_was_only_to_be_corrected_may_not_be_gone():
    winery = synced()
    record = winery.record("r-7")
    order = record.order.model_copy(
        update={"carried_over_at": winery.clock.now(), "remedies": (Remedy.CORRECT,)}
    )
    winery.ledger.save(record.model_copy(update={"order": order}))
    remove(winery)
    assert told(winery.reconcile().differences[0]) == ("missing_in_crm", "r-7", 8000, None)
