"""A second emulator with every gap left open, so that an upgrade which changes one is seen."""

from collections.abc import Iterator

import pytest

from sandbox import machine
from sandbox.aws import GAPS


@pytest.fixture(scope="session")
def stock() -> Iterator[machine.Emulator]:
    """ministack as it comes."""
    port = machine.free_port()
    yield machine.start_emulator(None, port, without=",".join(GAPS))
    machine.stop_emulator(port)
