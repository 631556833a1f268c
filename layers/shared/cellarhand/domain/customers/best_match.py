"""Choose the guest's record among several CRM records with one e-mail.

Records with an active membership come first, then the oldest record (where the provider knows the date of
creation), then the latest modified, then the lowest id. The others are reported as duplicates; we never merge
them.
"""

from collections.abc import Iterable

from .customer import Customer, MembershipStatus


def best_first(customers: Iterable[Customer]) -> list[Customer]:
    """Sort the customers, the most likely record of the guest first."""
    return sorted(customers, key=_rank)


def _rank(customer: Customer) -> tuple[object, ...]:
    active = any(membership.status is MembershipStatus.ACTIVE for membership in customer.memberships)
    created = customer.created_at.timestamp() if customer.created_at else None
    modified = customer.modified_at.timestamp() if customer.modified_at else 0.0
    return (not active, created is None, created or 0.0, -modified, _numeric_order(customer.customer_id))


def _numeric_order(customer_id: str) -> tuple[int, str]:
    """Sort numeric ids as numbers: "9" before "10"."""
    return (len(customer_id) if customer_id.isdecimal() else 0, customer_id)
