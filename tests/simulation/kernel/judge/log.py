"""What our own code reports while it is simulated: a failure that it did not foresee is a fault of ours."""

import contextlib
import io
import logging
from collections.abc import Iterator

from cellarhand.domain.errors import CellarhandError
from cellarhand.observability import logger


class Log:
    """Unforeseen failures of one world."""

    def __init__(self) -> None:
        self.failures: list[str] = []

    def note(self, failure: BaseException) -> None:
        """A handler raised it."""
        if not isinstance(failure, CellarhandError):
            self.failures.append(f"{type(failure).__name__}: {failure}")

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Within, what is logged comes here, and nothing is printed."""
        ears = _Ears(self.failures)
        level = logger.log_level
        logger.setLevel(logging.ERROR)
        logger.addHandler(ears)
        handler = logger.registered_handler
        handler.addFilter(_no_one)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                yield
        finally:
            handler.removeFilter(_no_one)
            logger.handlers.remove(ears)
            logger.setLevel(level)


def _no_one(_: logging.LogRecord) -> bool:
    return False


class _Ears(logging.Handler):
    def __init__(self, failures: list[str]) -> None:
        super().__init__()
        self._failures = failures

    def emit(self, record: logging.LogRecord) -> None:
        where = getattr(record, "where", ["?"])
        self._failures.append(f"{getattr(record, 'error', record.getMessage())} at {where[-1]}")
