"""Which of several CRM records for one e-mail is the guest's.

An active membership first, then the oldest where the provider knows, else the latest modified, then the
lowest id. The others are reported as duplicates and never merged by us.
"""

from collections.abc import Iterable

from .customer import Customer, MembershipStatus


def best_first(customers: Iterable[Customer]) -> list[Customer]:
    """The same customers, the guest's most likely record first."""
    return sorted(customers, key=_rank)


def _rank(customer: Customer) -> tuple[object, ...]:
    active = any(held.status is MembershipStatus.ACTIVE for held in customer.memberships)
    created = customer.created_at.timestamp() if customer.created_at else None
    modified = customer.modified_at.timestamp() if customer.modified_at else 0.0
    return (not active, created is None, created or 0.0, -modified, _as_counted(customer.customer_id))


def _as_counted(customer_id: str) -> tuple[int, str]:
    """Ids that are numbers in the order of numbers: "9" before "10"."""
    return (len(customer_id) if customer_id.isdecimal() else 0, customer_id)
