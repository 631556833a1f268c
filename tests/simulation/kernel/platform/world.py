"""One simulated world: what all environments share, the time in it, and who winds the clocks."""

import math
from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random

from cellarhand.domain.records import Record
from cellarhand.domain.tenants.tenant import TenantRecord
from tests.fakes.outside import FakeCrmLogins
from tests.fakes.schedules import FakeScheduleItems, FakeSchedules
from tests.simulation.kernel.faults.faults import Faults
from tests.simulation.kernel.faults.variant import AS_BUILT, Variant
from tests.simulation.kernel.judge.crm_book import CrmBook
from tests.simulation.kernel.judge.log import Log
from tests.simulation.kernel.platform.environment import BEGINNING, MachineClock
from tests.simulation.kernel.platform.hub import Hub
from tests.simulation.kernel.platform.platform import FUNCTIONS, Platform, Queue
from tests.simulation.kernel.platform.stores import LaggingRecords
from tests.simulation.kernel.ports.seam import Seam

MINUTE = 60.0
THAW_MARGIN = 120.0
SCHEDULE_CHANGES_TAKE = 0.3


class World:
    """`watched`: the functions whose calls may go wrong. With a `shuffle`, equals come in any order.

    What is due after `ends_at` (true seconds) is not waited for.
    """

    def __init__(
        self,
        faults: Faults,
        watched: Collection[str] = (),
        variant: Variant = AS_BUILT,
        *,
        ends_at: float = math.inf,
        seed: int = 0,
        shuffle: bool = False,
    ) -> None:
        self.timers = variant.true
        self.variant = variant
        self.chance = Random(seed)  # noqa: S311 - one seed must be one run
        self.hub = Hub(self.chance if shuffle else None)
        self.faults = faults
        self.watched = watched or FUNCTIONS.keys() - {"sweeper"}
        self.seam = Seam(self.hub, faults, self.timers.clock_skew)
        self.log = Log()
        self.clock = MachineClock(self.hub)
        self.settings = self._table()
        self.ledger = self._table()
        self.access = self._table()
        self.audit = self._table()
        self.vault = FakeCrmLogins()
        self.crms: dict[str, CrmBook] = {}
        self.scheduler = FakeSchedules()
        self.schedule_items = FakeScheduleItems()
        self.platform = Platform(self)
        self.queues = {name: Queue(self, name) for name in ("customer_upsert_retry", "order_sync_runner")}
        self.lose_messages = False
        self._ends_at = ends_at
        self._sweeps_at = math.inf

    @property
    def has_work_due(self) -> bool:
        """Whether something waits in the ledger for a time that this world still sees."""
        due = self.ledger.next_due
        return due is not None and (due - BEGINNING).total_seconds() < self._ends_at

    @property
    def thaws_after(self) -> float:
        """Seconds for which a frozen environment lies idle: longer than anything else may take."""
        return self.timers.settle.total_seconds() + THAW_MARGIN

    def _table(self) -> LaggingRecords:
        return LaggingRecords(self.clock, lambda: self.hub.now, self._written)

    def _written(self, record: Record) -> None:
        if record.due_at is not None:
            self._sweep_by(record.due_at)
        if isinstance(record, TenantRecord):
            self.tell_stream(record.tenant_id)

    def tell_stream(self, tenant_id: str) -> None:
        """The settings table's stream tells of a change, until everybody whom it has told has listened."""
        keys = {"pk": {"S": f"T#{tenant_id}"}}
        event = {"Records": [{"dynamodb": {"Keys": keys, "SequenceNumber": "1"}}]}

        def ended(answer: object) -> None:
            if not isinstance(answer, dict) or answer["batchItemFailures"]:
                self.hub.after(MINUTE, report)

        def report() -> None:
            self.platform.start("sync_schedule", event, tenant_id, ended, ended)

        if self.seam.is_open:
            self.hub.after(SCHEDULE_CHANGES_TAKE, report)

    def _sweep_by(self, due: datetime) -> None:
        """A sweep at the first full minute after that; the sweeps that would find nothing are left out."""
        at = math.ceil(max((due - BEGINNING).total_seconds(), self.hub.now) / MINUTE) * MINUTE
        if at < min(self._sweeps_at, self._ends_at):
            self._sweeps_at = at
            self.hub.at(at, lambda: self._sweep(at))

    def _sweep(self, at: float) -> None:
        if at != self._sweeps_at:
            return
        self._sweeps_at = math.inf
        due = self.ledger.next_due
        if due is None:
            return
        if due <= self.clock.now():
            self.platform.start("sweeper", {}, None)
        self._sweep_by(max(due, BEGINNING + timedelta(seconds=at + 1)))
