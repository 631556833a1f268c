"""How many calls each winery makes: in all, at once, and within a second."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sandbox.vinsuite.faults import Subject
from sandbox.vinsuite.switches import FaultRule

_NOBODY = "(unknown account)"


class Traffic:
    """Counts of calls; one is in flight until its reply left, or nobody waits for it any more."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._in_flight: Counter[str] = Counter()
        self.clear()

    def clear(self) -> None:
        """Forget what has passed; what is in flight stays so."""
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._calls: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._most: Counter[str] = Counter()

    @contextmanager
    def passing(self, subject: Subject) -> Iterator[None]:
        """Count a call that is let through for as long as the block runs."""
        winery = subject.winery or _NOBODY
        self._calls[winery][subject.operation] += 1
        self._recent[winery].append(monotonic())
        self._within_a_second(winery)
        self._in_flight[winery] += 1
        self._most[winery] = max(self._most[winery], self._in_flight[winery])
        try:
            yield
        finally:
            self._in_flight[winery] -= 1

    def is_over(self, rule: FaultRule, subject: Subject) -> bool:
        """Whether one more call of this winery would be above the rule's cap."""
        winery = subject.winery or _NOBODY
        if rule.max_in_flight is not None:
            return self._in_flight[winery] >= rule.max_in_flight
        return rule.max_per_second is not None and self._within_a_second(winery) >= rule.max_per_second

    def report(self) -> dict[str, Any]:
        """Give the counts since the last `clear`, per winery."""
        calls = {name: dict(each) for name, each in self._calls.items()}
        return {"calls": calls, "most_in_flight": dict(self._most)}

    def _within_a_second(self, winery: str) -> int:
        recent = self._recent[winery]
        while recent and recent[0] < monotonic() - 1:
            recent.popleft()
        return len(recent)
