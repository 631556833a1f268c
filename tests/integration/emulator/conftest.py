"""A second emulator with every gap left open, so that an upgrade which changes one is seen."""

from collections.abc import Iterator

import pytest

from sandbox.aws import GAPS
from sandbox.machine.emulator import Emulator, start_emulator, stop_emulator
from sandbox.machine.ports import free_port


@pytest.fixture(scope="session")
def stock() -> Iterator[Emulator]:
    """ministack as it comes."""
    port = free_port()
    yield start_emulator(None, port, without=",".join(GAPS))
    stop_emulator(port)
