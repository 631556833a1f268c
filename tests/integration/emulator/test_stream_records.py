"""Contract of the gap `stream_records`: a stream goes on after a restart where it stood."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.machine.emulator import Emulator, start_emulator, stop_emulator
from sandbox.machine.ports import free_port
from tests.integration.aws import client, eventually
from tests.integration.emulator.toys import Queue, make_function

pytestmark = pytest.mark.emulator

TELL = """
import boto3, os

def handler(event, context):
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["pk"]["S"]
        boto3.client("sqs").send_message(QueueUrl=os.environ["SEEN"], MessageBody=key)
"""
TABLE = {
    "TableName": "cellar",
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
}

Start = Callable[[str], Emulator]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start, or stop and start again, an emulator that keeps its data in a folder of its own."""
    port = free_port()

    def start_without(gaps: str) -> Emulator:
        stop_emulator(port)
        return start_emulator(tmp_path / "state", port, without=gaps)

    yield start_without
    stop_emulator(port)


def write(emulator: Emulator, key: str) -> None:
    client("dynamodb", emulator).put_item(TableName="cellar", Item={"pk": {"S": key}})


def read_stream(emulator: Emulator) -> None:
    """Map the table's stream to a function that tells what it saw in the queue `seen`; two items are read."""
    stream = client("dynamodb", emulator).create_table(**TABLE)["TableDescription"]["LatestStreamArn"]
    seen = Queue(emulator, "seen")
    client("lambda", emulator).create_event_source_mapping(
        EventSourceArn=stream,
        FunctionName=make_function(emulator, TELL, SEEN=seen.url),
        StartingPosition="TRIM_HORIZON",
    )
    write(emulator, "merlot")
    write(emulator, "syrah")
    assert eventually(lambda: len(seen.bodies()) == 2)


def test_what_is_written_after_a_restart_is_read(start: Start):
    read_stream(start(""))
    again = start("")
    write(again, "gamay")
    seen = Queue(again, "seen")
    assert eventually(lambda: "gamay" in seen.bodies())


def test_the_stock_emulator_skips_it(start: Start):
    read_stream(start("stream_records,streams"))
    again = start("stream_records,streams")
    write(again, "gamay")
    seen = Queue(again, "seen")
    with pytest.raises(AssertionError, match="nothing came"):
        eventually(lambda: "gamay" in seen.bodies(), within=5)
