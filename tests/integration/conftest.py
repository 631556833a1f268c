"""AWS for the tests that need it: one emulator per session, which keeps nothing."""

from collections.abc import Iterator

import pytest

from sandbox import machine


@pytest.fixture(scope="session")
def emulator() -> Iterator[machine.Emulator]:
    """The emulator with its gaps closed, on a free port; make clients with `tests.integration.aws.client`."""
    port = machine.free_port()
    yield machine.start_emulator(None, port)
    machine.stop_emulator(port)
