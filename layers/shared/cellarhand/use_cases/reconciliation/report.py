"""The answer to a reconciliation request: sums with a page of differences, or everything as CSV.

Why: docs/decisions.md#a-reconciliation-is-computed-for-each-page
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from csv import writer
from datetime import date
from io import StringIO

from pydantic import BaseModel

from cellarhand.domain.reconciliation.comparison import CrmSums
from cellarhand.domain.reconciliation.difference import Difference, DifferenceKind
from cellarhand.domain.reconciliation.ledger_side import LedgerSums, MoneyPart, Sum
from cellarhand.use_cases.cursor import cursor_text, read_cursor

from .reconcile import Reconciliation, sort_key

DIFFERENCES_PER_PAGE = 500
BOOKED, UNACCOUNTED = "booked", "unaccounted"
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet executes text that begins with these; text that strangers wrote must not be executed."""
COLUMNS = (
    "row",
    "kind",
    "records",
    "money",
    "reservation_id",
    "crm_order_id",
    "order_number",
    "visit_date",
    "ours",
    "theirs",
    "adjustment_id",
)


class CrmView(BaseModel):
    """The CRM's side: whether it could be compared, and if not, why; sums in records and minor units."""

    state: str
    reason: str | None
    message: str | None
    sums: CrmSums


class ReconciliationPage(BaseModel):
    """A period by local visit dates. Money in minor units.

    `records` and `money`: booked = synced + waiting + refused + needs_attention + excluded + unaccounted;
    `adds_up` is false if anything is unaccounted for. `excluded` is divided by reason. `to_look_into`: how
    many differences somebody has to look into, and by how much money they are off; `kinds` counts all
    differences.
    """

    from_date: date
    to_date: date
    currency: str
    records: Mapping[str, int]
    money: Mapping[str, int]
    adds_up: bool
    excluded: Mapping[str, Sum]
    crm: CrmView
    to_look_into: Sum
    kinds: Mapping[DifferenceKind, int]
    differences: Sequence[Difference]
    next: str | None


def page_of(found: Reconciliation, cursor: str | None) -> ReconciliationPage:
    """Raises `InvalidRequestError` for a broken cursor."""
    after = read_cursor(cursor) if cursor else ""
    left = [difference for difference in found.differences if sort_key(difference) > after]
    shown = left[:DIFFERENCES_PER_PAGE]
    sums = _sums(found.ledger)
    return ReconciliationPage(
        from_date=found.period.from_date,
        to_date=found.period.to_date,
        currency=found.currency,
        records={name: total.records for name, total in sums.items()},
        money={name: total.money for name, total in sums.items()},
        adds_up=found.ledger.adds_up,
        excluded=found.ledger.reasons,
        crm=CrmView(**found.crm.model_dump()),
        to_look_into=found.actionable,
        kinds=Counter(difference.kind for difference in found.differences),
        differences=shown,
        next=cursor_text(sort_key(shown[-1])) if len(left) > len(shown) else None,
    )


def csv_of(found: Reconciliation) -> str:
    """Everything, by RFC 4180: rows of sums (`row` is `books`, `excluded` or `crm`), then of differences."""
    text = StringIO()
    out = writer(text, lineterminator="\r\n")
    out.writerow(COLUMNS)
    out.writerows([_cell(row.get(column)) for column in COLUMNS] for row in _rows(found))
    return text.getvalue()


def _rows(found: Reconciliation) -> Iterator[dict[str, object]]:
    yield from _sum_rows("books", _sums(found.ledger).items())
    yield from _sum_rows("excluded", sorted(found.ledger.reasons.items()))
    yield {"row": "crm", "kind": found.crm.state}
    sums = found.crm.sums
    theirs = ("expected", "found", "unexpected", "unknown", "unanswered")
    yield from _sum_rows("crm", ((name, getattr(sums, name)) for name in theirs))
    yield {"row": "crm", "kind": "others", "records": sums.others}
    yield {"row": "crm", "kind": "too_recent", "records": sums.too_recent}
    yield {"row": "crm", "kind": "money_difference", "money": sums.money_difference}
    for difference in found.differences:
        yield {"row": "difference", **difference.model_dump()}


def _sum_rows(row: str, sums: Iterable[tuple[str, Sum]]) -> Iterator[dict[str, object]]:
    for name, total in sums:
        yield {"row": row, "kind": name, "records": total.records, "money": total.money}


def _sums(ledger: LedgerSums) -> dict[str, Sum]:
    return {name: getattr(ledger, name) for name in (BOOKED, *MoneyPart, UNACCOUNTED)}


def _cell(value: object) -> object:
    """Numbers and dates unchanged; text that a spreadsheet would execute gets an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA_BEGINNINGS):
        return f"'{value}"
    return "" if value is None else value
