"""What the findings say of one tenant's CRM, in the words that order sync goes by."""

import re
from collections.abc import Iterable
from datetime import datetime

from cellarhand.domain.tenants.crm_measurements import MeasuredCrm

from .findings import Delays, Findings, FirstOrder, Refusals, Repeat
from .limits import Environment

MARGIN = 2
"""Two hundred samples miss the rarest delay; the bound that is stored is so many times the longest seen."""
_MIN_TEXT = 8


def measured_crm(findings: Findings, environment: Environment, at: datetime) -> MeasuredCrm:
    """What is not known stays absent, and the safe assumption stands."""
    repeat = findings.repeat
    found_after = findings.members.found_after if findings.members else None
    reads = [_longest(findings.read_lag), found_after]
    return MeasuredCrm(
        measured_in=environment,
        measured_at=at,
        finds_orders=_finds_orders(findings.first_order, findings.read_lag),
        refuses_repeated_order_numbers=_refuses(repeat),
        repeated_number_text=_words_of(repeat, findings.refusals),
        orders_carry_prefix=_carries_prefix(findings.first_order),
        read_lag_seconds=_with_margin(reads),
        late_execution_seconds=_with_margin([_longest(findings.late_execution)]),
    )


def _finds_orders(first: FirstOrder | None, lags: Delays | None) -> bool | None:
    """An order that was never shown makes "not there" unbelievable, as a changed number does."""
    if first is None:
        return None
    return first.finds_orders and first.number_kept is True and not (lags and lags.not_seen)


def _refuses(repeat: Repeat | None) -> bool | None:
    decided = repeat and repeat.outcome in {"refused", "duplicated", "renumbered"}
    return repeat.outcome == "refused" if repeat and decided else None


def _carries_prefix(first: FirstOrder | None) -> bool | None:
    return first.prefix != "left_out" if first and first.prefix else None


def _words_of(repeat: Repeat | None, refusals: Refusals | None) -> str | None:
    """The longest run of words around the number that no other refusal has."""
    if repeat is None or repeat.outcome != "refused" or refusals is None:
        return None
    others = [(each.text or "").lower() for each in refusals.seen]
    parts = (part.strip(" .:'\"") for part in re.split(r"\S*\d\S*", repeat.text or ""))
    own = [p for p in parts if len(p) >= _MIN_TEXT and not any(p.lower() in each for each in others)]
    return max(own, key=len, default=None)


def _longest(delays: Delays | None) -> float | None:
    return delays.longest if delays else None


def _with_margin(seconds: Iterable[float | None]) -> float | None:
    known = [each for each in seconds if each is not None]
    return MARGIN * max(known) if known else None
