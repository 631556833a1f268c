"""Keep what a probe has found out about a tenant's CRM."""

from cellarhand.domain.tenants.access_key import Caller
from cellarhand.domain.tenants.crm_measurements import MeasuredCrm
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.records import Records

from .audit_trail import AuditTrail
from .read_tenant import tenant_record


class RecordCrmMeasurements:
    """From then on gateways and timers of this tenant go by it."""

    def __init__(self, settings: Records, trail: AuditTrail) -> None:
        self._settings = settings
        self._trail = trail

    def __call__(self, caller: Caller, tenant_id: str, measured: MeasuredCrm) -> TenantRecord:
        """Replaces an earlier probe's. Raises `NotFoundError`, or `StaleRecordError`: then say it again."""
        tenant = tenant_record(self._settings, tenant_id)
        kept = self._settings.save(tenant.model_copy(update={"measured": measured}))
        self._trail.note(tenant_id, caller, "crm_measured", environment=measured.measured_in)
        return kept
