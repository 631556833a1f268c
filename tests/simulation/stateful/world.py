"""Two wineries in one deployment, their CRMs, and the functions as AWS starts them."""

import contextvars
from datetime import datetime
from io import StringIO
from typing import Any

from cellarhand.bootstrap.outside import Process, run_as
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.orders.order import Order
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.event import EventRecord
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.observability import logger
from cellarhand.ports.crm import CrmGateways, CrmLogin
from functions.customer_upsert_retry import app as customer_upsert_retry
from functions.order_sync import app as order_sync
from functions.order_sync_runner import app as order_sync_runner
from functions.settings import app as settings
from functions.sweeper import app as sweeper
from functions.sync_schedule import app as sync_schedule
from tests.fakes.http import Answered, Handler, http_event
from tests.fakes.outside import TIMERS, FakeCrmLogins
from tests.fakes.schedules import FakeScheduleItems, FakeSchedules
from tests.fakes.signals import CollectedMetrics
from tests.fakes.tenants import take_on
from tests.fakes.time import CountingTokens, FakeClock
from tests.fakes.workers import OneByOne
from tests.simulation.stateful.crm import MoodyCrm
from tests.simulation.stateful.queues import Message, Queues
from tests.simulation.stateful.stores import Killed, Mortality, Touch, WatchedRecords
from tests.unit.order_sync.given import EVENT, SETTINGS

TENANTS = ("oak-hollow", "birch-hill")
PROCESSES = 2
"""Warm environments, each with caches of its own."""
SECONDS = 60.0
"""That an invocation may last; the guest's own budget is far below."""
WORKERS = {
    "customer_upsert_retry": customer_upsert_retry.lambda_handler,
    "order_sync_runner": order_sync_runner.lambda_handler,
}


