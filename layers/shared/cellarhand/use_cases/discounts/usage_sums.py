"""Reading allowances for a guest: by what names they are known, and how much is used."""

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
    """Every read is consistent, and all sums are read in one batch."""

    def __init__(self, ledger: Records) -> None:
        self._ledger = ledger

    def names(self, tenant: TenantRecord, email: str | None, customer_id: str | None) -> tuple[str, ...]:
        """Of a member; an id that is not given is looked for in the claim of the e-mail, not in the CRM."""
        if email and not customer_id:
            hashed = email_hash(tenant.hash_key, normalise_email(email))
            claim = self._ledger.get(CustomerClaim, customer_claim_key(tenant.tenant_id, hashed))
            customer_id = claim.customer_id if claim else None
        return member_names(tenant.hash_key, email, customer_id)

    def held_by(self, tenant_id: str, reservation_id: str) -> tuple[AllowanceUse, ...]:
        """What a reservation holds, if there is one."""
        record = self._ledger.get(ReservationRecord, reservation_key(tenant_id, reservation_id))
        return record.allowances.uses if record else ()

    def read(self, tenant_id: str, names: Iterable[AllowanceName]) -> list[AllowanceRecord]:
        """Those that anybody has used."""
        keys = [allowance_key(tenant_id, name) for name in dict.fromkeys(names)]
        return self._ledger.get_many(AllowanceRecord, keys) if keys else []


def names_of(key: AllowanceKey, members: tuple[str, ...]) -> tuple[AllowanceName, ...]:
    """The sums that count for an allowance: one for all, or the member's; none where nobody is named."""
    whose = (EVERYBODY,) if key.kind == "code" else members
    return tuple(AllowanceName(*key, member) for member in whose)


def usage_without(
    own: Iterable[AllowanceUse],
    keys: Iterable[AllowanceKey],
    members: tuple[str, ...],
    sums: Iterable[AllowanceRecord],
) -> Usage:
    """How much is used of each allowance, a reservation's own uses left out."""
    used = {record.name: record.used for record in sums}
    for use in own:
        used[use.name] = used.get(use.name, 0) - use.amount
    return {key: sum(used.get(name, 0) for name in names_of(key, members)) for key in keys}
