"""A store that takes a request and never answers: whoever waits is told soon."""

import socket
import time
from collections.abc import Iterator

import pytest

from cellarhand.adapters import aws
from cellarhand.adapters.dynamodb.records import RecordTable
from cellarhand.adapters.system import SystemClock, SystemTokens
from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.domain.records import Key
from cellarhand.domain.tenants.access_key import AccessKeyRecord
from tests.fakes.aws import forget_clients


@pytest.fixture
def silent_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordTable]:
    """A socket that lets clients connect and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{listening.getsockname()[1]}")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        monkeypatch.setenv("STORE_TIMEOUT_SECONDS", "0.1")
        forget_clients()
        yield RecordTable("access", SystemClock(), SystemTokens())
    forget_clients()


def test_it_is_given_up_after_its_tries_and_no_later(silent_store: RecordTable):
    began = time.monotonic()
    with pytest.raises(StorageUnavailableError):
        silent_store.get(AccessKeyRecord, Key("K#1", "KEY"))
    longest = aws.ATTEMPTS * 0.1 + aws.MAX_PAUSE_SECONDS
    assert time.monotonic() - began < longest + 1
