"""Contract of the gap `autosave`: a crash costs a few seconds of data, not all since the last clean stop."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.machine.emulator import Emulator, start_emulator, stop_emulator
from sandbox.machine.ports import free_port
from tests.integration.aws import client, eventually

pytestmark = pytest.mark.emulator

PERIOD = 0.2
TABLE = {
    "TableName": "cellar",
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
}

Start = Callable[[str], Emulator]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start, or start again, an emulator that keeps its data in a folder of its own."""
    port = free_port()

    def start_without(gaps: str) -> Emulator:
        return start_emulator(
            tmp_path / "state", port, without=gaps, settings={"AUTOSAVE_SECONDS": str(PERIOD)}
        )

    yield start_without
    stop_emulator(port)


def put(emulator: Emulator, key: str) -> None:
    client("dynamodb", emulator).put_item(TableName="cellar", Item={"pk": {"S": key}})


def keys(emulator: Emulator) -> set[str]:
    return {item["pk"]["S"] for item in client("dynamodb", emulator).scan(TableName="cellar")["Items"]}


def test_what_was_written_before_a_crash_is_there_after_it(start: Start, tmp_path: Path):
    emulator = start("")
    client("dynamodb", emulator).create_table(**TABLE)
    put(emulator, "merlot")
    eventually(lambda: "merlot" in saved(tmp_path))
    put(emulator, "syrah")
    eventually(lambda: "syrah" in saved(tmp_path), within=PERIOD * 20)
    os.kill(emulator.pid, signal.SIGKILL)
    assert keys(start("")) == {"merlot", "syrah"}


def test_stock_loses_what_was_written_before_a_crash(start: Start):
    emulator = start("autosave")
    client("dynamodb", emulator).create_table(**TABLE)
    time.sleep(PERIOD * 5)
    os.kill(emulator.pid, signal.SIGKILL)
    assert client("dynamodb", start("autosave")).list_tables()["TableNames"] == []


def test_a_clean_stop_keeps_the_last_write(start: Start, tmp_path: Path):
    emulator = start("")
    client("dynamodb", emulator).create_table(**TABLE)
    eventually(lambda: "cellar" in saved(tmp_path))
    put(emulator, "gamay")
    stop_emulator(int(emulator.endpoint_url.rsplit(":", 1)[1]))
    assert keys(start("")) == {"gamay"}


def saved(folder: Path) -> str:
    file = folder / "state" / "dynamodb.json"
    return file.read_text() if file.exists() else ""
