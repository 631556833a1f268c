"""Doing several things side by side, and waiting, as a port: tests run both in time of their own."""

from collections.abc import Collection
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from typing import Protocol


class Workers(Protocol):
    """Doing several things side by side within one invocation."""

    def pool(self, most: int) -> Executor:
        """Runs up to `most` things at once. Whoever takes it shuts it down."""
        ...

    def any_ended[T](self, running: Collection[Future[T]]) -> Collection[Future[T]]:
        """Wait until at least one of these has ended or was cancelled; answers all that have."""
        ...

    def turns(self, most: int) -> AbstractContextManager[object]:
        """To be entered again and again; lets `most` in at once and has the others wait. 1: a lock."""
        ...

    def pause(self, seconds: float) -> None:
        """Do nothing for a while."""
        ...
