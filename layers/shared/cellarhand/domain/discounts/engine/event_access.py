"""Whether a visit is open to a guest: invite-only events, and what a silent CRM means for them."""

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
    """`opened_by_rule`: an `access_only` rule holds. With the CRM silent, invite-only events stay shut."""
    reason = _objection(event, recognition, policy, opened_by_rule)
    if reason is None:
        return OPEN_TO_ALL
    return Access(allowed=False, reason=reason, override_offered=channel == "back_office")


def _objection(
    event: EventBody, recognition: Recognition, policy: Policy, opened_by_rule: bool
) -> Reason | None:
    if recognition.crm_unavailable and (event.invite_only or policy.crm_unreachable == "refuse"):
        return Reason.CRM_LOOKUP_UNAVAILABLE
    if event.invite_only is None or opened_by_rule:
        return None
    return None if is_invited(event.invite_only, recognition.customer, policy) else Reason.INVITE_REQUIRED


def is_invited(audience: Audience, customer: Customer | None, policy: Policy) -> bool:
    """Whether the guest is in a club whose benefits count, or carries a contact type, by id or name."""
    if customer is None:
        return False
    counting = clubs_that_count(customer, policy)
    clubs = [(held.club_id, held.club) for held in customer.memberships if held.club_id in counting]
    types = [(kind.id, kind.name) for kind in customer.contact_types]
    return _called(audience.clubs_any, clubs) or _called(audience.contact_types_any, types)


def _called(labels: tuple[str, ...], things: list[tuple[str, str]]) -> bool:
    wanted = {fold_label(label) for label in labels}
    return any(fold_label(text) in wanted for thing in things for text in thing)
