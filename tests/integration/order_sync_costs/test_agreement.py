"""What the costs are counted on must be what the store that the local stack runs on says of the same work."""

from collections.abc import Iterator

import pytest

from benchmarks.order_syncs.agreement import compare
from cellarhand.bootstrap.outside import run_in
from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import Emulator
from tests.fakes.aws import forget_clients

pytestmark = pytest.mark.emulator


@pytest.fixture
def _own_clients(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """boto3 talks to the emulator, with clients that nobody else listens to."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    forget_clients()
    yield
    forget_clients()
    run_in(None)


@pytest.mark.usefixtures("_own_clients")
def test_the_metered_store_agrees_with_the_emulator_on_a_hundred_reservations():
    figures, differing_items = compare(100)
    assert [figure for figure in figures if figure.metered != figure.emulated] == []
    assert differing_items == 0
