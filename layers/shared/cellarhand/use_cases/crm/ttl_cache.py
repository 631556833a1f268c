"""A cache whose values expire after a short time."""

from collections.abc import Callable, Hashable

from cellarhand.ports.runtime import Clock


class TtlCache[Value]:
    """For one process. Lambda runs one invocation at a time in it, so no two loads run at once.

    At most `max_size` values are cached; the one loaded longest ago is dropped first.
    """

    def __init__(self, clock: Clock, *, seconds: float, max_size: int = 1000) -> None:
        self._clock = clock
        self._seconds = seconds
        self._max_size = max_size
        self._kept: dict[Hashable, tuple[float, Value]] = {}

    def get_or_load(self, key: Hashable, load: Callable[[], Value]) -> Value:
        """The value loaded at most `seconds` ago, or a new one. A failed load is not cached."""
        kept = self._kept.get(key)
        now = self._clock.monotonic()
        if kept and now - kept[0] < self._seconds:
            return kept[1]
        value = load()
        self._kept.pop(key, None)
        while len(self._kept) >= self._max_size:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (now, value)
        return value
