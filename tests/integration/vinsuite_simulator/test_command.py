"""`python -m sandbox.vinsuite`: what it keeps over restarts, and what it says when it can't start."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.vinsuite.remote import SOAP_PATH, RemoteSimulator
from sandbox.vinsuite.state.default_seed import WINERY
from sandbox.vinsuite.testing import running_simulator
from tests.integration.vinsuite_simulator.caller import Caller, an_order

_ROOT = Path(__file__).parents[3]


def _command(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "sandbox.vinsuite", *map(str, arguments)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def _started(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command until the block ends; gives the process and its base URL."""
    with _command("--port", 0, *arguments) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()[-1].removesuffix("/_sim")
        finally:
            process.terminate()


def test_what_was_answered_survives_a_kill(tmp_path: Path):
    with _started("--state", tmp_path) as (process, url):
        call = Caller(url + SOAP_PATH)
        call("AddOrder", Order=an_order())
        call("AddUpdateMember", Member={"Email": "nora@example.com", "City": "Elsewhere"})
        process.send_signal(signal.SIGKILL)
        process.wait()

    with running_simulator(tmp_path) as simulator:
        book = simulator.book(WINERY)
        assert [order.displayed_number for order in book.orders] == ["CH-7001"]
        assert book.members_with_email("nora@example.com")[0].city == "Elsewhere"


def test_a_restart_goes_on_with_the_same_book(tmp_path: Path):
    with running_simulator(tmp_path) as simulator:
        Caller(simulator.soap_url)("AddOrder", Order=an_order())
        before = simulator.book(WINERY)

    with running_simulator(tmp_path) as simulator:
        assert simulator.book(WINERY) == before
        Caller(simulator.soap_url)("AddOrder", Order=an_order(OrderNumber=None))
        assert simulator.book(WINERY).orders[-1].order_number > 7001


def test_a_taken_port_is_said_in_one_line(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with _command("--port", port, "--state", tmp_path) as process:
            _, complaint = process.communicate(timeout=20)

    assert process.returncode == 1
    assert complaint.splitlines() == [
        f"VinSuite simulator: port {port} can't be used: Address already in use"
    ]


def test_a_state_folder_serves_one_simulator_at_a_time(tmp_path: Path):
    with running_simulator(tmp_path), _command("--port", 0, "--state", tmp_path) as process:
        _, complaint = process.communicate(timeout=20)

    assert process.returncode == 1
    assert "can't be used" in complaint
    assert len(complaint.splitlines()) == 1


def test_the_log_names_calls_and_nothing_of_their_bodies(tmp_path: Path):
    log = tmp_path / "log" / "calls.jsonl"
    with _started("--state", tmp_path, "--log", log) as (_, url):
        Caller(url + SOAP_PATH)("GetMembers", Email="ada@example.com")

    line = json.loads(log.read_text())
    assert (line["operation"], line["winery"], line["outcome"]) == ("GetMembers", WINERY, "successful")
    assert "ada@" not in log.read_text()


def test_a_seed_file_says_which_wineries_there_are(tmp_path: Path):
    seed = tmp_path / "seed.json"
    book = {"winery_id": "00000000-0000-0000-0000-0000000000bb", "title": "Filed Cellars"}
    seed.write_text(json.dumps({"filed": {"username": "filed", "password": "secret", "book": book}}))

    with (
        _started("--state", tmp_path / "state", "--seed", seed) as (_, url),
        RemoteSimulator(url) as simulator,
    ):
        assert simulator.book("filed").title == "Filed Cellars"
        assert Caller(url + SOAP_PATH, "filed", "secret")("TestConnection").successful


@pytest.mark.parametrize("content", ["not json", '{"filed": {"username": "x"}}'])
def test_a_seed_file_that_is_none_is_said_in_one_line(tmp_path: Path, content: str):
    seed = tmp_path / "seed.json"
    seed.write_text(content)

    with _command("--port", 0, "--state", tmp_path / "state", "--seed", seed) as process:
        _, complaint = process.communicate(timeout=20)

    assert process.returncode == 1
    assert len(complaint.splitlines()) == 1
