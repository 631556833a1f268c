"""Redriving a dead-letter queue (in-process SQS)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from operations.redrive import redrive

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


@pytest.fixture
def sqs() -> Iterator[SQSClient]:
    with mock_aws():
        yield boto3.client("sqs", region_name="eu-central-1")


def _queue(sqs: SQSClient, name: str) -> str:
    return sqs.create_queue(QueueName=name)["QueueUrl"]


def _depth(sqs: SQSClient, queue: str) -> int:
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def _held(sqs: SQSClient, queue: str) -> int:
    """Those hidden for now included."""
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def test_every_dead_message_returns_to_its_source(sqs: SQSClient) -> None:
    dead, source = _queue(sqs, "dead"), _queue(sqs, "source")
    for number in range(23):
        sqs.send_message(QueueUrl=dead, MessageBody=f'{{"tenant_id": "t-{number}"}}')
    assert redrive(sqs, dead, source, rate=1000, pause=lambda _: None, patience=0) == 23
    assert (_depth(sqs, dead), _depth(sqs, source)) == (0, 23)


class _Time:
    """Moves by pauses, and by what each call to SQS takes."""

    def __init__(self, sqs: SQSClient, seconds_per_call: float) -> None:
        self.now = 0.0
        sqs.meta.events.register("before-send.sqs", lambda **_: self.pass_by(seconds_per_call))

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(("rate", "per_call", "seconds"), [(4, 0.0, 4.75), (4, 0.1, 4.75), (100, 0.1, 4.0)])
def test_the_rate_is_held_however_long_each_call_takes(
    sqs: SQSClient, rate: float, per_call: float, seconds: float
) -> None:
    dead, source = _queue(sqs, "dead"), _queue(sqs, "source")
    for _ in range(20):
        sqs.send_message(QueueUrl=dead, MessageBody="{}")
    time, sent_at = _Time(sqs, per_call), list[float]()
    redrive(
        sqs,
        dead,
        source,
        rate=rate,
        pause=time.pass_by,
        clock=lambda: time.now,
        patience=0,
        report=lambda _: sent_at.append(time.now - 2 * per_call),
    )
    assert len(sent_at) == 20
    assert sent_at[-1] - sent_at[0] == pytest.approx(seconds, abs=3 * per_call)


@pytest.mark.parametrize(("rate", "hidden"), [(10, 61), (0.01, 1060)])
def test_a_slow_redrive_hides_its_batch_until_the_last_has_gone(
    sqs: SQSClient, rate: float, hidden: int
) -> None:
    dead, source = _queue(sqs, "dead"), _queue(sqs, "source")
    sqs.send_message(QueueUrl=dead, MessageBody="{}")
    asked: list[str] = []
    sqs.meta.events.register("before-send.sqs", lambda request, **_: asked.append(request.body.decode()))
    redrive(sqs, dead, source, rate=rate, pause=lambda _: None, patience=0)
    assert f'"VisibilityTimeout": {hidden}' in asked[0]


class OneDeadLetter:
    """What `redrive` uses of SQS, with one message; notes what was sent."""

    def __init__(self, **attributes: str) -> None:
        message = {"ReceiptHandle": "1", "Body": "{}", "Attributes": attributes}
        self._answers: list[dict[str, Any]] = [{"Messages": [message]}]
        self.sent: list[dict[str, str]] = []
        self.asked_for: list[str] = []

    def receive_message(self, **wanted: Any) -> dict[str, Any]:
        self.asked_for = wanted["MessageSystemAttributeNames"]
        return self._answers.pop() if self._answers else {}

    def send_message(self, **message: str) -> None:
        self.sent.append(message)

    def delete_message(self, **_: str) -> None:
        """It is gone by now."""


@pytest.mark.parametrize("group", [{"MessageGroupId": "oak-hollow"}, {}])
def test_a_message_keeps_its_tenants_group_if_it_has_one(group: dict[str, str]) -> None:
    sqs = OneDeadLetter(**group)
    redrive(sqs, "dead", "source", rate=10, pause=lambda _: None)
    assert sqs.asked_for == ["MessageGroupId"]
    assert sqs.sent == [{"QueueUrl": "source", "MessageBody": "{}", **group}]


def test_what_can_not_be_sent_stays_a_dead_letter(sqs: SQSClient) -> None:
    dead = _queue(sqs, "dead")
    sqs.send_message(QueueUrl=dead, MessageBody="{}")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        redrive(sqs, dead, f"{dead}-no-such-queue", rate=10, pause=lambda _: None, patience=0)
    assert _held(sqs, dead) == 1


def test_an_empty_queue_moves_nothing(sqs: SQSClient) -> None:
    assert (
        redrive(sqs, _queue(sqs, "dead"), _queue(sqs, "source"), rate=10, pause=lambda _: None, patience=0)
        == 0
    )
