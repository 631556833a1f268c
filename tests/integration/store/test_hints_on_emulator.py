"""Hints on the emulator: a standard queue must take a message group and a delay there too."""

import pytest

from cellarhand.adapters import aws
from cellarhand.adapters.sqs import SqsHints
from tests.integration.aws import eventually

pytestmark = pytest.mark.emulator


def test_a_delayed_hint_arrives_with_its_group(queue_url: str):
    SqsHints(queue_url, queue_url).customer_upsert("demo", "r-1", delay=1)

    def received() -> list[str]:
        answer = aws.sqs().receive_message(
            QueueUrl=queue_url, MessageSystemAttributeNames=["MessageGroupId"], WaitTimeSeconds=1
        )
        return [message["Attributes"]["MessageGroupId"] for message in answer.get("Messages", [])]

    assert eventually(received) == ["demo"]
