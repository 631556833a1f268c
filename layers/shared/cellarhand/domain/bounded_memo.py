"""A dictionary that computes missing values and holds a bounded number of them."""

from collections.abc import Callable, Hashable


class BoundedMemo[K: Hashable, V](dict[K, V]):
    """`memo[key]` computes the value on first use. A full memo is emptied, so its size stays bounded."""

    def __init__(self, compute: Callable[[K], V], max_size: int = 4_096) -> None:
        super().__init__()
        self._compute = compute
        self._max_size = max_size

    def __missing__(self, key: K) -> V:
        if len(self) >= self._max_size:
            self.clear()
        value = self[key] = self._compute(key)
        return value
