"""The findings in sentences, each with what follows for Cellarhand."""

from collections.abc import Callable
from typing import Any

from .findings import (
    Delays,
    Effects,
    Filters,
    FirstOrder,
    Members,
    OwnNumbers,
    Pace,
    Refusals,
    Repeat,
    TurnedAway,
)
from .journal import Journal
from .plan import Step

UNKNOWN = "not known"


def report(journal: Journal, wanted: tuple[Step, ...]) -> str:
    """The whole report as Markdown."""
    lines = [
        f"# VinSuite as {journal.username} finds it at {journal.environment}",
        "",
        f"Asked at {journal.address} from {journal.started_at:%Y-%m-%d %H:%M} UTC on. "
        f"Up to {journal.orders_sent} test orders and {journal.customers_sent} test customers were made; "
        f"all carry probe-{journal.token}- in their e-mail.",
    ]
    for step in wanted:
        finding = getattr(journal.findings, step.name)
        lines += ["", f"## {step.question}. {step.asks}", ""]
        lines += [f"- {line}" for line in (_SAID[step.name](finding) if finding else ["not asked yet"])]
    return "\n".join(lines) + "\n"


def _first_order(found: FirstOrder) -> list[str]:
    if not found.finds_orders:
        return ["No: an order that was taken can't be read back. Order sync must work without read-back."]
    kept = "kept as given" if found.number_kept else "replaced: it can't be read back under ours"
    return [
        f"Yes. The number is {kept}; the prefix is {(found.prefix or UNKNOWN).replace('_', ' ')}.",
        f"DateModified stands in UTC{found.clock_minutes:+d} min."
        if found.clock_minutes is not None
        else UNKNOWN,
    ]


def _repeat(found: Repeat) -> list[str]:
    return [f"A repeated number is {found.outcome.replace('_', ' ')}.", *_quoted(found.text)]


def _filters(found: Filters) -> list[str]:
    return [f"Filters honoured: {', '.join(found.honoured) or 'none'}."]


def _own_numbers(found: OwnNumbers) -> list[str]:
    given = ", ".join(map(str, found.given)) or UNKNOWN
    moved = "they follow ours, so ours move its own" if found.follows_ours else "a range of its own"
    return [f"Given: {given} after ours was {found.ours}: {moved}."]


def _members(found: Members) -> list[str]:
    listed = "all" if found.listed == found.added else f"only {found.listed}"
    return [
        f"A new member is found after {_seconds(found.found_after)}.",
        f"The case of an e-mail is {_either(found.case_ignored, 'ignored', 'not ignored')}; "
        f"a part of it {_either(found.finds_parts, 'finds', 'does not find')} the member.",
        f"Adding an e-mail again: {found.repeated_email.replace('_', ' ')}.",
        *_quoted(found.text),
        f"Of {found.added} with one last name {listed} are listed.",
    ]


def _effects(found: Effects) -> list[str]:
    billed = ", ".join(found.signs_of_billing)
    mail = (
        f"look into {found.mailbox}: was anything sent?"
        if found.mailbox
        else "not looked at: give --mailbox."
    )
    return [
        f"Billing: {f'signs of it: {billed}' if billed else 'no sign of it'}.",
        f"The order's status is {found.status or UNKNOWN}.",
        f"Stock: {found.stock.replace('_', ' ')}.",
        f"E-mail: {mail}",
    ]


def _pace(found: Pace) -> list[str]:
    return [
        f"One after the other: {_away(found.a_second, 'within a second')} ({found.tried_a_second} tried).",
        f"At once: {_away(found.in_flight, 'in flight')} (up to {found.tried_in_flight} tried).",
    ]


def _away(found: TurnedAway | None, how: str) -> str:
    if found is None:
        return "nobody is turned away"
    after = found.retry_after or "absent"
    return f"{found.let_through} let through {how}, then {found.status}, Retry-After {after}"


def _delays(setting: str) -> Callable[[Delays], list[str]]:
    def said(found: Delays) -> list[str]:
        if not found.seconds:
            return [f"Nothing was seen; {found.not_seen} were never there."]
        return [
            f"{len(found.seconds)} seen: half within {_seconds(found.at(0.5))}, 99 % within "
            f"{_seconds(found.at(0.99))}, 99.9 % within {_seconds(found.at(0.999))}, "
            f"the longest {_seconds(found.longest)}.",
            f"{found.not_seen} were not seen within the bound.",
            f"{setting} must be well above the longest; the tenant's own bound is set to twice that.",
        ]

    return said


def _refusals(found: Refusals) -> list[str]:
    seen = [
        f"{each.what}: {each.ended}"
        + (f", identities {each.identities[0]} and {each.identities[1]}" if each.identities else "")
        + (f", “{each.text}”" if each.text else "")
        + ("" if each.known else ": NOT what the adapter's assumptions expect")
        for each in found.seen
    ]
    if found.locks_after is not None:
        return [*seen, f"Locked after {found.locks_after} wrong passwords in a row."]
    tried = f"{found.wrong_logins_tried} wrong passwords in a row did not lock"
    return [*seen, tried if found.wrong_logins_tried else "Lock-out: not tried (--wrong-logins)."]


def _quoted(text: str | None) -> list[str]:
    return [f"In its words: “{text}”"] if text else []


def _seconds(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.1f} s"


def _either(flag: bool | None, yes: str, no: str) -> str:
    return UNKNOWN if flag is None else yes if flag else no


_SAID: dict[str, Callable[[Any], list[str]]] = {
    "first_order": _first_order,
    "repeat": _repeat,
    "filters": _filters,
    "own_numbers": _own_numbers,
    "members": _members,
    "effects": _effects,
    "pace": _pace,
    "read_lag": _delays("ReadLagSeconds"),
    "late_execution": _delays("LateExecutionSeconds"),
    "refusals": _refusals,
}
