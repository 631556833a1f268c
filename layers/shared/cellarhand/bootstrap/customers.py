"""Wiring of look-ups that somebody waits for."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_gateways
from cellarhand.bootstrap.discount_schema import policy_of
from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.use_cases.customers.cached_lookup import CachedLookup
    from cellarhand.use_cases.customers.limit_lookups import LimitLookups
    from cellarhand.use_cases.customers.look_up_customer import LookUpCustomer


@once
def cached_lookup(outside: Outside) -> "CachedLookup":
    """The look-ups of this process, with what they remember."""
    from cellarhand.use_cases.customers.cached_lookup import CachedLookup

    return CachedLookup(guarded_gateways(), outside.clock)


@once
def look_up_customer(outside: Outside) -> "LookUpCustomer":
    """For the routes of customers, clubs and contact types."""
    from cellarhand.use_cases.customers.look_up_customer import LookUpCustomer

    return LookUpCustomer(outside.settings, guarded_gateways(), cached_lookup(), policy_of, outside.metrics)


@once
def limit_lookups(outside: Outside) -> "LimitLookups":
    """For every route that recognises a guest whom the caller names."""
    from cellarhand.use_cases.customers.limit_lookups import LimitLookups

    return LimitLookups(outside.settings, outside.ledger, outside.clock, outside.metrics)