class World:
    """Fills `Outside` for each of the processes; one that is killed is gone with all that it remembered."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.tokens = CountingTokens()
        self.metrics = CollectedMetrics()
        self.schedules = FakeSchedules()
        self.schedule_items = FakeScheduleItems()
        self.timers = TIMERS
        self.touch, self.mortality = Touch(), Mortality()
        self.settings, self.ledger, self.access, self.audit = (
            WatchedRecords(self.clock, self.touch, self.mortality) for _ in range(4)
        )
        self.hints = Queues(self.clock, self.touch)
        self.logins = WatchedLogins(self.touch)
        self.workers = OneByOne(self.clock)
        self.passwords = dict.fromkeys(TENANTS, "secret-0")
        self.crms = {tenant_id: self._crm(tenant_id) for tenant_id in TENANTS}
        self.crm: CrmGateways = self
        self.log = StringIO()
        self._before = logger.registered_handler.setStream(self.log)
        self._processes = [Process(self) for _ in range(PROCESSES)]
        for tenant_id in TENANTS:
            self._take_on(tenant_id)

    def close(self) -> None:
        """Log to where the log went before."""
        logger.registered_handler.setStream(self._before)

    def of(self, tenant: TenantRecord) -> MoodyCrm:
        """Fills `CrmGateways`."""
        self.mortality.live()
        self.touch.check(tenant.tenant_id, "the CRM")
        return self.crms[tenant.tenant_id]

    def ask(
        self, handler: Handler, route: str, tenant_id: str, process: int = 0, **parts: Any
    ) -> Answered | None:
        """Through API Gateway; None: there was no answer."""
        event = http_event(route, tenant=tenant_id, **parts)
        answer = self.invoke(handler, event, tenant_id, process)
        return None if answer is None else Answered(answer)

    def invoke(self, handler: Handler, event: Any, tenant_id: str | None, process: int = 0) -> Any:
        """Start a function; None: it was killed."""
        self.touch.working_for.append(tenant_id)
        try:
            return contextvars.copy_context().run(self._run, handler, event, process)
        except Killed:
            self._processes[process] = Process(self)
            return None
        finally:
            self.mortality.spare()
            self.touch.working_for.pop()

    def receive(self, message: Message, process: int = 0) -> None:
        """A queue's function is given one message."""
        event = {"Records": [{"messageId": "m-1", "body": message.body}]}
        answer = self.invoke(WORKERS[message.function], event, message.tenant_id, process)
        if answer is None or answer["batchItemFailures"]:
            self.hints.failed(message)
        else:
            self.hints.worked_off(message)

    def sweep(self) -> None:
        """The clock, every minute."""
        self.invoke(sweeper.lambda_handler, {}, None)

    def apply_schedule(self, tenant_id: str) -> None:
        """The settings table's stream tells of a change."""
        keys = {"Keys": {"pk": {"S": f"T#{tenant_id}"}}, "SequenceNumber": "1"}
        self.invoke(sync_schedule.lambda_handler, {"Records": [{"dynamodb": keys}]}, tenant_id)

    def fire_schedule(self, tenant_id: str, at: datetime) -> None:
        """EventBridge Scheduler starts a run."""
        event = {"job": "order_sync", "tenant_id": tenant_id, "scheduled_time": at.isoformat()}
        self.invoke(order_sync.lambda_handler, event, tenant_id)

    def pass_time(self, seconds: float) -> None:
        """What a CRM executes late, it has executed by its bound."""
        until = self.clock.monotonic() + seconds
        while (crm := self._next_release()) and (at := crm.latest_release or 0.0) <= until:
            self.clock.advance(seconds=max(0.0, at - self.clock.monotonic()))
            crm.release()
        self.clock.advance(seconds=max(0.0, until - self.clock.monotonic()))

    def reservations(self) -> list[ReservationRecord]:
        """All, for the judge."""
        return self.ledger.peek(ReservationRecord, "RES#")

    def runs(self) -> list[SyncRun]:
        """All, for the judge."""
        return self.ledger.peek(SyncRun, "RUN#")

    def orders_of(self, record: ReservationRecord) -> list[Order]:
        """In the CRM's book, by what no other reservation of the winery has: its fee."""
        fee = record.snapshot.fee_per_guest
        book = self.crms[record.tenant_id].orders
        return [order for order in book if fee in {line.unit_price for line in order.lines}]

    def forget_told(self) -> None:
        """Logs, messages and metrics."""
        self.log.seek(0)
        self.log.truncate()
        self.hints.told.clear()
        self.metrics.counted.clear()

    def store_login(self, tenant_id: str) -> Answered | None:
        """Staff enter the CRM's present password."""
        body = {"username": "winery", "password": self.passwords[tenant_id]}
        return self.ask(settings.lambda_handler, "PUT /v1/settings/credentials", tenant_id, body=body)

    def _run(self, handler: Handler, event: Any, process: int) -> Any:
        run_as(self._processes[process])
        return handler(event, _Context(self))

    def _next_release(self) -> MoodyCrm | None:
        holding = [crm for crm in self.crms.values() if crm.latest_release is not None]
        return min(holding, key=lambda crm: crm.latest_release or 0.0, default=None)

    def _crm(self, tenant_id: str) -> MoodyCrm:
        def lets_in() -> bool:
            login = self.logins.read(tenant_id)
            return login is not None and login.password == self.passwords[tenant_id]

        return MoodyCrm(self.clock, self.timers, self.mortality, lets_in)

    def _take_on(self, tenant_id: str) -> None:
        take_on(self.settings, tenant_id, decided=SETTINGS)
        self.settings.save(EventRecord(tenant_id=tenant_id, event_id="cellar", event=EVENT))
        self.logins.write(tenant_id, "winery", self.passwords[tenant_id])


class WatchedLogins(FakeCrmLogins):
    """The vault."""

    def __init__(self, touch: Touch) -> None:
        super().__init__()
        self._touch = touch

    def read(self, tenant_id: str, *, fresh: bool = False) -> CrmLogin | None:
        self._touch.check(tenant_id, "the login")
        return super().read(tenant_id, fresh=fresh)


class _Context:
    """Fills `LambdaContext`: time runs by the world's clock."""

    aws_request_id = "invocation-1"

    def __init__(self, world: World) -> None:
        self._clock = world.clock
        self._end = world.clock.monotonic() + SECONDS

    def get_remaining_time_in_millis(self) -> int:
        return int((self._end - self._clock.monotonic()) * 1000)
