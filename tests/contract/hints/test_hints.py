"""What `Hints` promises, on SQS in this process."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from cellarhand.adapters import aws
from cellarhand.adapters.sqs import SqsHints
from tests.fakes.aws import aws_in_process


@pytest.fixture
def queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    with aws_in_process(monkeypatch):
        names = ("customer-upsert-retry", "order-sync")
        upserts, orders = (aws.sqs().create_queue(QueueName=name)["QueueUrl"] for name in names)
        yield upserts, orders


def received(queue_url: str) -> list[Any]:
    answer = aws.sqs().receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageGroupId"]
    )
    return answer.get("Messages", [])


def test_a_customer_hint_names_tenant_and_reservations_and_is_grouped_by_tenant(queues: tuple[str, str]):
    SqsHints(*queues).customer_upsert("demo", "r-1", "r-2")
    [message] = received(queues[0])
    assert json.loads(message["Body"]) == {"tenant_id": "demo", "reservation_ids": ["r-1", "r-2"]}
    assert message["Attributes"]["MessageGroupId"] == "demo"


def test_that_a_login_was_mended_is_told_with_no_reservation(queues: tuple[str, str]):
    SqsHints(*queues).login_repaired("demo")
    [message] = received(queues[0])
    assert json.loads(message["Body"]) == {
        "tenant_id": "demo",
        "reservation_ids": [],
        "login_repaired": True,
    }


def test_an_order_hint_names_the_tenant_alone(queues: tuple[str, str]):
    SqsHints(*queues).order_sync("demo")
    [message] = received(queues[1])
    assert json.loads(message["Body"]) == {"tenant_id": "demo"}


@pytest.mark.parametrize(("delay", "sent"), [(0, 0), (0.2, 1), (9, 9), (900, 900), (3600, 900), (-3, 0)])
def test_a_delay_is_whole_seconds_and_at_most_what_sqs_takes(
    queues: tuple[str, str], delay: float, sent: int
):
    delays: list[int] = []
    aws.sqs().meta.events.register(
        "provide-client-params.sqs.SendMessage", lambda params, **_: delays.append(params["DelaySeconds"])
    )
    SqsHints(*queues).customer_upsert("demo", "r-1", delay=delay)
    assert delays == [sent]


def test_a_delayed_hint_is_not_there_yet(queues: tuple[str, str]):
    SqsHints(*queues).customer_upsert("demo", "r-1", delay=60)
    assert received(queues[0]) == []


def test_a_hint_that_cant_be_left_is_logged_and_no_failure(
    queues: tuple[str, str], caplog: pytest.LogCaptureFixture
):
    def fail(request: Any, **_: Any) -> None:
        raise EndpointConnectionError(endpoint_url=request.url)

    aws.sqs().meta.events.register_first("before-send.sqs.SendMessage", fail)
    SqsHints(*queues).order_sync("demo")
    assert [record.getMessage() for record in caplog.records if record.name.endswith("sqs")] == ["hint lost"]
