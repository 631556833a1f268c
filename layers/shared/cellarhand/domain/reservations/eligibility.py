"""Whether a reservation may become an order now, and if not, why: a list of rules, the first match decides.

Eligible is what is a reservation (no ticket order), not cancelled, without a balance, with known SKUs, a
buyer, and lines in whole cents that add up, not yet synced, and (in a scheduled run) due.
"""

from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Settings

from .order_progress import OrderProgress, OrderState
from .reservation import CustomerState, ReservationRecord

CUSTOMER_PENDING = "customer_pending"
"""Reason of a `pending` order that waits until its guest is in the CRM."""


TOO_EARLY = "too_early"
"""Applies to one scheduled run only: the order itself stays pending."""


class SkuKnowledge(StrEnum):
    """Why an assessment has no list of SKUs."""

    NOT_ASKED = "not_asked"
    """The CRM was not asked yet, because a snapshot is being stored; the run asks it."""
    CRM_CANNOT_TELL = "crm_cannot_tell"
    """This CRM can't list its SKUs: staff must have confirmed the event's SKU (`sku_confirmed_by`)."""


class EligibilityContext(NamedTuple):
    """The inputs of an assessment. Only scheduled runs set `visits_until` (local date, inclusive)."""

    event: EventBody | None
    settings: Settings
    skus: frozenset[str] | SkuKnowledge = SkuKnowledge.NOT_ASKED
    visits_until: date | None = None


class Assessment(NamedTuple):
    """`pending` or `not_eligible`, with the label of the rule that decided and a message for staff."""

    state: OrderState
    reason: str | None = None
    message: str | None = None


def assess(record: ReservationRecord, basis: EligibilityContext) -> Assessment:
    """Assess a reservation by its newest snapshot. The order's current state matters only if synced."""
    for rule in _RULES:
        if refusal := rule(record, basis):
            return refusal
    if record.customer.state is CustomerState.PENDING:
        return Assessment(OrderState.PENDING, CUSTOMER_PENDING)
    return Assessment(OrderState.PENDING)


def with_eligibility(record: ReservationRecord, basis: EligibilityContext) -> OrderProgress:
    """Update the order's progress after a change of snapshot, customer, exclusion or settings.

    An order that was or may have been sent, or that waits for a decision of staff, stays unchanged.
    """
    if record.order.state not in _OPEN_TO_CHANGE:
        return record.order
    verdict = assess(record, basis)
    return record.order.model_copy(
        update={"state": verdict.state, "reason": verdict.reason, "message": verdict.message}
    )


def skus_of(snapshot: Snapshot, basis: EligibilityContext) -> Iterator[str | None]:
    """The SKUs that the order's lines need; None for one that is not mapped."""
    if basis.event is not None:
        yield basis.event.sku
    yield from (add_on.sku for add_on in snapshot.add_ons)
    if snapshot.gratuity:
        yield basis.settings.gratuity_sku


_OPEN_TO_CHANGE = frozenset({OrderState.NOT_ELIGIBLE, OrderState.PENDING, OrderState.REJECTED})
_REACHABLE_CUSTOMER = frozenset({CustomerState.LINKED, CustomerState.CREATED, CustomerState.PENDING})


def _no(reason: str, message: str | None = None) -> Assessment:
    return Assessment(OrderState.NOT_ELIGIBLE, reason, message)


def _already_synced(record: ReservationRecord, _: EligibilityContext) -> Assessment | None:
    return _no("already_synced") if record.order.state is OrderState.SYNCED else None


def _excluded(record: ReservationRecord, _: EligibilityContext) -> Assessment | None:
    return _no("excluded_by_staff") if record.excluded else None


def _ticket_order(record: ReservationRecord, _: EligibilityContext) -> Assessment | None:
    return _no("ticket_order") if record.snapshot.kind == "ticket_order" else None


def _cancelled(record: ReservationRecord, _: EligibilityContext) -> Assessment | None:
    return _no("cancelled") if record.snapshot.state == "cancelled" else None


def _no_show(record: ReservationRecord, basis: EligibilityContext) -> Assessment | None:
    if record.snapshot.state != "no_show":
        return None
    paid_and_wanted = record.snapshot.paid > 0 and basis.settings.sync_no_shows
    return None if paid_and_wanted else _no("no_show_excluded")


def _balance(record: ReservationRecord, _: EligibilityContext) -> Assessment | None:
    balance = record.snapshot.balance
    if balance > 0:
        return _no("balance_due")
    return _no("refund_due") if balance < 0 else None


def _event_unknown(record: ReservationRecord, basis: EligibilityContext) -> Assessment | None:
    if basis.event is not None:
        return None
    return _no("event_unknown", f"Event {record.snapshot.event_id} has no settings yet.")


def _amounts(record: ReservationRecord, _: EligibilityContext) -> Assessment | None:
    snapshot = record.snapshot
    if snapshot.net_fees < 0:
        return _no("amount_mismatch", "The discounts are greater than the fees.")
    guests = sum(price.guests * price.unit_price for price in snapshot.price_per_guest())
    lines = guests + snapshot.add_ons_total + snapshot.gratuity
    if lines + snapshot.tax != snapshot.paid:
        return _no("amount_mismatch", f"The lines and the tax add up to {lines + snapshot.tax}.")
    return None


def _sku_missing(record: ReservationRecord, basis: EligibilityContext) -> Assessment | None:
    return _no("sku_missing") if None in set(skus_of(record.snapshot, basis)) else None


def _sku_unknown(record: ReservationRecord, basis: EligibilityContext) -> Assessment | None:
    if isinstance(basis.skus, SkuKnowledge):
        return None
    unknown = sorted({sku for sku in skus_of(record.snapshot, basis) if sku and sku not in basis.skus})
    return _no("sku_unknown_in_crm", f"The CRM does not have: {', '.join(unknown)}") if unknown else None


def _sku_unconfirmed(_: ReservationRecord, basis: EligibilityContext) -> Assessment | None:
    if basis.skus is not SkuKnowledge.CRM_CANNOT_TELL or basis.event is None:
        return None
    return None if basis.event.sku_confirmed_by else _no("sku_unconfirmed")


def _customer_missing(record: ReservationRecord, _: EligibilityContext) -> Assessment | None:
    if record.customer.state not in _REACHABLE_CUSTOMER:
        return _no("customer_missing", record.customer.message)
    for field in ("email", "last_name"):
        if not getattr(record.snapshot.guest, field):
            return _no("customer_missing", f"The guest has no {field}, which the order needs.")
    return None


def _too_early(record: ReservationRecord, basis: EligibilityContext) -> Assessment | None:
    if basis.visits_until is None or record.snapshot.visit_date <= basis.visits_until:
        return None
    return _no(TOO_EARLY)


_RULES: tuple[Callable[[ReservationRecord, EligibilityContext], Assessment | None], ...] = (
    _already_synced,
    _excluded,
    _ticket_order,
    _cancelled,
    _no_show,
    _balance,
    _event_unknown,
    _amounts,
    _sku_missing,
    _sku_unknown,
    _sku_unconfirmed,
    _customer_missing,
    _too_early,
)
