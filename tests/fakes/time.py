"""Time and randomness that only move when a test says so."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Starts on a Saturday noon, UTC; `advance` is the only thing that moves it."""

    def __init__(self, start: datetime = datetime(2026, 6, 6, 12, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def advance(self, *, seconds: float = 0, days: float = 0) -> None:
        self._now += timedelta(seconds=seconds, days=days)


class CountingTokens:
    """Tokens that can be told apart and foreseen; no jitter."""

    def __init__(self) -> None:
        self._count = 0

    def token(self, bits: int = 128) -> str:
        self._count += 1
        return f"token-{self._count:06d}-{bits}"

    def jitter(self) -> float:
        return 0.0
