"""The whole product for a test session: the real template in an emulator, a VinSuite simulator beside it."""

import os
from collections.abc import Iterator

import pytest

from sandbox import machine
from sandbox.vinsuite.remote import SOAP_PATH
from sandbox.vinsuite.testing import running_simulator
from sandbox.winery.stack import LocalStack


@pytest.fixture(scope="session")
def local_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Deployed on free ports, so that a stack of `make run` can stay up beside it; keeps nothing."""
    port = machine.free_port()
    with running_simulator(tmp_path_factory.mktemp("vinsuite")) as simulator:
        emulator = machine.start_emulator(None, port)
        try:
            vinsuite = {"VinSuiteSandboxUrl": simulator.url + SOAP_PATH}
            outputs = machine.deploy(emulator.endpoint_url, vinsuite)
            os.environ.update(machine.aws_session_env(emulator.endpoint_url))
            api = machine.api_url(emulator.endpoint_url, outputs["ApiId"])
            yield LocalStack(emulator.endpoint_url, api, simulator.url, outputs)
        finally:
            machine.stop_emulator(port)
