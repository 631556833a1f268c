"""AWS for the tests that need it: one emulator per session, which keeps nothing."""

from collections.abc import Iterator

import pytest

from sandbox.machine.emulator import Emulator, start_emulator, stop_emulator
from sandbox.machine.ports import free_port


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """The emulator with its gaps closed, on a free port; make clients with `tests.integration.aws.client`."""
    port = free_port()
    yield start_emulator(None, port)
    stop_emulator(port)
