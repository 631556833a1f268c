"""Staff merge customers in the CRM, and the id that we knew is gone."""

import pytest

from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from tests.fakes.crm import Step
from tests.unit.guest_upsert.winery import ADA, Winery

SURVIVOR = ADA.model_copy(update={"customer_id": "c-2"})


@pytest.fixture
def winery() -> Winery:
    """Ada is linked to c-1, which was merged into c-2; the CRM has declined her order."""
    winery = Winery()
    winery.add_event()
    winery.crm.put_customer(ADA)
    winery.put()
    winery.crm.remove_customer(ADA.customer_id)
    winery.crm.put_customer(SURVIVOR)
    decline_order(winery)
    return winery


def decline_order(winery: Winery) -> ReservationRecord:
    declined = OrderProgress(state=OrderState.REJECTED, reason="refused_by_crm", number=7)
    return winery.ledger.save(winery.record().model_copy(update={"order": declined}))


def test_trying_a_declined_order_again_looks_its_guest_up_anew(winery: Winery):
    again = winery.retry()
    assert (again.customer.state, again.customer.customer_id) == ("linked", "c-2")
    assert (again.order.state, again.order.number) == ("pending", 7)


def test_the_next_booking_of_that_guest_is_linked_to_the_survivor(winery: Winery):
    winery.retry()
    assert winery.put("r-2").body["customer"]["customer_id"] == "c-2"


def test_with_the_crm_down_the_look_up_is_made_later(winery: Winery):
    winery.crm.script("find_customers", Step.UNAVAILABLE)
    assert winery.retry().customer.state == "pending"
    winery.work_until_quiet()
    assert winery.record().customer.customer_id == "c-2"


def test_a_guest_whose_order_was_not_declined_stays_linked_without_a_call():
    winery = Winery()
    winery.crm.put_customer(ADA)
    winery.put()
    winery.crm.calls.clear()
    assert winery.retry().customer.customer_id == "c-1"
    assert winery.crm.calls == []


def test_a_customer_created_a_moment_ago_is_not_created_again_for_a_declined_order():
    winery = Winery()
    winery.add_event()
    winery.put()
    [created] = winery.crm.customers
    winery.crm.remove_customer(created.customer_id)
    decline_order(winery)
    assert winery.retry().customer.customer_id == created.customer_id
    assert len(winery.crm.calls_of("upsert_customer")) == 1
