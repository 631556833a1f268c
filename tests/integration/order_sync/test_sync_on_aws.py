"""Order sync with real threads against the tables and the queue of the emulator, and a CRM in memory."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from cellarhand.adapters import aws
from cellarhand.adapters.system import SystemClock
from cellarhand.bootstrap.aws import Aws
from cellarhand.bootstrap.outside import run_in
from cellarhand.config import Config
from cellarhand.domain.records import DUE_SHARDS
from cellarhand.domain.tenants.event import EventRecord
from functions.order_sync import app as order_sync
from functions.order_sync_runner import app as order_sync_runner
from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import Emulator
from tests.fakes.aws import forget_clients, make_table
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.http import TENANT, FakeContext, call
from tests.fakes.outside import FakeCrmGateways
from tests.fakes.tenants import take_on
from tests.unit.order_sync.given import EVENT, SETTINGS, SKUS, reservation

TABLES = ("settings", "ledger", "access", "audit")
TIMERS = ("SENDING_TIMEOUT", "LATE_EXECUTION", "READ_LAG", "CLOCK_SKEW", "CRM_WRITE_TIMEOUT")
_numbers = count(1)

pytestmark = pytest.mark.emulator

JUNE = {"from": "2026-06-01", "to": "2026-06-30"}


class AwsWithoutCrm(Aws):
    """The stores and the queue are AWS's; the CRM is in memory."""

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__(Config(environ))
        self.queue_url = environ["ORDER_SYNC_QUEUE_URL"]
        self.crm_in_memory = InMemoryCrm(skus=SKUS, now=SystemClock().now)

    @property
    def crm(self) -> Any:
        return FakeCrmGateways(self.crm_in_memory)


@pytest.fixture
def world(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsWithoutCrm]:
    """Tables and a queue of the test's own."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    forget_clients()
    made = AwsWithoutCrm(_environ(next(_numbers)))
    run_in(made)
    take_on(made.settings, decided=SETTINGS)
    made.settings.save(EventRecord(tenant_id=TENANT, event_id="cellar", event=EVENT))
    yield made
    run_in(None)
    forget_clients()


def _environ(number: int) -> dict[str, str]:
    queue_url = aws.sqs().create_queue(QueueName=f"order-sync-{number}")["QueueUrl"]
    return {
        **{f"{name.upper()}_TABLE": make_table(f"order-sync-{name}-{number}") for name in TABLES},
        **{f"{name}_SECONDS": "1" for name in TIMERS},
        "CUSTOMER_UPSERT_RETRY_QUEUE_URL": queue_url,
        "ORDER_SYNC_QUEUE_URL": queue_url,
    }


def keep(world: AwsWithoutCrm, count: int) -> None:
    for number in range(count):
        world.ledger.save(reservation(f"r-{number:03d}", tenant_id=TENANT))


def start() -> str:
    run_id: str = call(order_sync.lambda_handler, "POST /v1/order-syncs", body=JUNE).body["run_id"]
    return run_id


def shown(run_id: str) -> Any:
    route = "GET /v1/order-syncs/{run_id}"
    return call(order_sync.lambda_handler, route, path={"run_id": run_id}).body


def listed(query: dict[str, str]) -> Any:
    return call(order_sync.lambda_handler, "GET /v1/reservations", query=query).body


def drain(world: AwsWithoutCrm) -> None:
    """Take the hint off the queue, and run the runner with it."""
    queue_url = world.queue_url
    (message,) = aws.sqs().receive_message(QueueUrl=queue_url, WaitTimeSeconds=2)["Messages"]
    records = [{"messageId": "m-1", "body": message["Body"]}]
    answer = order_sync_runner.lambda_handler({"Records": records}, FakeContext(60))
    assert answer == {"batchItemFailures": []}


def test_three_pages_of_reservations_become_orders(world: AwsWithoutCrm):
    keep(world, 120)
    run_id = start()
    drain(world)
    run = shown(run_id)
    assert (run["state"], run["counts"], run["money"]["synced"]) == ("done", {"synced": 120}, 960_000)
    assert len({result["reservation_id"] for result in run["results"]}) == 120
    assert len({order.order_number for order in world.crm_in_memory.orders}) == 120
    query = {"order_state": "synced", "from": "2026-06-05", "to": "2026-06-05"}
    page = listed(query)
    following = listed({**query, "cursor": page["next"]})
    assert len({r["reservation_id"] for r in (*page["reservations"], *following["reservations"])}) == 100


def test_a_run_that_must_wait_is_found_by_its_due_time(world: AwsWithoutCrm):
    keep(world, 1)
    world.crm_in_memory.script("create_order", Step.UNKNOWN_EXECUTED)
    run_id = start()
    drain(world)
    assert (shown(run_id)["waiting"], len(world.crm_in_memory.orders)) == (1, 1)
    far = SystemClock().now().replace(year=2100)
    due = [work.key.sort for shard in range(DUE_SHARDS) for work in world.ledger.due(shard, far)]
    assert due == [f"RUN#{run_id}"]
