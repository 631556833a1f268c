"""boto3 for the emulator, and patience for what AWS does in its own time."""

import time
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import Emulator

CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=30)


def client(service: str, emulator: Emulator) -> Any:
    """A boto3 client of this emulator, whatever the host's AWS settings are."""
    make_client: Any = boto3.client
    return make_client(
        service,
        endpoint_url=emulator.endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=CONFIG,
    )


def eventually[T](look: Callable[[], T], *, within: float = 15.0) -> T:
    """The first truthy answer of `look`; fails when there is none in time (seconds)."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing came within {within} s")
