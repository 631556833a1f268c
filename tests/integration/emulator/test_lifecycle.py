"""Starting, finding and stopping the emulator, and what a person is told when it can't be."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.machine.emulator import start_emulator, stop_emulator
from sandbox.machine.places import RUNNING, TEMPORARY
from sandbox.machine.ports import free_port, is_taken
from sandbox.machine.problem import Problem

pytestmark = pytest.mark.emulator


@pytest.fixture
def port() -> Iterator[int]:
    """A free port, and nothing left on it afterwards."""
    chosen = free_port()
    yield chosen
    stop_emulator(chosen)


def test_a_running_emulator_is_found_and_not_started_again(port: int):
    assert start_emulator(None, port) == start_emulator(None, port)


def test_nothing_of_a_stopped_emulator_is_left(port: int):
    start_emulator(None, port)
    assert (TEMPORARY / f"aws-{port}").is_dir()
    stop_emulator(port)
    assert not is_taken(port)
    assert not (TEMPORARY / f"aws-{port}").exists()
    assert not (RUNNING / f"aws-{port}.json").exists()


def test_a_taken_port_is_named(port: int):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(Problem, match=f"Port {port} is taken .* CELLARHAND_AWS_PORT"):
            start_emulator(None, port)


def test_data_is_not_opened_on_another_port(tmp_path: Path, port: int):
    start_emulator(tmp_path / "state", port)
    stop_emulator(port)
    with pytest.raises(Problem, match=f"belongs to port {port}"):
        start_emulator(tmp_path / "state", free_port())


def test_an_emulator_that_ends_at_once_is_reported_with_its_last_line(port: int):
    with pytest.raises(Problem, match=r"did not start \(CELLARHAND_WITHOUT names no gap"):
        start_emulator(None, port, without="everything")
