"""Starting, finding and stopping the emulator, and what a person is told when it can't be."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import machine
from sandbox.machine.places import RUNNING, TEMPORARY
from sandbox.machine.ports import is_taken

pytestmark = pytest.mark.emulator


@pytest.fixture
def port() -> Iterator[int]:
    """A free port, and nothing left on it afterwards."""
    chosen = machine.free_port()
    yield chosen
    machine.stop_emulator(chosen)


def test_a_running_emulator_is_found_and_not_started_again(port: int):
    assert machine.start_emulator(None, port) == machine.start_emulator(None, port)


def test_nothing_of_a_stopped_emulator_is_left(port: int):
    machine.start_emulator(None, port)
    assert (TEMPORARY / f"aws-{port}").is_dir()
    machine.stop_emulator(port)
    assert not is_taken(port)
    assert not (TEMPORARY / f"aws-{port}").exists()
    assert not (RUNNING / f"aws-{port}.json").exists()


def test_a_taken_port_is_named(port: int):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(machine.Problem, match=f"Port {port} is taken .* CELLARHAND_AWS_PORT"):
            machine.start_emulator(None, port)


def test_data_is_not_opened_on_another_port(tmp_path: Path, port: int):
    machine.start_emulator(tmp_path / "state", port)
    machine.stop_emulator(port)
    with pytest.raises(machine.Problem, match=f"belongs to port {port}"):
        machine.start_emulator(tmp_path / "state", machine.free_port())


def test_an_emulator_that_ends_at_once_is_reported_with_its_last_line(port: int):
    with pytest.raises(machine.Problem, match=r"did not start \(CELLARHAND_WITHOUT names no gap"):
        machine.start_emulator(None, port, without="everything")
