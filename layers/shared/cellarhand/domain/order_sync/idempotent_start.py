"""A start of a sync run that was asked for under an `Idempotency-Key`."""

from datetime import datetime

from cellarhand.domain.records import Key, Record, tenant_partition

from .sync_run import Selection


class SyncRequest(Record):
    """That an `Idempotency-Key` started a run: the same key again is answered with the same run."""

    tenant_id: str
    key_hash: str
    selection: Selection
    run_id: str
    keep_until: datetime

    @property
    def key(self) -> Key:
        """By the hash of the key."""
        return Key(tenant_partition(self.tenant_id), f"SYNC_REQUEST#{self.key_hash}")

    @property
    def expires_at(self) -> datetime:
        """A key may be used for another run after this."""
        return self.keep_until
