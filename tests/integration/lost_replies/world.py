"""A winery whose four tables are DynamoDB's (moto); its CRM, queues and clock are in memory."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from cellarhand.adapters import aws
from cellarhand.adapters.dynamodb.records import RecordTable
from cellarhand.adapters.dynamodb.schedule_items import DynamoDbScheduleItems
from cellarhand.adapters.system import InvocationDeadline
from cellarhand.bootstrap import discounts, guest_upsert, order_sync, reconciliation
from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.tenants.event import EventRecord
from cellarhand.ports.records import Records
from tests.fakes.aws import aws_in_process, make_table
from tests.fakes.crm import InMemoryCrm
from tests.fakes.http import TENANT, Answered, FakeContext, Handler, call
from tests.fakes.outside import FakeCrmGateways, FakeOutside
from tests.fakes.tenants import take_on
from tests.fakes.workers import OneByOne
from tests.unit.discounts.allowances.visits import FREE, HALF
from tests.unit.order_sync.given import EVENT, SETTINGS, SKUS, reservation

TABLES = ("settings", "ledger", "access", "audit")
REGION = "us-west-2"
MAX_STEPS = 60
STEP_SECONDS = 20
"""At least so much passes before work is looked at again that somebody else may hold."""


USED_TOKENS = 100
"""More than there are in the tables already: no write is signed like an earlier one."""
_taken_on: dict[str, Any] = {}


class World(FakeOutside):
    """Everything goes one by one, so that the same story makes the same calls each time."""

    settings: Records
    ledger: Records
    access: Records
    audit: Records

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in TABLES:
            setattr(self, name, RecordTable(name, self.clock, self.tokens))
        self.schedule_items = DynamoDbScheduleItems("settings")
        self.workers = OneByOne(self.clock)
        self.context = FakeContext(60)
        self.before_call: Callable[[str], None] = lambda _: None
        self.book = InMemoryCrm(skus=SKUS, now=self.clock.now, before_call=lambda m: self.before_call(m))
        self.crm = FakeCrmGateways(self.book)

    def take_on(self) -> None:
        """The winery with its events, its rules and a login."""
        take_on(self.settings, decided=SETTINGS)
        for event_id in ("tasting", "cellar"):
            self.settings.save(EventRecord(tenant_id=TENANT, event_id=event_id, event=EVENT))
        document = DiscountSchema.model_validate({"rules": [FREE, HALF]})
        discounts.write_schema()(TENANT, document, written_by="anna", if_match=None)

    def keep(self, *reservation_ids: str, **changes: Any) -> None:
        """Reservations of a linked guest, waiting for their orders."""
        for reservation_id in reservation_ids:
            self.ledger.save(reservation(reservation_id, tenant_id=TENANT, **changes))

    def drain(self) -> None:
        """The runner, once."""
        order_sync.process_runs()(TENANT, InvocationDeadline(self.context))

    def run_checks(self) -> None:
        """The runner's other work, once."""
        reconciliation.run_checks()(TENANT, InvocationDeadline(self.context))

    def retry(self, *reservation_ids: str) -> str:
        """The queue's worker, once."""
        deadline = InvocationDeadline(self.context)
        return guest_upsert.retry_upserts()(TENANT, reservation_ids or ("r-1",), deadline)

    def delete_schedule_item(self) -> None:
        """By hand, as support may."""
        key = {"pk": {"S": f"T#{TENANT}"}, "sk": {"S": "SCHEDULE#order_sync"}}
        aws.dynamodb().delete_item(TableName="settings", Key=key)

    def come_to_rest(self) -> None:
        """Go from one due time to the next, as the sweeper and the hints do, until nothing is due."""
        self.before_call = lambda _: None
        self.context.seconds_left = 60
        for _ in range(MAX_STEPS):
            if not (waiting := _waiting()):
                return
            since, sort = min(waiting)
            ahead = (since - self.clock.now()).total_seconds()
            self.clock.advance(seconds=max(ahead, STEP_SECONDS))
            if sort.startswith("RUN#"):
                self.drain()
            elif sort.startswith("CHECK#"):
                self.run_checks()
            else:
                self.retry(sort.removeprefix("RES#"))
        raise AssertionError("work never ends")


@contextmanager
def tables_in_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The four tables, with the winery taken on."""
    with aws_in_process(monkeypatch):
        for name in TABLES:
            make_table(name)
        world = World()
        run_in(world)
        world.take_on()
        _taken_on.update({name: copy.deepcopy(_table(name).items) for name in TABLES})
        yield
        run_in(None)


def new_world() -> World:
    """A new process, and the tables as they were when the winery had been taken on."""
    for name in TABLES:
        _table(name).items = copy.deepcopy(_taken_on[name])
    world = World()
    for _ in range(USED_TOKENS):
        world.tokens.token()
    run_in(world)
    return world


def stored(name: str) -> list[dict[str, Any]]:
    """Every item of a table, as the server has it."""
    return [item.to_json()["Attributes"] for item in _table(name).all_items()]


def answer_of(handler: Handler, route: str, **parts: Any) -> Answered:
    """What a function answers to an HTTP request for the winery."""
    return call(handler, route, tenant=TENANT, **parts)


def _waiting() -> list[tuple[datetime, str]]:
    """What is due, and since when, straight from the table."""
    due = [item for item in stored("ledger") if "due" in item]
    return [(datetime.fromisoformat(item["due"]["S"].partition("#")[0]), item["sk"]["S"]) for item in due]


def _table(name: str) -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[name]
