"""The whole product for a test session: the real template in an emulator, a VinSuite simulator beside it."""

import os
from collections.abc import Iterator

import pytest

from sandbox.machine.aws_session import aws_session_env
from sandbox.machine.emulator import start_emulator, stop_emulator
from sandbox.machine.ports import free_port
from sandbox.machine.stack import api_url, deploy
from sandbox.vinsuite.remote import SOAP_PATH
from sandbox.vinsuite.testing import running_simulator
from sandbox.winery.stack import LocalStack


@pytest.fixture(scope="session")
def local_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Deployed on free ports, so that a stack of `make run` can stay up beside it; keeps nothing."""
    port = free_port()
    with running_simulator(tmp_path_factory.mktemp("vinsuite")) as simulator:
        emulator = start_emulator(None, port)
        try:
            vinsuite = {"VinSuiteSandboxUrl": simulator.url + SOAP_PATH}
            outputs = deploy(emulator.endpoint_url, vinsuite)
            os.environ.update(aws_session_env(emulator.endpoint_url))
            api = api_url(emulator.endpoint_url, outputs["ApiId"])
            yield LocalStack(emulator.endpoint_url, api, simulator.url, outputs)
        finally:
            stop_emulator(port)
