"""The machine itself: its clock, randomness and threads, and how long an invocation may live."""

import secrets
import time
from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future


class SystemClock:
    """Implements the `Clock` port."""

    def now(self) -> datetime:
        """The machine's time, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment in the past."""
        return time.monotonic()


class SystemTokens:
    """Implements the `Tokens` port with the operating system's randomness."""

    def token(self, bits: int = 128) -> str:
        """Hexadecimal, so that it can stand in any id, path or key: `bits / 4` characters."""
        return secrets.token_hex(bits // 8)

    def jitter(self) -> float:
        """Evenly spread over [0, 1)."""
        return secrets.randbelow(1 << 32) / (1 << 32)


class Threads:
    """Implements the `Workers` port; what only some functions need is imported when they ask for it."""

    def pool(self, most: int) -> "Executor":
        """Real threads."""
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(most)

    def any_ended[T](self, running: "Collection[Future[T]]") -> "Collection[Future[T]]":
        """Blocks the calling thread."""
        from concurrent.futures import FIRST_COMPLETED, wait

        return wait(running, return_when=FIRST_COMPLETED).done

    def turns(self, most: int) -> AbstractContextManager[object]:
        """Between the threads of this process."""
        from threading import Semaphore

        return Semaphore(most)

    def pause(self, seconds: float) -> None:
        """Blocks the calling thread."""
        time.sleep(seconds)


class LambdaContext(Protocol):
    """What is used of the context that the Lambda runtime passes."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the platform ends the invocation."""
        ...


class InvocationDeadline:
    """Implements the `Deadline` port for the running invocation."""

    def __init__(self, context: LambdaContext) -> None:
        self._context = context

    def seconds_left(self) -> float:
        """Asks the runtime each time, so it is right in worker threads too."""
        return self._context.get_remaining_time_in_millis() / 1000
