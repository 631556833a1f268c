"""What must be saved together with an order's outcome, so that somebody looks at the CRM's orders later."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cellarhand.domain.order_sync.run_results import OrderResult
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.records import Record
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.tenant import TenantRecord


class FollowUp(Protocol):
    """Plans later checks; reconciliation implements it. Order sync saves the answer in its own transaction.

    Each answers records to be saved, maybe none. Raises `StorageUnavailableError`.
    """

    def of_results(
        self, tenant: TenantRecord, run: SyncRun, results: Sequence[OrderResult], now: datetime
    ) -> list[Record]:
        """For results that are saved while the run goes on."""
        ...

    def of_sent_orders(self, run: SyncRun) -> list[Record]:
        """For what `run.sent` says was sent and has no check planned yet."""
        ...

    def of_ended_run(self, run: SyncRun, now: datetime) -> list[Record]:
        """For a run that ends."""
        ...

    def of_settled_order(
        self, tenant: TenantRecord, record: ReservationRecord, now: datetime
    ) -> list[Record]:
        """For an order in review that staff found in the CRM."""
        ...
