"""Optimistic changes: read, change, save unless somebody else was first, and then do it again."""

from collections.abc import Callable
from contextlib import suppress

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.records import Record

MAX_TRIES = 5
CHANGED_BY_MANY = "The reservation is being changed by many at once; try again."


def retry_stale[T](attempt: Callable[[], T]) -> T:
    """What `attempt` answers, tried again while somebody else was first. Raises `StaleRecordError`."""
    for _ in range(MAX_TRIES):
        with suppress(StaleRecordError):
            return attempt()
    raise StaleRecordError(CHANGED_BY_MANY)


def update_record[R: Record](
    read: Callable[[], R],
    change: Callable[[R], R],
    save: Callable[[R], R],
    *,
    first: R | None = None,
) -> R:
    """The record as it is stored then. Nothing is saved where `change` answers the record that it was given.

    `first`: the record as the caller has just read it, which saves the first read. Raises `StaleRecordError`
    when others were first every time.
    """
    known = [first] if first else []

    def attempt() -> R:
        stored = known.pop() if known else read()
        changed = change(stored)
        return stored if changed is stored else save(changed)

    return retry_stale(attempt)
