"""The setting `fill_empty_fields`: what the CRM lacks is added, what it has is never changed."""

import pytest

from cellarhand.domain.booking.guest import data_to_fill
from cellarhand.domain.booking.snapshot import Guest
from cellarhand.domain.customers.customer import Address, Customer
from tests.fakes.crm import Step
from tests.unit.guest_upsert.winery import ADA, GUEST, Winery

HOME = Address(line1="1 Vine St", city="Oakville", country="US")


def a_winery_that_fills() -> Winery:
    winery = Winery(existing_customer="fill_empty_fields")
    winery.crm.put_customer(ADA)
    return winery


def test_an_empty_field_is_filled_and_a_full_one_is_not_changed():
    winery = a_winery_that_fills()
    answer = winery.put(guest={**GUEST, "first_name": "Augusta", "phone": "+1 555 0100"})
    assert answer.body["customer"]["state"] == "linked"
    [ada] = winery.crm.customers
    assert (ada.first_name, ada.phone) == ("Ada", "+1 555 0100")


def test_a_customer_that_lacks_nothing_is_not_written():
    winery = a_winery_that_fills()
    winery.put()
    assert winery.crm.calls_of("upsert_customer") == []


def test_a_known_link_is_read_again_before_filling():
    winery = a_winery_that_fills()
    winery.put("r-1")
    winery.crm.put_customer(ADA.model_copy(update={"phone": "+1 555 0199"}))
    winery.put("r-2", guest={**GUEST, "phone": "+1 555 0100"})
    assert winery.crm.calls_of("upsert_customer") == []
    assert winery.crm.customers[0].phone == "+1 555 0199"


def test_a_known_link_to_a_customer_the_crm_no_longer_has_is_looked_up_anew():
    winery = a_winery_that_fills()
    winery.put("r-1")
    winery.crm.remove_customer("c-1")
    answer = winery.put("r-2")
    assert answer.body["customer"]["state"] == "created"


def test_newer_data_of_a_linked_guest_is_filled_in():
    winery = a_winery_that_fills()
    winery.put()
    winery.put(sequence=2, guest={**GUEST, "phone": "+1 555 0100"})
    assert winery.crm.customers[0].phone == "+1 555 0100"


@pytest.mark.parametrize("step", [Step.NOT_DONE, Step.UNKNOWN_NOT_EXECUTED, Step.UNKNOWN_EXECUTED])
def test_a_filling_that_failed_is_done_later(step: Step):
    winery = a_winery_that_fills()
    winery.crm.script("upsert_customer", step)
    assert winery.put(guest={**GUEST, "phone": "+1 555 0100"}).body["customer"]["state"] == "pending"
    winery.work_until_quiet()
    assert winery.record().customer.state == "linked"
    assert winery.crm.customers == [ADA.model_copy(update={"phone": "+1 555 0100"})]


def test_a_filling_the_crm_declines_keeps_nobody_from_their_link():
    winery = a_winery_that_fills()
    winery.crm.script("upsert_customer", Step.REFUSED)
    answer = winery.put(guest={**GUEST, "phone": "not a phone"})
    assert (answer.body["customer"]["state"], answer.body["customer"]["reason"]) == ("linked", "fill_refused")


@pytest.mark.parametrize(
    ("customer", "guest", "added"),
    [
        (Customer(customer_id="1"), Guest(), None),
        (Customer(customer_id="1"), Guest(phone="5"), None),
        (ADA, Guest(phone="5"), {"phone": "5"}),
        (ADA, Guest(phone="5", first_name="Augusta"), {"phone": "5"}),
        (ADA, Guest(address=HOME), {"address": HOME}),
        (ADA, Guest(address=Address()), None),
        (ADA.model_copy(update={"address": Address()}), Guest(address=HOME), {"address": HOME}),
        (ADA.model_copy(update={"address": Address(city="Napa")}), Guest(address=HOME), None),
        (ADA.model_copy(update={"last_name": None}), Guest(last_name="Byron"), {}),
    ],
    ids=str,
)
def test_what_is_added(customer: Customer, guest: Guest, added: dict[str, object] | None):
    data = data_to_fill(customer, guest)
    if added is None:
        assert data is None
        return
    assert data is not None
    always_sent = {"customer_id", "email", "last_name"}
    assert {name: value for name, value in data if value and name not in always_sent} == added
    assert (data.customer_id, data.email, data.last_name) == ("c-1", "ada@example.com", "Byron")


def test_a_guest_who_was_linked_stays_known_while_a_filling_waits():
    winery = a_winery_that_fills()
    winery.put()
    winery.crm.always("*", Step.UNAVAILABLE)
    answer = winery.put(sequence=2, guest={**GUEST, "phone": "+1 555 0100"})
    assert (answer.body["customer"]["state"], answer.body["customer"]["customer_id"]) == ("pending", "c-1")
