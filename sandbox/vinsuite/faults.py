"""Which rule strikes which call, and how often each really took effect."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.vinsuite.switches import Behaviours, FaultRule, Switches


@dataclass(frozen=True)
class Subject:
    """What a rule looks at: the operation, and whose account was named, if anybody's."""

    operation: str
    winery: str | None


@dataclass
class _Standing:
    """A rule with what it has met so far; `claimed` also counts strikes still under way."""

    rule: FaultRule
    random: Random
    seen: int = 0
    claimed: int = 0
    fired: int = 0

    def concerns(self, subject: Subject) -> bool:
        named, whose = self.rule.operations, self.rule.winery
        return (named is None or subject.operation in named) and whose in (None, subject.winery)

    def strikes_now(self) -> bool:
        """Take note of a matching call and decide about it."""
        self.seen += 1
        turn = self.seen - self.rule.after
        if turn <= 0 or (self.rule.times is not None and self.claimed >= self.rule.times):
            return False
        if self.rule.every_nth is not None:
            return turn % self.rule.every_nth == 0
        return self.rule.probability is None or self.random.random() < self.rule.probability


@dataclass
class Strike:
    """A rule that was drawn for one call; it counts only once it took effect."""

    _standing: _Standing
    _totals: Counter[str] = field(repr=False)

    @property
    def rule(self) -> FaultRule:
        """The rule that was drawn."""
        return self._standing.rule

    def took_effect(self) -> None:
        """Count it."""
        self._standing.fired += 1
        self._totals[self.rule.kind] += 1

    def had_no_effect(self) -> None:
        """Give its turn back, for rules that fire a given number of times."""
        self._standing.claimed -= 1

    def jitter(self) -> float:
        """Draw between nothing and the rule's jitter, in seconds."""
        return self._standing.random.uniform(0, self.rule.jitter_seconds)


class FaultBoard:
    """The switches in force, and the counts since the last `clear`."""

    def __init__(self) -> None:
        """Start with nothing switched on."""
        self.clear()

    @property
    def behaviours(self) -> Behaviours:
        """The behaviours in force."""
        return self._switches.behaviours

    def set(self, switches: Switches) -> None:
        """Put other switches in force; the counts by kind go on, those by rule start anew, locks open."""
        self._switches = switches
        self.wrong_passwords: Counter[str] = Counter()
        self._standings = [
            _Standing(rule, Random(f"{switches.seed}/{index}"))  # noqa: S311 - repeatable, not secret
            for index, rule in enumerate(switches.rules)
        ]

    def clear(self) -> None:
        """Switch everything off and count from nothing."""
        self._totals: Counter[str] = Counter()
        self.set(Switches())

    def lift(self, winery: str) -> None:
        """Switch off the rules that name this winery; the others and all counts go on."""
        self._standings = [each for each in self._standings if each.rule.winery != winery]

    def draw(
        self, kinds: Collection[str], subject: Subject, when: Callable[[FaultRule], bool] = lambda _: True
    ) -> Strike | None:
        """Give the first rule of these kinds that strikes; calls for which `when` fails are no turns."""
        for standing in self._standings:
            rule = standing.rule
            if rule.kind in kinds and standing.concerns(subject) and when(rule) and standing.strikes_now():
                standing.claimed += 1
                return Strike(standing, self._totals)
        return None

    def behaved(self, name: str) -> None:
        """Count that a behaviour other than the usual one showed."""
        self._totals[name] += 1

    def report(self) -> dict[str, Any]:
        """Give the switches, and how often each rule, kind and behaviour took effect."""
        rules = [
            {**each.rule.model_dump(mode="json", exclude_unset=True), "seen": each.seen, "fired": each.fired}
            for each in self._standings
        ]
        return {
            "seed": self._switches.seed,
            "rules": rules,
            "behaviours": self.behaviours.model_dump(mode="json"),
            "fired": dict(self._totals),
        }
