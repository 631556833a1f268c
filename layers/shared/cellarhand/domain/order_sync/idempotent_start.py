"""The record that makes starting a sync run idempotent under an `Idempotency-Key`."""

from datetime import datetime

from cellarhand.domain.records import Key, Record, tenant_partition

from .selection import Selection


class SyncRequest(Record):
    """An `Idempotency-Key` that started a run: a request with the same key gets the same run."""

    tenant_id: str
    key_hash: str
    selection: Selection
    run_id: str
    keep_until: datetime

    @property
    def key(self) -> Key:
        """One per `Idempotency-Key` of a tenant, by its hash."""
        return Key(tenant_partition(self.tenant_id), f"SYNC_REQUEST#{self.key_hash}")

    @property
    def expires_at(self) -> datetime:
        """After this the key may start another run."""
        return self.keep_until
