"""Prints what the tour does, step by step, with the real answers; checks each claim."""

import json
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any


class WrongAnswerError(Exception):
    """An answer is not what the tour promises; the text says which."""


class Narrator:
    """Prints steps, answers and checks; remembers how many checks held."""

    def __init__(self) -> None:
        self._step = 0
        self._begun = monotonic()
        self.checks = 0

    def step(self, title: str, why: str) -> None:
        """Begin a step."""
        self._step += 1
        print(f"\n{self._step:2}. {title}\n    {why}", flush=True)

    def answer(self, label: str, value: Any) -> None:
        """Show a real answer."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        print(f"      {label}: {text}", flush=True)

    def check(self, claim: str, *, holds: bool, seen: Any = None) -> None:
        """State a claim that must hold. Raises `WrongAnswerError` with what was seen when it does not."""
        if not holds:
            raise WrongAnswerError(f"step {self._step}: {claim}; seen: {json.dumps(seen, default=str)}")
        self.checks += 1
        print(f"      ✓ {claim}", flush=True)

    def equal(self, claim: str, seen: Any, expected: Any) -> None:
        """State that something is exactly this."""
        self.check(claim, holds=seen == expected, seen={"seen": seen, "expected": expected})

    def wait(self, what: str, reached: Callable[[], Any], *, seconds: float) -> Any:
        """Wait until `reached` answers something true; answers it, or raises `WrongAnswerError`."""
        print(f"      … {what} (at most {seconds:.0f} s)", flush=True)
        end = monotonic() + seconds
        while not (value := reached()):
            if monotonic() > end:
                raise WrongAnswerError(f"step {self._step}: {what}: not within {seconds:.0f} s")
            sleep(0.5)
        return value

    def seconds(self) -> float:
        """How long the tour has taken so far."""
        return monotonic() - self._begun


def dollars(cents: int) -> str:
    """An amount as people read it."""
    return f"${cents // 100}.{cents % 100:02d}"
