"""The upsert on AWS's own interfaces (moto), with a CRM in memory: table, queue, and the way back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cellarhand.adapters import aws
from cellarhand.adapters.system import SystemClock
from cellarhand.bootstrap.aws import Aws
from cellarhand.bootstrap.outside import outside, run_in
from cellarhand.config import Config
from cellarhand.domain.records import DUE_SHARDS
from functions.customer_upsert_retry import app as customer_upsert_retry
from tests.fakes.aws import aws_in_process, make_table
from tests.fakes.crm import Step
from tests.fakes.http import FakeContext
from tests.unit.guest_upsert.winery import Winery

TABLES = ("settings", "ledger", "access", "audit")
TIMERS = ("SENDING_TIMEOUT", "LATE_EXECUTION", "READ_LAG", "CLOCK_SKEW", "CRM_WRITE_TIMEOUT")


class ShiftedClock(SystemClock):
    """The machine's clock, set ahead by the test."""

    ahead = timedelta()

    def now(self) -> Any:
        return super().now() + self.ahead


class AwsWithoutCrm(Aws):
    """The stores are AWS's; the CRM is the winery's own in memory."""

    def __init__(self, environ: dict[str, str], winery: Winery) -> None:
        super().__init__(Config(environ))
        self.clock = ShiftedClock()
        self._crm_in_memory = winery.world.crm

    @property
    def crm(self) -> Any:
        return self._crm_in_memory


@pytest.fixture
def winery(monkeypatch: pytest.MonkeyPatch) -> Iterator[Winery]:
    """Its tables and queues are moto's."""
    with aws_in_process(monkeypatch):
        winery = Winery()
        queue_url = aws.sqs().create_queue(QueueName="customer-upsert-retry")["QueueUrl"]
        environ = {f"{name.upper()}_TABLE": make_table(name) for name in TABLES}
        environ |= {"CUSTOMER_UPSERT_RETRY_QUEUE_URL": queue_url, "ORDER_SYNC_QUEUE_URL": queue_url}
        environ |= {f"{name}_SECONDS": "1" for name in TIMERS}
        winery.move_to(AwsWithoutCrm(environ, winery))
        yield winery
        run_in(None)


def test_a_guest_is_created_and_known_from_then_on(winery: Winery):
    assert winery.put("r-1").body["customer"]["state"] == "created"
    assert winery.put("r-2").body["customer"]["state"] == "linked"
    assert winery.put("r-2").body["ignored"] is False
    assert winery.customers() == ["customer-1"]


def test_what_an_outage_left_behind_is_found_by_its_hint_and_by_its_due_time(winery: Winery):
    winery.crm.script("find_customers", Step.UNAVAILABLE)
    assert winery.put().body["customer"]["state"] == "pending"
    clock: Any = outside().clock
    clock.ahead = timedelta(seconds=15)
    ledger = outside().ledger
    due = [work.key.sort for shard in range(DUE_SHARDS) for work in ledger.due(shard, clock.now())]
    assert due == ["RES#r-1"]
    answer = customer_upsert_retry.lambda_handler(
        {"Records": [{"messageId": "m-1", "body": winery.hint()}]}, FakeContext()
    )
    assert answer == {"batchItemFailures": []}
    assert winery.customers() == ["customer-1"]
