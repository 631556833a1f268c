"""Small things to build in the emulator: queues to look into and functions of a few lines."""

import io
import uuid
import zipfile
from typing import Any

from sandbox.machine.aws_session import ACCOUNT_ID
from sandbox.machine.emulator import Emulator
from tests.integration.aws import client

ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/toy"


def unique(name: str) -> str:
    """A name that no other test uses."""
    return f"{name}-{uuid.uuid4().hex[:8]}"


class Queue:
    """An SQS queue that remembers everything it has received."""

    def __init__(self, emulator: Emulator, name: str | None = None) -> None:
        self._sqs = client("sqs", emulator)
        self.url = self._sqs.create_queue(QueueName=name or unique("queue"))["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.arn = attributes["Attributes"]["QueueArn"]
        self._messages: dict[str, dict[str, Any]] = {}

    def messages(self) -> list[dict[str, Any]]:
        """All messages so far, the new ones included; one that is delivered twice counts once."""
        while new := self._receive():
            for message in new:
                self._messages.setdefault(message["MessageId"], message)
        return list(self._messages.values())

    def bodies(self) -> list[str]:
        """The bodies of all messages so far."""
        return [message["Body"] for message in self.messages()]

    def _receive(self) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=600
        )
        received: list[dict[str, Any]] = answer.get("Messages", [])
        return received


def make_function(emulator: Emulator, source: str, **variables: str) -> str:
    """Create a function whose code is `source` with a `handler`; answers its ARN."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app.py", source)
    made = client("lambda", emulator).create_function(
        FunctionName=unique("toy"),
        Runtime="python3.13",
        Role=ROLE,
        Handler="app.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=10,
        Environment={"Variables": variables},
    )
    return str(made["FunctionArn"])
