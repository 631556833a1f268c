"""A workflow that touches the store: how it is prepared, and what happens then while replies may be lost."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.integration.lost_replies.world import World


class Workflow(NamedTuple):
    """`act` answers what its caller is told."""

    name: str
    act: Callable[[World], Any]
    given: Callable[[World], object] = lambda _: None

    def __str__(self) -> str:
        return self.name
