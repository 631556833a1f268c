"""Redriving a dead-letter queue (in-process SQS)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

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


def test_every_dead_message_returns_to_its_source(sqs: SQSClient) -> None:
    dead, source = _queue(sqs, "dead"), _queue(sqs, "source")
    for number in range(23):
        sqs.send_message(QueueUrl=dead, MessageBody=f'{{"tenant_id": "t-{number}"}}')
    assert redrive(sqs, dead, source, rate=1000, pause=lambda _: None, patience=0) == 23
    assert (_depth(sqs, dead), _depth(sqs, source)) == (0, 23)


def test_the_rate_is_held_by_a_pause_after_each_message(sqs: SQSClient) -> None:
    dead, source = _queue(sqs, "dead"), _queue(sqs, "source")
    for _ in range(3):
        sqs.send_message(QueueUrl=dead, MessageBody="{}")
    pauses: list[float] = []
    redrive(sqs, dead, source, rate=4, pause=pauses.append, patience=0)
    assert pauses == [0.25, 0.25, 0.25]


def test_an_empty_queue_moves_nothing(sqs: SQSClient) -> None:
    assert (
        redrive(sqs, _queue(sqs, "dead"), _queue(sqs, "source"), rate=10, pause=lambda _: None, patience=0)
        == 0
    )
