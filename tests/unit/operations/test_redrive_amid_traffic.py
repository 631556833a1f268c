"""Redriving everything, twice, while guests go on booking: the CRM's own book is the judge."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Role
from functions.customer_upsert import app as customer_upsert
from functions.customer_upsert_retry import app as customer_upsert_retry
from functions.order_sync import app as order_sync
from functions.order_sync_runner import app as order_sync_runner
from functions.sweeper import app as sweeper
from operations.redrive import redrive
from tests.fakes.crm import Step
from tests.fakes.http import TENANT, FakeContext, call
from tests.fakes.outside import FakeOutside
from tests.unit.order_sync.given import snapshot

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

BOOKED = 8
"""Reservations before the redrive, and as many again during it."""
QUEUES = {"customer-upsert-retry": customer_upsert_retry, "order-sync": order_sync_runner}
EVERYTHING = {"from": "2026-01-01", "to": "2026-12-31"}


@pytest.fixture
def sqs() -> Iterator[SQSClient]:
    with mock_aws():
        yield boto3.client("sqs", region_name="eu-central-1")


def _book(number: int) -> None:
    """Two reservations a guest, so that whoever upserts twice shows."""
    guest = {"email": f"guest-{number // 2}@example.com", "first_name": "Anna", "last_name": "Berg"}
    body = snapshot(guest=guest).model_dump(mode="json", exclude_unset=True)
    call(
        customer_upsert.lambda_handler,
        "PUT /v1/reservations/{reservation_id}",
        role=Role.ENGINE,
        path={"reservation_id": f"r-{number}"},
        body=body,
    )


def _start_run() -> None:
    assert call(order_sync.lambda_handler, "POST /v1/order-syncs", body=EVERYTHING).status == 202


def _deliver(queue: str, body: str) -> None:
    record: dict[str, Any] = {"messageId": "m", "body": body}
    answer = QUEUES[queue].lambda_handler({"Records": [record]}, FakeContext(60))
    assert answer["batchItemFailures"] == []


def _hints(outside: FakeOutside) -> list[tuple[str, str]]:
    """Taken off the queues, as messages."""
    left, outside.hints.left = outside.hints.left, []
    return [
        (hint.queue, json.dumps({"tenant_id": hint.tenant_id} | _named(hint.reservation_ids)))
        for hint in left
    ]


def _named(reservation_ids: tuple[str, ...]) -> dict[str, Any]:
    return {"reservation_ids": reservation_ids} if reservation_ids else {}


def _redriven(sqs: SQSClient, hints: list[tuple[str, str]], generation: int) -> list[tuple[str, str]]:
    """Through SQS: dead letters of each queue, moved back by the tool, and received."""
    came: list[tuple[str, str]] = []
    for queue in QUEUES:
        dead = sqs.create_queue(QueueName=f"{queue}-dead-{generation}")["QueueUrl"]
        source = sqs.create_queue(QueueName=f"{queue}-{generation}")["QueueUrl"]
        bodies = [body for to, body in hints if to == queue]
        for body in bodies:
            sqs.send_message(QueueUrl=dead, MessageBody=body)
        assert redrive(sqs, dead, source, rate=1000, pause=lambda _: None, patience=0) == len(bodies)
        while found := sqs.receive_message(QueueUrl=source, MaxNumberOfMessages=10).get("Messages"):
            came += [(queue, message["Body"]) for message in found]
    return came


@pytest.mark.parametrize("seed", range(5))
def test_redriving_everything_twice_amid_live_traffic_doubles_and_loses_nothing(
    sqs: SQSClient, outside: FakeOutside, seed: int
) -> None:
    random, crm = Random(seed), outside.crm.crm  # noqa: S311 - repeatable, not secret
    crm.always("*", Step.UNAVAILABLE)
    for number in range(BOOKED):
        _book(number)
    _start_run()
    dead_letters = _hints(outside)
    assert len(dead_letters) > BOOKED
    crm.always("*", Step.NORMAL)
    crm.script("create_order", *random.choices([Step.NORMAL, Step.UNKNOWN_EXECUTED, Step.LATE], k=6))
    crm.script("upsert_customer", *random.choices([Step.NORMAL, Step.UNKNOWN_EXECUTED], k=3))
    outside.clock.advance(seconds=3600)

    messages = [each for generation in range(2) for each in _redriven(sqs, dead_letters, generation)]
    assert len(messages) == 2 * len(dead_letters)
    live = list(range(BOOKED, 2 * BOOKED))
    random.shuffle(messages)
    for queue, body in messages:
        _deliver(queue, body)
        if live and random.random() < 0.5:
            _book(live.pop())
    for number in live:
        _book(number)
    _work_until_quiet(outside)

    orders = Counter(order.order_number for order in crm.orders)
    emails = Counter(customer.email for customer in crm.customers)
    assert (len(orders), max(orders.values())) == (2 * BOOKED, 1)
    assert (len(emails), max(emails.values())) == (BOOKED, 1)
    assert {_state(outside, number) for number in range(2 * BOOKED)} == {OrderState.SYNCED}


def _work_until_quiet(outside: FakeOutside) -> None:
    """Later runs and retries, hints delivered as they come, until every order is settled."""
    for _ in range(40):
        outside.clock.advance(seconds=600)
        outside.crm.crm.release()
        _start_run()
        sweeper.lambda_handler({}, FakeContext(60))
        for queue, body in _hints(outside):
            _deliver(queue, body)
        if all(_state(outside, number) is OrderState.SYNCED for number in range(2 * BOOKED)):
            return


def _state(outside: FakeOutside, number: int) -> OrderState:
    record = outside.ledger.get(ReservationRecord, reservation_key(TENANT, f"r-{number}"))
    assert record is not None
    return record.order.state
