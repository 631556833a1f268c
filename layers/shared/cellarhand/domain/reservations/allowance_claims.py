"""Which allowances a snapshot claims, under which member names, and what its state does to them.

confirmed  --> claims what its discounts need, and holds it
completed  --> the same, consumed
no_show    --> what is held is consumed
cancelled  --> before the visit everything is given back; later, what is held is consumed

Why: docs/decisions.md#a-members-allowance-has-two-sums, docs/decisions.md#a-reservation-stores-its-own-uses
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from cellarhand.domain.booking.guest import is_same_customer
from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.customers.email_claim import email_hash
from cellarhand.domain.discounts.allowance import AllowanceRecord, AllowanceUse, HeldAllowances
from cellarhand.domain.discounts.price_difference import PriceCheck
from cellarhand.domain.email import normalise_email
from cellarhand.domain.local_time import local_minute

from .reservation import ReservationRecord


class Claim(StrEnum):
    """What happens to a reservation's allowances."""

    ASKED = "asked"
    KEPT = "kept"
    GIVEN_BACK = "given_back"


PRICE_TERMS = (
    "quote_id",
    "event_id",
    "starts_at",
    "party_size",
    "fee_per_guest",
    "discounts",
    "promo_code",
    "add_ons",
    "tax",
    "gratuity",
    "total",
)


class ReservationWithAllowances(NamedTuple):
    """A reservation with the allowances it now holds, and the sums to save in the same transaction."""

    record: ReservationRecord
    sums: tuple[AllowanceRecord, ...] = ()


def needs_allowance_check(stored: ReservationRecord | None, snapshot: Snapshot, *, invite_only: bool) -> bool:
    """Whether allowances or a quote must be checked; most snapshots need neither."""
    by_rule = any(discount.rule for discount in snapshot.discounts)
    opened_by_code = invite_only and snapshot.promo_code is not None
    checked = stored is not None and (stored.allowances != HeldAllowances() or stored.price_check is not None)
    return bool(by_rule or opened_by_code or checked or snapshot.quote_id)


def with_contended_allowances(
    stored: ReservationRecord | None, record: ReservationRecord
) -> ReservationRecord:
    """The record if too many requests compete for its allowances: it keeps what it held until sent again."""
    held = stored.allowances if stored else HeldAllowances()
    kept = held.model_copy(update={"answers": (), "settled": False})
    busy = PriceCheck.unknown("allowance_busy")
    return record.model_copy(update={"allowances": kept, "price_check": busy})


def claim_of(held: HeldAllowances, snapshot: Snapshot, now: datetime, timezone: str) -> Claim:
    """What a snapshot's state does to the held allowances. `now`: its time if it has no `state_at`."""
    if snapshot.state == "cancelled":
        over = any(use.consumed for use in held.uses) or _is_after_the_visit(snapshot, now, timezone)
        return Claim.KEPT if over else Claim.GIVEN_BACK
    return Claim.KEPT if snapshot.state == "no_show" and held.uses else Claim.ASKED


def is_consumed(snapshot: Snapshot) -> bool:
    """Whether the held allowances can no longer be given back."""
    return snapshot.state != "confirmed"


def consume(uses: tuple[AllowanceUse, ...]) -> tuple[AllowanceUse, ...]:
    """Mark the uses as consumed: they can no longer be given back."""
    return tuple(use.model_copy(update={"consumed": True}) for use in uses)


def needs_price_check(stored: ReservationRecord | None, snapshot: Snapshot) -> bool:
    """Whether a change may affect the price of a confirmed or completed visit."""
    if snapshot.state not in {"confirmed", "completed"}:
        return False
    before = stored.snapshot if stored else None
    return before is None or any(getattr(before, term) != getattr(snapshot, term) for term in PRICE_TERMS)


def member_names(hash_key: str, email: str | None, customer_id: str | None) -> tuple[str, ...]:
    """The names under which a member's uses are counted, CRM id first. Hashes, since keys hold no address."""
    names = []
    if customer_id:
        names.append(f"c:{email_hash(hash_key, f'customer {customer_id}')}")
    if email and (address := normalise_email(email)):
        names.append(f"e:{email_hash(hash_key, address)}")
    return tuple(names)


def known_customer(stored: ReservationRecord | None, snapshot: Snapshot) -> str | None:
    """The id of the guest's customer, if the snapshot names one or the stored link still holds."""
    guest = snapshot.guest
    if guest.customer_id:
        return guest.customer_id
    linked = stored.customer.customer_id if stored else None
    return linked if stored and is_same_customer(linked, stored.snapshot.guest, guest) else None


def _is_after_the_visit(snapshot: Snapshot, now: datetime, timezone: str) -> bool:
    return local_minute(snapshot.state_at or now, timezone) >= snapshot.starts_at
