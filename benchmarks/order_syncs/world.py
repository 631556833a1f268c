"""Cellarhand as deployed, around metered tables: its functions, their hints, and the hours of a night."""

import io
import json
import time as machine_time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any, NamedTuple

from benchmarks.order_syncs.spent import INVOCATIONS, LAMBDA_MS, LOG_BYTES, SQS_CALLS, Spent
from benchmarks.order_syncs.timed_crm import TimedCrms
from benchmarks.order_syncs.virtual_time import VirtualTime
from cellarhand.adapters.system import LambdaContext
from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.observability import EmbeddedMetrics, logger
from cellarhand.ports.records import Records
from tests.fakes.outside import FakeCrmLogins
from tests.fakes.schedules import FakeScheduleItems, FakeSchedules
from tests.fakes.time import CountingTokens

TIMERS = Timers(sending=60, late_execution=600, read_lag=120, clock_skew=60, crm_write=25)
"""As in production."""

CALLS_OF_A_HINT = 3
"""Sent, received, deleted. Lambda's pollers also ask in vain, whether or not there is work."""

PLATFORM_LOG_BYTES = 320
"""Lambda's own START, END and REPORT lines, about; the real ones can't be seen here."""

type Handler = Callable[[dict[str, Any], LambdaContext], Any]


class Function(NamedTuple):
    """One of the stack's functions, as `template.yaml` has it. The time-out is in seconds."""

    name: str
    megabytes: int
    timeout: float


UPSERT = Function("customer_upsert", 512, 29)
ORDER_SYNC = Function("order_sync", 512, 20)
RUNNER = Function("order_sync_runner", 256, 60)
SWEEPER = Function("sweeper", 256, 50)
DISCOUNTS = Function("discount_evaluation", 512, 10)


class Context:
    """The Lambda context of an invocation in virtual time."""

    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def __init__(self, time: VirtualTime, timeout: float) -> None:
        self._time = time
        self._ends = time.seconds + timeout

    def get_remaining_time_in_millis(self) -> int:
        return int((self._ends - self._time.seconds) * 1000)


class MeteredHints:
    """Fills `Hints`: a queue of tenants whose runs are due, and when to look."""

    def __init__(self, spent: Spent, time: VirtualTime) -> None:
        self.tenants: deque[tuple[str, float]] = deque()
        self.upserts = 0
        self._spent = spent
        self._time = time

    def customer_upsert(self, tenant_id: str, *reservation_ids: str, delay: float = 0) -> None:  # noqa: ARG002
        self._spent.add(SQS_CALLS, CALLS_OF_A_HINT)
        self.upserts += 1

    def login_repaired(self, tenant_id: str) -> None:  # noqa: ARG002
        self._spent.add(SQS_CALLS, CALLS_OF_A_HINT)

    def order_sync(self, tenant_id: str, *, delay: float = 0) -> None:
        self._spent.add(SQS_CALLS, CALLS_OF_A_HINT)
        self.tenants.append((tenant_id, self._time.seconds + delay))


class World:
    """Fills `Outside`. `table` makes each of the four tables, by name, over this clock and these tokens."""

    def __init__(
        self, spent: Spent, time: VirtualTime, table: Callable[[str, VirtualTime, CountingTokens], Records]
    ) -> None:
        self.spent = spent
        self.clock = self.workers = time
        self.tokens = CountingTokens()
        self.metrics = EmbeddedMetrics()
        self.settings, self.ledger, self.access, self.audit = (
            table(name, time, self.tokens) for name in ("settings", "ledger", "access", "audit")
        )
        self.crm = TimedCrms(spent, time)
        self.logins = FakeCrmLogins()
        self.hints = MeteredHints(spent, time)
        self.schedules = FakeSchedules()
        self.schedule_items = FakeScheduleItems()
        self.timers = TIMERS
        self.cpu_ms = 0.0
        self.log = ""

    def invoke(self, function: Function, handler: Handler, event: dict[str, Any]) -> Any:
        """As Lambda does; what is logged is counted and thrown away."""
        log = io.StringIO()
        began, cpu = self.clock.seconds, machine_time.process_time()
        with _logging_to(log):
            answer = handler(event, Context(self.clock, function.timeout))
        self.cpu_ms += (machine_time.process_time() - cpu) * 1000
        self.spent.add(INVOCATIONS)
        lasted = round((self.clock.seconds - began) * 1000)
        self.spent.add(LAMBDA_MS, lasted)
        self.spent.add("MB·ms", lasted * function.megabytes)
        self.log = log.getvalue()
        self.spent.add(LOG_BYTES, len(self.log.encode()) + PLATFORM_LOG_BYTES)
        return answer

    def work_off(self) -> None:
        """Let the runner have its hints until none is left."""
        from functions.order_sync_runner import app

        while self.hints.tenants:
            tenant_id, due = self.hints.tenants.popleft()
            self.clock.seconds = max(self.clock.seconds, due)
            message = {"messageId": "m", "body": json.dumps({"tenant_id": tenant_id})}
            answer = self.invoke(RUNNER, app.lambda_handler, {"Records": [message]})
            if answer["batchItemFailures"]:
                raise AssertionError(self.log)

    def enter(self) -> None:
        """From now on the functions run here; every cache of the process is empty."""
        run_in(self)


@contextmanager
def _logging_to(log: io.StringIO) -> Iterator[None]:
    """Metrics are printed, lines are logged."""
    handler: Any = logger.registered_handler
    before = handler.stream
    handler.stream = log
    try:
        with redirect_stdout(log):
            yield
    finally:
        handler.stream = before
