"""One wire per test, with all four tables behind it."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.integration.lost_replies.wire import Wire
from tests.integration.lost_replies.world import tables_in_process


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """botocore's pauses before it tries again are left out; its tries are not."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    with tables_in_process(monkeypatch):
        wire = Wire()
        wire.join()
        yield wire
