"""zen-engine in its fastest single-call form: all rules in one compiled expression, one number out.

The number tells the rule and its cents, so nothing but `evaluate` is timed. A list of what each rule is worth
and a decision table are slower, because every element is converted; rules settle as `best_for_guest` and
`promo_replaces_automatic`, which one expression can say; stacking and explaining it can't.
"""

from collections.abc import Callable
from typing import Any

import zen  # type: ignore[import-not-found,unused-ignore] # has no types

from .rules_as_numbers import Facts, bounds, ranked, wanted
from .workload import Rule

CODE_FIRST = 10**12


class ZenEngine:
    """`evaluate` takes facts and answers the number; `decision` reads it."""

    def __init__(self, rules: list[Rule]) -> None:
        self._ranked = ranked(rules)
        self._room = len(rules)
        worths = ", ".join(self._worth(rank, rule) for rank, rule in enumerate(self._ranked))
        self.evaluate: Callable[[Facts], Any] = zen.compile_expression(f"max([{worths}])").evaluate

    def decision(self, number: float) -> tuple[str | None, int]:
        """Which rule is given, and its cents."""
        cents, place = divmod(int(number) % CODE_FIRST, self._room)
        return (self._ranked[self._room - 1 - place]["id"], cents) if cents else (None, 0)

    def _worth(self, rank: int, rule: Rule) -> str:
        number = f"{_cents(rule)} * {self._room} + {self._room - 1 - rank}"
        if rule["code"]:
            number = f"({_cents(rule)} > 0 ? {CODE_FIRST} + {number} : 0)"
        return f"{_condition(rule)} ? {number} : 0"


def _condition(rule: Rule) -> str:
    parts = []
    for fact, labels in wanted(rule).items():
        quoted = ", ".join(f"'{label}'" for label in labels)
        parts.append(f"{fact} == {quoted}" if len(labels) == 1 else f"{fact} in [{quoted}]")
    for fact, least, most in bounds(rule):
        if least is not None:
            parts.append(f"{fact} >= {least}")
        if most is not None:
            parts.append(f"{fact} <= {most}")
    return "(" + (" and ".join(parts) or "true") + ")"


def _cents(rule: Rule) -> str:
    """Every guest pays the same fee, so each benefit has a closed form."""
    benefit, most = rule["benefit"], rule["guests_covered_max"]
    covered = f"min([party, {most}])" if most else "party"
    match benefit["kind"]:
        case "percent_off" if benefit.get("rounds") == "per_reservation":
            cents = f"floor(fee * {covered} * {benefit['percent']} / 100 + 0.5)"
        case "percent_off":
            cents = f"{covered} * floor(fee * {benefit['percent']} / 100 + 0.5)"
        case "amount_off_per_guest":
            cents = f"{covered} * min([fee, {benefit['amount']}])"
        case "amount_off_per_reservation":
            cents = f"min([fee * {covered}, {benefit['amount']}])"
        case "free_guests":
            cents = f"min([{covered}, {benefit['guests']}]) * fee"
        case _:
            cents = f"{covered} * max([0, fee - {benefit['amount']}])"
    return f"min([{cents}, {rule['discount_max']}])" if rule["discount_max"] else f"({cents})"
