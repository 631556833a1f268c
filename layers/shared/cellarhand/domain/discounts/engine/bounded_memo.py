"""Answers worked out once and kept while there is room."""

from collections.abc import Callable, Hashable


class BoundedMemo[K: Hashable, V](dict[K, V]):
    """`memo[key]` works the value out on first sight. Full, it forgets everything: it never grows beyond."""

    def __init__(self, work_out: Callable[[K], V], most: int = 4_096) -> None:
        super().__init__()
        self._work_out = work_out
        self._most = most

    def __missing__(self, key: K) -> V:
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._work_out(key)
        return value
