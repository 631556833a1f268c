"""Whether a guest may visit an invite-only event. The booking is stored either way: the engine has decided.

Why: docs/decisions.md#bookings-pass-by-access-rules-and-by-staff-override
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.errors import CrmError, SettingsIncompleteError
from cellarhand.domain.local_time import local_minute
from cellarhand.domain.reservations.reservation import CustomerState, ReservationRecord
from cellarhand.domain.tenants.access_key import Caller
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Policy
from cellarhand.ports.crm import CrmGateways
from cellarhand.use_cases.crm.time_budget import TimeBudget
from cellarhand.use_cases.ledger.reservation_context import ReservationContext
from cellarhand.use_cases.tenants.audit_trail import AuditTrail

if TYPE_CHECKING:
    from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema


class GuestAccess(BaseModel):
    """Whether the guest may come, or why not.

    Allowed with a `reason`: staff overrode that reason, by name (`invite_override` of the snapshot).
    """

    allowed: bool
    reason: Literal["invite_required", "crm_lookup_unavailable"] | None = None


INVITED = GuestAccess(allowed=True)
UNINVITED = GuestAccess(allowed=False, reason="invite_required")
CRM_UNAVAILABLE = GuestAccess(allowed=False, reason="crm_lookup_unavailable")


class CheckInvitation:
    """Calls the CRM only for invite-only events. A booking against the invite rule leaves an audit entry.

    `schema_of` is called only if the invite rule alone doesn't let the guest in: the schema's policy may let
    memberships on hold count, and its access rules may open the event.
    """

    def __init__(
        self, crm: CrmGateways, trail: AuditTrail, schema_of: Callable[[str], "CompiledSchema"]
    ) -> None:
        self._crm = crm
        self._trail = trail
        self._schema_of = schema_of

    def __call__(
        self, caller: Caller, facts: ReservationContext, record: ReservationRecord, budget: TimeBudget
    ) -> GuestAccess:
        """The access of a guest whose snapshot was just stored. Refused if the CRM doesn't answer."""
        event = facts.event
        if event is None or event.invite_only is None or record.customer.state is CustomerState.SKIPPED:
            return INVITED
        access = self._access(facts, event, record, budget)
        if access.allowed:
            return access
        self._note(caller, record)
        overridden = record.snapshot.invite_override is not None
        return GuestAccess(allowed=overridden, reason=access.reason)

    def _access(
        self, facts: ReservationContext, event: EventBody, record: ReservationRecord, budget: TimeBudget
    ) -> GuestAccess:
        if record.customer.state is CustomerState.PENDING:
            return CRM_UNAVAILABLE
        try:
            customer = self._customer(facts, record, budget)
        except (CrmError, SettingsIncompleteError):
            return CRM_UNAVAILABLE
        # Imported here: few events are invite-only, and the models of discount rules cost a cold start 40 ms.
        from cellarhand.domain.discounts.engine.event_access import is_invited

        if event.invite_only and is_invited(event.invite_only, customer, Policy()):
            return INVITED
        return INVITED if self._passes_by_schema(facts, event, record, customer) else UNINVITED

    def _passes_by_schema(
        self,
        facts: ReservationContext,
        event: EventBody,
        record: ReservationRecord,
        customer: Customer | None,
    ) -> bool:
        """As a quote would decide, ignoring used-up codes: the engine knew them when it took the booking."""
        from cellarhand.domain.discounts.engine.facts import Recognition
        from cellarhand.domain.discounts.engine.price import price
        from cellarhand.domain.discounts.simulation.replay import request_of

        priced = price(
            self._schema_of(record.tenant_id),
            facts.settings.policy,
            event,
            request_of(record.snapshot),
            booked_at=local_minute(record.snapshot.booked_at, facts.tenant.timezone),
            recognition=Recognition(customer),
        )
        return priced.access.allowed

    def _customer(
        self, facts: ReservationContext, record: ReservationRecord, budget: TimeBudget
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
