"""The whole product on this machine: the emulator with the real stack in it, and the VinSuite simulator."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import start_emulator
from sandbox.machine.environments import ensure_environments
from sandbox.machine.places import STATE
from sandbox.machine.stack import api_url, deploy
from sandbox.winery import simulator
from sandbox.winery.data_format import require_current_format


@dataclass(frozen=True)
class LocalStack:
    """A deployed stack: where it answers and what it consists of (the stack's outputs)."""

    endpoint_url: str
    api_url: str
    vinsuite_url: str
    outputs: dict[str, str]

    def client(self, service: str) -> Any:
        """A boto3 client that talks to the emulator."""
        return _client(service, self.endpoint_url)


def bring_up() -> LocalStack:
    """Start what is not running, build and deploy what has changed. Raises `Problem`."""
    require_current_format(STATE)
    ensure_environments()
    emulator = start_emulator(STATE / "aws")
    vinsuite = simulator.start()
    outputs = deploy(emulator.endpoint_url)
    api = api_url(emulator.endpoint_url, outputs["ApiId"])
    return LocalStack(emulator.endpoint_url, api, vinsuite, outputs)


@cache
def _client(service: str, endpoint_url: str) -> Any:
    import boto3  # not at import: `--help` and problems of the machine come before AWS

    session: Any = boto3.Session()
    return session.client(
        service,
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
