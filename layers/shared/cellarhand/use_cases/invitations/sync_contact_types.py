"""Store the contact types and clubs of the CRM, and report the rules that name missing ones.

Why: docs/decisions.md#before-the-first-sync-every-invite-rule-passes
"""

from cellarhand.domain.invitations.broken_labels import faults_of_events, faults_of_rules
from cellarhand.domain.invitations.crm_groups import CrmGroupsRecord, crm_groups_key, merge_groups
from cellarhand.domain.invitations.views import LabelFault, SyncedGroups
from cellarhand.domain.tenants.access_key import Caller
from cellarhand.ports.crm import CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.discounts.read_schema import schema_in_force, schema_version
from cellarhand.use_cases.tenants.audit_trail import AuditTrail
from cellarhand.use_cases.tenants.read_tenant import stored_events, tenant_record

CALL_SECONDS = 3.5
"""For each of the two lists."""


class SyncContactTypes:
    """Raises a `CrmError` if the CRM doesn't answer; the stored groups then stay as they are."""

    def __init__(self, settings: Records, crms: CrmGateways, trail: AuditTrail, clock: Clock) -> None:
        self._settings = settings
        self._crms = crms
        self._trail = trail
        self._clock = clock

    def __call__(self, tenant_id: str, caller: Caller) -> SyncedGroups:
        """Nothing is deleted: a missing group is marked, and the mark is cleared if it is found again."""
        known = self._settings.get(CrmGroupsRecord, crm_groups_key(tenant_id))
        groups = self._settings.save(self._read_crm(tenant_id, caller, known))
        removed = sum(1 for group in (*groups.contact_types, *groups.clubs) if group.removed_at)
        self._trail.note(tenant_id, caller, "contact_types_synced", removed=str(removed))
        return SyncedGroups(
            synced_at=groups.synced_at,
            contact_types=groups.contact_types,
            contact_types_complete=groups.contact_types_complete,
            clubs=groups.clubs,
            affected=self._affected(tenant_id, groups),
        )

    def _read_crm(self, tenant_id: str, caller: Caller, known: CrmGroupsRecord | None) -> CrmGroupsRecord:
        crm = self._crms.of(tenant_record(self._settings, tenant_id))
        contact_types = crm.list_contact_types(timeout=CALL_SECONDS)
        clubs = crm.list_clubs(timeout=CALL_SECONDS)
        complete, now = crm.capabilities().lists_contact_types, self._clock.now()
        return CrmGroupsRecord(
            version=known.version if known else 0,
            tenant_id=tenant_id,
            contact_types=merge_groups(
                known.contact_types if known else (), contact_types, now, complete=complete
            ),
            contact_types_complete=complete,
            clubs=merge_groups(known.clubs if known else (), clubs, now),
            synced_by=caller.key_id,
            synced_at=now,
        )

    def _affected(self, tenant_id: str, groups: CrmGroupsRecord) -> tuple[LabelFault, ...]:
        of_events = faults_of_events(stored_events(self._settings, tenant_id), groups)
        number = schema_in_force(self._settings, tenant_id).number
        if number == 0:
            return tuple(of_events)
        schema = schema_version(self._settings, tenant_id, number)
        return (*faults_of_rules(schema.document, schema.meanings, groups), *of_events)
