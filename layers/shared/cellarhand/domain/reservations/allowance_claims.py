"""What a snapshot claims of allowances: whether any at all, by what names, and what its state makes of it.

confirmed  --> asks for what its discounts need, and holds it
completed  --> the same, consumed
no_show    --> what is held is consumed
cancelled  --> before the visit all is given back; later, what is held is consumed
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
    """What becomes of a reservation's allowances."""

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
    """A reservation with what it holds now, and the sums that must be saved together with it."""

    record: ReservationRecord
    sums: tuple[AllowanceRecord, ...] = ()


def is_concerned(stored: ReservationRecord | None, snapshot: Snapshot, *, invite_only: bool) -> bool:
    """Whether allowances or a quote must be looked at at all; most snapshots need neither."""
    by_rule = any(discount.rule for discount in snapshot.discounts)
    opened_by_code = invite_only and snapshot.promo_code is not None
    before = stored is not None and (stored.allowances != HeldAllowances() or stored.price_check is not None)
    return bool(by_rule or opened_by_code or before or snapshot.quote_id)


def unsettled(stored: ReservationRecord | None, record: ReservationRecord) -> ReservationRecord:
    """Kept while too many others are at its allowances: it holds what it held, until it is sent again."""
    held = stored.allowances if stored else HeldAllowances()
    kept = held.model_copy(update={"answers": (), "settled": False})
    busy = PriceCheck.unknown("allowance_busy")
    return record.model_copy(update={"allowances": kept, "price_check": busy})


def claim_of(held: HeldAllowances, snapshot: Snapshot, now: datetime, timezone: str) -> Claim:
    """What the state of a snapshot makes of what is held. `now`: when it came, for one without `state_at`."""
    if snapshot.state == "cancelled":
        over = any(use.consumed for use in held.uses) or _is_after_the_visit(snapshot, now, timezone)
        return Claim.KEPT if over else Claim.GIVEN_BACK
    return Claim.KEPT if snapshot.state == "no_show" and held.uses else Claim.ASKED


def is_consumed(snapshot: Snapshot) -> bool:
    """Whether nothing will give back what is held from now on."""
    return snapshot.state != "confirmed"


def consumed(uses: tuple[AllowanceUse, ...]) -> tuple[AllowanceUse, ...]:
    """The same uses, for good."""
    return tuple(use.model_copy(update={"consumed": True}) for use in uses)


def is_priced_anew(stored: ReservationRecord | None, snapshot: Snapshot) -> bool:
    """Whether the price of a visit to come may be another than when the reservation was last looked at."""
    if snapshot.state not in {"confirmed", "completed"}:
        return False
    before = stored.snapshot if stored else None
    return before is None or any(getattr(before, term) != getattr(snapshot, term) for term in PRICE_TERMS)


def member_names(hash_key: str, email: str | None, customer_id: str | None) -> tuple[str, ...]:
    """By what names a member is known: by the CRM's id first. Hashes, for keys show no address."""
    names = []
    if customer_id:
        names.append(f"c:{email_hash(hash_key, f'customer {customer_id}')}")
    if email and (address := normalise_email(email)):
        names.append(f"e:{email_hash(hash_key, address)}")
    return tuple(names)


def known_customer(stored: ReservationRecord | None, snapshot: Snapshot) -> str | None:
    """The id of the guest's customer, if the reservation itself has it."""
    guest = snapshot.guest
    if guest.customer_id:
        return guest.customer_id
    linked = stored.customer.customer_id if stored else None
    return linked if stored and is_same_customer(linked, stored.snapshot.guest, guest) else None


def _is_after_the_visit(snapshot: Snapshot, now: datetime, timezone: str) -> bool:
    return local_minute(snapshot.state_at or now, timezone) >= snapshot.starts_at
