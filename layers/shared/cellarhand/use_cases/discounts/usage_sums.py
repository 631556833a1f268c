"""Read the sums of allowances for a guest: the guest's names, and how much is used under each.

Why: docs/decisions.md#a-members-allowance-has-two-sums
"""

from collections.abc import Iterable

from cellarhand.domain.customers.email_claim import CustomerClaim, customer_claim_key, email_hash
from cellarhand.domain.discounts.allowance import (
    EVERYBODY,
    AllowanceKey,
    AllowanceName,
    AllowanceRecord,
    AllowanceUse,
    allowance_key,
)
from cellarhand.domain.discounts.engine.usage_limits import Usage
from cellarhand.domain.email import normalise_email
from cellarhand.domain.reservations.allowance_claims import member_names
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records


class UsageSums:
    """All reads are consistent, and all sums are read in one batch."""

    def __init__(self, ledger: Records) -> None:
        self._ledger = ledger

    def names(self, tenant: TenantRecord, email: str | None, customer_id: str | None) -> tuple[str, ...]:
        """A member's names. A missing customer id is read from the e-mail's claim, never from the CRM."""
        if email and not customer_id:
            hashed = email_hash(tenant.hash_key, normalise_email(email))
            claim = self._ledger.get(CustomerClaim, customer_claim_key(tenant.tenant_id, hashed))
            customer_id = claim.customer_id if claim else None
        return member_names(tenant.hash_key, email, customer_id)

    def held_by(self, tenant_id: str, reservation_id: str) -> tuple[AllowanceUse, ...]:
        """What a reservation holds; nothing if it doesn't exist."""
        record = self._ledger.get(ReservationRecord, reservation_key(tenant_id, reservation_id))
        return record.allowances.uses if record else ()

    def read(self, tenant_id: str, names: Iterable[AllowanceName]) -> list[AllowanceRecord]:
        """The sums of these names, as far as they are stored."""
        keys = [allowance_key(tenant_id, name) for name in dict.fromkeys(names)]
        return self._ledger.get_many(AllowanceRecord, keys) if keys else []


def names_of(key: AllowanceKey, members: tuple[str, ...]) -> tuple[AllowanceName, ...]:
    """The sums that count towards an allowance: the common one, or the member's; none if nobody is named."""
    counted = (EVERYBODY,) if key.kind == "code" else members
    return tuple(AllowanceName(*key, member) for member in counted)


def usage_without(
    own: Iterable[AllowanceUse],
    keys: Iterable[AllowanceKey],
    members: tuple[str, ...],
    sums: Iterable[AllowanceRecord],
) -> Usage:
    """How much is used of each allowance, without a reservation's own uses."""
    used = {record.name: record.used for record in sums}
    for use in own:
        used[use.name] = used.get(use.name, 0) - use.amount
    return {key: sum(used.get(name, 0) for name in names_of(key, members)) for key in keys}
