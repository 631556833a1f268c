"""Whether a guest may book an event: invite-only events, and what happens while the CRM doesn't answer.

Why: docs/decisions.md#bookings-pass-by-access-rules-and-by-staff-override
"""

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.quote import Access
from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.discounts.schema.labels import fold_label
from cellarhand.domain.discounts.schema.schema import Channel
from cellarhand.domain.tenants.event import Audience, EventBody
from cellarhand.domain.tenants.settings import Policy

from .facts import Recognition, clubs_that_count

OPEN_TO_ALL = Access(allowed=True)


def access_of(
    event: EventBody, recognition: Recognition, policy: Policy, *, opened_by_rule: bool, channel: Channel
) -> Access:
    """`opened_by_rule`: an `access_only` rule holds. If the CRM fails, invite-only events stay closed."""
    reason = _refusal(event, recognition, policy, opened_by_rule)
    if reason is None:
        return OPEN_TO_ALL
    return Access(allowed=False, reason=reason, override_offered=channel == "back_office")


def _refusal(
    event: EventBody, recognition: Recognition, policy: Policy, opened_by_rule: bool
) -> Reason | None:
    if recognition.crm_unavailable and (event.invite_only or policy.crm_unreachable == "refuse"):
        return Reason.CRM_LOOKUP_UNAVAILABLE
    if event.invite_only is None or opened_by_rule:
        return None
    return None if is_invited(event.invite_only, recognition.customer, policy) else Reason.INVITE_REQUIRED


def is_invited(audience: Audience, customer: Customer | None, policy: Policy) -> bool:
    """Whether the guest has benefits of one of the clubs, or one of the contact types (by id or name)."""
    if customer is None:
        return False
    counting = clubs_that_count(customer, policy)
    clubs = [(held.club_id, held.club) for held in customer.memberships if held.club_id in counting]
    types = [(kind.id, kind.name) for kind in customer.contact_types]
    return _is_any_named(audience.clubs_any, clubs) or _is_any_named(audience.contact_types_any, types)


def _is_any_named(labels: tuple[str, ...], things: list[tuple[str, str]]) -> bool:
    wanted = {fold_label(label) for label in labels}
    return any(fold_label(text) in wanted for thing in things for text in thing)
