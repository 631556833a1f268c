"""Entries of the audit trail: who changed what. They are only added, never changed."""

from datetime import datetime

from pydantic import Field

from cellarhand.domain.records import Key, Record, tenant_partition


class AuditEntry(Record):
    """One change. `ids` identify what was changed, by ids or hashes: no personal data, no secrets.

    `tenant_id` is `*` for what belongs to no tenant, such as a support key.
    """

    tenant_id: str
    at: datetime
    entry_id: str
    key_id: str
    what: str
    ids: dict[str, str] = Field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Sorted by time; the random part separates entries of one instant."""
        return Key(tenant_partition(self.tenant_id), f"AUD#{self.at.isoformat()}#{self.entry_id}")
