"""The machine itself: its clock, its randomness, and how long the platform lets an invocation live."""

import secrets
import time
from datetime import UTC, datetime
from typing import Protocol


class SystemClock:
    """Fills `Clock`."""

    def now(self) -> datetime:
        """The machine's time, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment in the past."""
        return time.monotonic()


class SystemTokens:
    """Fills `Tokens` from the operating system's randomness."""

    def token(self, bits: int = 128) -> str:
        """Hexadecimal, so that it can stand in any id, path or key: `bits / 4` characters."""
        return secrets.token_hex(bits // 8)

    def jitter(self) -> float:
        """Evenly spread over [0, 1)."""
        return secrets.randbelow(1 << 32) / (1 << 32)


class LambdaContext(Protocol):
    """What is used of the context that the Lambda runtime passes."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the platform ends the invocation."""
        ...


class InvocationDeadline:
    """Fills `Deadline` for the running invocation."""

    def __init__(self, context: LambdaContext) -> None:
        self._context = context

    def seconds_left(self) -> float:
        """Asks the runtime each time, so it is right in worker threads too."""
        return self._context.get_remaining_time_in_millis() / 1000
