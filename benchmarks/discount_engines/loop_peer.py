"""The plain way: every rule is asked every question, for every visit."""

from collections.abc import Callable

from cellarhand.domain.discounts.engine.benefit_amounts import millionths, share

from .rules_as_numbers import Facts, bounds, ranked, wanted
from .workload import Rule

type Worth = Callable[[int, int], int]


class PlainLoop:
    """Rules read once, then looped over."""

    def __init__(self, rules: list[Rule]) -> None:
        self._rules = [
            (rule["id"], rule["code"], list(wanted(rule).items()), bounds(rule), _worth(rule))
            for rule in ranked(rules)
        ]

    def evaluate(self, facts: Facts) -> tuple[str | None, int]:
        """Which rule is given, and its cents."""
        best: tuple[str | None, int] = None, 0
        party, fee = facts["party"], facts["fee"]
        for rule_id, code, labels, numbers, worth in self._rules:
            if not _holds(facts, labels, numbers):
                continue
            cents = worth(fee, party)
            if code and cents:
                return rule_id, cents
            if cents > best[1]:
                best = rule_id, cents
        return best


def _holds(
    facts: Facts, labels: list[tuple[str, list[str]]], numbers: list[tuple[str, int | None, int | None]]
) -> bool:
    for fact, content in labels:
        if facts[fact] not in content:
            return False
    for fact, least, most in numbers:
        value = facts[fact]
        if (least is not None and value < least) or (most is not None and value > most):
            return False
    return True


def _worth(rule: Rule) -> Worth:
    benefit, covers = rule["benefit"], rule["guests_covered_max"] or 500
    ceiling = rule["discount_max"] or 10**12
    rate, amount = millionths(benefit.get("percent", "0")), benefit.get("amount", 0)
    by_kind: dict[str, Worth] = {
        "percent_off": lambda fee, guests: guests * share(fee, rate),
        "amount_off_per_guest": lambda fee, guests: guests * min(fee, amount),
        "amount_off_per_reservation": lambda fee, guests: min(guests * fee, amount),
        "free_guests": lambda fee, guests: min(guests, benefit["guests"]) * fee,
        "price_per_guest": lambda fee, guests: guests * max(0, fee - amount),
    }
    once = benefit.get("rounds") == "per_reservation"
    cents: Worth = (lambda fee, guests: share(guests * fee, rate)) if once else by_kind[benefit["kind"]]
    return lambda fee, party: min(ceiling, cents(fee, min(party, covers)))
