"""Contract of the gap `lambda_runtime`: functions run as in Lambda, and as quickly."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import Emulator, start_emulator, stop_emulator
from sandbox.machine.ports import free_port
from tests.integration.aws import client
from tests.integration.emulator.toys import make_function

pytestmark = pytest.mark.emulator

LOOK_AROUND = """
import importlib.util, os, sys

def handler(event, context):
    return {"variables": dict(os.environ), "ministack": importlib.util.find_spec("ministack") is not None,
            "boto3": importlib.util.find_spec("boto3") is not None, "python": sys.version_info[:2]}
"""
SILENT = "def handler(event, context): return 1"
HOST = {"NAME_OF_THE_HOST": "cellar-1", "AWS_PROFILE": "somebody", "COLOUR": "red"}
WARM_CALLS = 10


@pytest.fixture(scope="module", params=["", "lambda_runtime"], ids=["closed", "open"])
def host(request: pytest.FixtureRequest) -> Iterator[tuple[Emulator, bool]]:
    """An emulator whose own environment holds what functions must not see; whether the gap is open."""
    port = free_port()
    yield start_emulator(None, port, without=request.param, settings=HOST), bool(request.param)
    stop_emulator(port)


def call(emulator: Emulator, function: str) -> Any:
    answer = client("lambda", emulator).invoke(FunctionName=function, Payload=b"{}")
    return json.loads(answer["Payload"].read())


def test_a_function_sees_no_variable_of_the_host_only_when_the_gap_is_closed(
    host: tuple[Emulator, bool],
):
    emulator, is_open = host
    seen = call(emulator, make_function(emulator, LOOK_AROUND))["variables"]
    assert {"NAME_OF_THE_HOST", "AWS_PROFILE", "STATE_DIR", "BIND_HOST"} & set(seen) == (
        {"NAME_OF_THE_HOST", "AWS_PROFILE", "BIND_HOST"} if is_open else set()
    )


def test_a_function_sees_the_packages_of_lambda_only_when_the_gap_is_closed(
    host: tuple[Emulator, bool],
):
    emulator, is_open = host
    seen = call(emulator, make_function(emulator, LOOK_AROUND))
    assert (seen["boto3"], seen["ministack"]) == (True, is_open)
    assert seen["python"] == [3, 13]


def test_a_function_has_its_own_variables_and_those_of_lambda(host: tuple[Emulator, bool]):
    emulator, _ = host
    seen = call(emulator, make_function(emulator, LOOK_AROUND, COLOUR="red", SIZE="magnum"))["variables"]
    assert (seen["COLOUR"], seen["SIZE"]) == ("red", "magnum")
    assert seen["AWS_REGION"] == REGION
    assert seen["AWS_ENDPOINT_URL"] == emulator.endpoint_url
    assert seen["AWS_LAMBDA_FUNCTION_NAME"].startswith("toy-")


def test_a_silent_function_waits_50_ms_only_when_the_gap_is_open(host: tuple[Emulator, bool]):
    emulator, is_open = host
    function = make_function(emulator, SILENT)
    call(emulator, function)
    times = []
    for _ in range(WARM_CALLS):
        started = time.perf_counter()
        call(emulator, function)
        times.append(time.perf_counter() - started)
    assert (min(times) > 0.05) == is_open
