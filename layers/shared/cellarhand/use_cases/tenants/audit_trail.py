"""Writing down who changed what."""

from cellarhand.domain.tenants.access_key import EVERY_TENANT, Caller
from cellarhand.domain.tenants.audit_entry import AuditEntry
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Tokens


class AuditTrail:
    """Adds entries to the audit table. Written after the change: a change that failed leaves none."""

    def __init__(self, audit: Records, clock: Clock, tokens: Tokens) -> None:
        self._audit = audit
        self._clock = clock
        self._tokens = tokens

    def note(self, tenant_id: str | None, caller: Caller, what: str, **ids: str) -> None:
        """`what` is a label such as `settings_written`; `ids` hold no personal data."""
        entry = AuditEntry(
            tenant_id=tenant_id or EVERY_TENANT,
            at=self._clock.now(),
            entry_id=self._tokens.token(64),
            key_id=caller.key_id,
            what=what,
            ids=ids,
        )
        self._audit.save(entry)
