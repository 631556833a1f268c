"""Wiring of look-ups that somebody waits for."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_crm
from cellarhand.bootstrap.outside import Outside, once
from cellarhand.bootstrap.tenants import policy_of

if TYPE_CHECKING:
    from cellarhand.use_cases.customers.cached_lookup import CustomerFinder
    from cellarhand.use_cases.customers.limit_lookups import LimitRecognition
    from cellarhand.use_cases.customers.look_up_customer import LookUpCustomer


@once
def customer_finder(outside: Outside) -> "CustomerFinder":
    """The look-ups of this process, with what they remember."""
    from cellarhand.use_cases.customers.cached_lookup import CustomerFinder

    return CustomerFinder(guarded_crm(), outside.clock)


@once
def look_up_customer(outside: Outside) -> "LookUpCustomer":
    """For the routes of customers, clubs and contact types."""
    from cellarhand.use_cases.customers.look_up_customer import LookUpCustomer

    return LookUpCustomer(outside.settings, guarded_crm(), customer_finder(), policy_of, outside.metrics)


@once
def limit_recognition(outside: Outside) -> "LimitRecognition":
    """For every route that recognises a guest whom the caller names."""
    from cellarhand.use_cases.customers.limit_lookups import LimitRecognition

    return LimitRecognition(outside.settings, outside.ledger, outside.clock, outside.metrics)
