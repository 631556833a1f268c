"""Customers, clubs, contact types and SKUs, as every CRM must tell of them."""

import pytest

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.errors import NotSupportedByCrmError
from cellarhand.ports.crm import Connection, Outcome, WriteResult
from tests.contract.crm_gateway.world import (
    ADA,
    BEN,
    CLEO,
    DORA,
    ELI,
    FAY,
    FOUNDERS,
    GOLD,
    GUS,
    PATIENCE,
    PURCHASERS,
    SKUS,
    TRADE,
    ZOE,
    World,
    an_id,
)


def alike(customers: list[Customer]) -> list[Customer]:
    """Sorted by first name, without what the CRM alone decides and what only some CRMs know."""
    comparable = [
        customer.model_copy(
            update={
                "modified_at": None,
                "created_at": None,
                "memberships": tuple(
                    held.model_copy(update={"joined_on": None}) for held in customer.memberships
                ),
            }
        )
        for customer in customers
    ]
    return sorted(comparable, key=lambda customer: customer.first_name or "")


@pytest.mark.parametrize("customer", [ADA, BEN, CLEO], ids=["active", "inactive", "on hold"])
def test_a_customer_is_found_by_e_mail_with_types_and_memberships(world: World, customer: Customer):
    assert alike(world.crm.find_customers(email=customer.email, timeout=PATIENCE)) == [customer]


def test_all_customers_of_one_e_mail_are_told(world: World):
    assert alike(world.crm.find_customers(email="twice@example.com", timeout=PATIENCE)) == [DORA, ELI]


def test_nobody_has_an_unknown_e_mail(world: World):
    assert world.crm.find_customers(email="nobody@example.com", timeout=PATIENCE) == []


def test_part_of_an_e_mail_is_another_e_mail(world: World):
    assert world.crm.find_customers(email="da@example.com", timeout=PATIENCE) == []


@pytest.mark.parametrize("last_name", ["Müller", "müller", "MÜLLER"])
def test_case_does_not_matter_in_last_names(world: World, last_name: str):
    assert alike(world.crm.find_customers(last_name=last_name, timeout=PATIENCE)) == [FAY, GUS]


def test_nobody_has_an_unknown_last_name(world: World):
    assert world.crm.find_customers(last_name="Nobody", timeout=PATIENCE) == []


def test_a_customer_is_read_by_id(world: World):
    customer = world.crm.get_customer(ADA.customer_id, timeout=PATIENCE)
    assert customer is not None
    assert alike([customer]) == [ADA]


def test_memberships_carry_the_day_of_joining_where_the_crm_knows_it(world: World):
    customer = world.crm.get_customer(ADA.customer_id, timeout=PATIENCE)
    assert customer is not None
    joined = [held.joined_on is not None for held in customer.memberships]
    assert joined == [world.crm.capabilities().knows_joining_dates]


def test_there_is_no_customer_of_an_unknown_id(world: World):
    assert world.crm.get_customer(an_id("nobody"), timeout=PATIENCE) is None


def test_a_new_customer_is_found_as_it_was_given(world: World):
    result = world.crm.upsert_customer(ZOE, timeout=PATIENCE)
    assert (result.outcome, result.login_refused) == (Outcome.DONE, False)
    (found,) = world.crm.find_customers(email=ZOE.email, timeout=PATIENCE)
    assert (found.customer_id, found.first_name, found.last_name) == (result.id, "Zoe", "Zimmer")
    assert (found.phone, found.address) == (ZOE.phone, ZOE.address)
    assert world.customers_with_email(ZOE.email) == 1


def test_filling_a_customer_keeps_what_was_not_given(world: World):
    data = ZOE.model_copy(
        update={
            "customer_id": ADA.customer_id,
            "email": "ada@example.com",
            "address": None,
            "last_name": "Archer",
        }
    )
    assert world.crm.upsert_customer(data, timeout=PATIENCE) == WriteResult(Outcome.DONE, ADA.customer_id)
    found = world.crm.get_customer(ADA.customer_id, timeout=PATIENCE)
    assert found is not None
    (filled,) = alike([found])
    assert (filled.phone, filled.address) == (ZOE.phone, ADA.address)
    assert (filled.memberships, filled.contact_types) == (ADA.memberships, ADA.contact_types)


def test_filling_an_unknown_customer_is_refused_with_a_reason(world: World):
    data = ZOE.model_copy(update={"customer_id": an_id("nobody")})
    result = world.crm.upsert_customer(data, timeout=PATIENCE)
    assert (result.outcome, result.id) == (Outcome.REFUSED, None)
    assert result.message
    assert world.customers_with_email(ZOE.email) == 0


def test_all_clubs_are_told_inactive_ones_too(world: World):
    assert sorted(world.crm.list_clubs(timeout=PATIENCE), key=lambda club: club.name) == [FOUNDERS, GOLD]


def test_all_contact_types_are_told(world: World):
    kinds = sorted(world.crm.list_contact_types(timeout=PATIENCE), key=lambda kind: kind.name)
    assert kinds == [PURCHASERS, TRADE]


def test_all_skus_are_told(world: World):
    assert world.crm.list_skus(timeout=PATIENCE) == SKUS
    assert world.crm.capabilities().knows_skus


def test_members_of_a_type_are_told_or_it_is_said_that_they_can_not(world: World):
    if world.crm.capabilities().lists_customers_of_type:
        assert alike(world.crm.list_customers_of_type(TRADE.id, timeout=PATIENCE)) == [ADA]
    else:
        with pytest.raises(NotSupportedByCrmError):
            world.crm.list_customers_of_type(TRADE.id, timeout=PATIENCE)


def test_a_good_login_works(world: World):
    assert world.crm.test_connection(timeout=PATIENCE).connection is Connection.WORKS
