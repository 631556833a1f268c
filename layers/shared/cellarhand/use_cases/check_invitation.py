"""Whether a guest may visit an invite-only event. A booking is kept either way: the engine has decided."""

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel

from cellarhand.domain.access import Caller
from cellarhand.domain.customer import Customer
from cellarhand.domain.customer_view import is_on_hold
from cellarhand.domain.errors import CrmError, SettingsIncompleteError
from cellarhand.domain.reservation import CustomerState, ReservationRecord
from cellarhand.domain.tenant import Audience, Policy
from cellarhand.ports import CrmGateways
from cellarhand.use_cases.audit_trail import AuditTrail
from cellarhand.use_cases.reservation_facts import ReservationFacts
from cellarhand.use_cases.time_budget import TimeBudget


class GuestAccess(BaseModel):
    """Whether the guest is invited, or why not."""

    allowed: bool
    reason: Literal["invite_required", "crm_lookup_unavailable"] | None = None


INVITED = GuestAccess(allowed=True)
UNINVITED = GuestAccess(allowed=False, reason="invite_required")
NOBODY_KNOWS = GuestAccess(allowed=False, reason="crm_lookup_unavailable")


class CheckInvitation:
    """Costs a CRM call for invite-only events alone; what is kept against the rule leaves an audit entry.

    `policy_of` a tenant tells what its discount schema says over its settings; it is asked for no more than
    a membership on hold.
    """

    def __init__(self, crm: CrmGateways, trail: AuditTrail, policy_of: Callable[[str], Policy]) -> None:
        self._crm = crm
        self._trail = trail
        self._policy_of = policy_of

    def __call__(
        self, caller: Caller, facts: ReservationFacts, record: ReservationRecord, budget: TimeBudget
    ) -> GuestAccess:
        """Of a snapshot just kept. With the CRM silent nobody is known to be invited."""
        audience = facts.event.invite_only if facts.event else None
        if audience is None or record.customer.state is CustomerState.SKIPPED:
            return INVITED
        access = self._judge(facts, record, audience, budget)
        if not access.allowed:
            self._note(caller, record)
        return access

    def _judge(
        self, facts: ReservationFacts, record: ReservationRecord, audience: Audience, budget: TimeBudget
    ) -> GuestAccess:
        if record.customer.state is CustomerState.PENDING:
            return NOBODY_KNOWS
        try:
            customer = self._customer(facts, record, budget)
        except (CrmError, SettingsIncompleteError):
            return NOBODY_KNOWS
        # Imported here: few events are invite-only, and the models of discount rules cost a cold start 40 ms.
        from cellarhand.domain.discounts.access import is_invited

        on_hold = customer is not None and is_on_hold(customer)
        policy = self._policy_of(record.tenant_id) if on_hold else facts.settings.policy
        return INVITED if is_invited(audience, customer, policy) else UNINVITED

    def _customer(
        self, facts: ReservationFacts, record: ReservationRecord, budget: TimeBudget
    ) -> Customer | None:
        if record.customer.customer_id is None:
            return None
        gateway = self._crm.of(facts.tenant)
        return gateway.get_customer(record.customer.customer_id, timeout=budget.for_look_up())

    def _note(self, caller: Caller, record: ReservationRecord) -> None:
        ids = {"reservation_id": record.reservation_id, "event_id": record.snapshot.event_id}
        override = record.snapshot.invite_override
        if override is None:
            self._trail.note(record.tenant_id, caller, "uninvited_guest_kept", **ids)
        else:
            self._trail.note(
                record.tenant_id,
                caller,
                "invitation_overridden",
                by=override.by,
                reason=override.reason,
                **ids,
            )
