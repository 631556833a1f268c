"""Who changed what: entries that are only ever added."""

from datetime import datetime

from pydantic import Field

from cellarhand.domain.records import Key, Record, tenant_partition


class AuditEntry(Record):
    """One change. `ids` name what was changed, by ids or hashes; never personal data, never a secret.

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
        """In the order of time; the random part keeps two of one instant apart."""
        return Key(tenant_partition(self.tenant_id), f"AUD#{self.at.isoformat()}#{self.entry_id}")
