"""The store, on the emulator that the local stack runs on."""

from collections.abc import Iterator
from itertools import count

import pytest

from cellarhand.adapters import aws
from cellarhand.adapters.dynamodb.records import RecordTable
from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import Emulator
from tests.fakes.aws import forget_clients, make_table
from tests.fakes.time import CountingTokens, FakeClock

_numbers = count(1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def _clients(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Our own clients talk to the emulator."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    forget_clients()
    yield
    forget_clients()


@pytest.fixture
def records(_clients: None, clock: FakeClock) -> RecordTable:
    """A table of the test's own."""
    return RecordTable(make_table(f"records-{next(_numbers)}"), clock, CountingTokens())


@pytest.fixture
def queue_url(_clients: None) -> str:
    """A standard queue."""
    return aws.sqs().create_queue(QueueName="hints")["QueueUrl"]
