"""Answers kept for a moment, and one question at a time for the same thing."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future

from cellarhand.ports.runtime import Clock


class Remembered[Answer]:
    """Safe to use from several threads. Failures are told to all who wait for the answer, and not kept."""

    def __init__(self, clock: Clock, *, seconds: float, most: int = 1000) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._kept: dict[Hashable, tuple[float, Answer]] = {}
        self._asked: dict[Hashable, Future[Answer]] = {}
        self._lock = threading.Lock()

    def answer(self, question: Hashable, ask: Callable[[], Answer], *, timeout: float) -> Answer:
        """What `ask` answered at most `seconds` ago, or answers now.

        Raises what `ask` raises, or `TimeoutError` after `timeout` seconds of waiting for another's asking.
        """
        with self._lock:
            kept = self._kept.get(question)
            if kept and self._clock.monotonic() - kept[0] < self._seconds:
                return kept[1]
            waited_for = self._asked.get(question)
            if waited_for is None:
                mine = self._asked[question] = Future()
        if waited_for is not None:
            return waited_for.result(timeout)
        return self._ask(question, ask, mine)

    def _ask(self, question: Hashable, ask: Callable[[], Answer], mine: Future[Answer]) -> Answer:
        asked_at = self._clock.monotonic()
        try:
            answer = ask()
        except BaseException as failure:
            mine.set_exception(failure)
            with self._lock:
                del self._asked[question]
            raise
        with self._lock:
            del self._asked[question]
            self._keep(question, asked_at, answer)
        mine.set_result(answer)
        return answer

    def _keep(self, question: Hashable, asked_at: float, answer: Answer) -> None:
        self._kept.pop(question, None)
        while len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[question] = (asked_at, answer)
