"""The stack under each set of parameters that the project ships."""

import pytest

from tests.template.stack import PARAMETER_SETS, Stack, stack


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    """SAM's transform wants one, and asks nobody about it."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")


@pytest.fixture(params=PARAMETER_SETS)
def any_stack(request: pytest.FixtureRequest) -> Stack:
    """Each in turn: what must hold under every set."""
    return stack(request.param)


@pytest.fixture
def default_stack() -> Stack:
    """As deployed with the template's own defaults."""
    return stack("default")
