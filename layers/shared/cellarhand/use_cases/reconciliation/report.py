"""A reconciliation as it is answered: sums with a page of differences, or all of it as CSV."""

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

from .reconcile import Reconciliation, place_of

DIFFERENCES_PER_PAGE = 500
BOOKED, UNACCOUNTED = "booked", "unaccounted"
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs what begins so; a text of a stranger's must not."""
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
    """The CRM's side: whether it could be compared with, else why not; sums in records and minor units."""

    state: str
    reason: str | None
    message: str | None
    sums: CrmSums


class ReconciliationPage(BaseModel):
    """A period by local visit dates. Money in minor units.

    `records` and `money`: booked = synced + waiting + refused + needs_attention + excluded + unaccounted;
    `adds_up` is false if anything is unaccounted for. `excluded` says why. `to_look_into` are differences
    that somebody has to look into, and by how much money they are off; `kinds` counts all differences.
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
    left = [difference for difference in found.differences if place_of(difference) > after]
    shown = left[:DIFFERENCES_PER_PAGE]
    sums = _sums(found.books)
    return ReconciliationPage(
        from_date=found.period.from_date,
        to_date=found.period.to_date,
        currency=found.currency,
        records={name: total.records for name, total in sums.items()},
        money={name: total.money for name, total in sums.items()},
        adds_up=found.books.adds_up,
        excluded=found.books.reasons,
        crm=CrmView(**found.crm.model_dump()),
        to_look_into=found.figure,
        kinds=Counter(difference.kind for difference in found.differences),
        differences=shown,
        next=cursor_text(place_of(shown[-1])) if len(left) > len(shown) else None,
    )


def csv_of(found: Reconciliation) -> str:
    """Everything, by RFC 4180: rows of sums (`row` is `books`, `excluded` or `crm`), then of differences."""
    text = StringIO()
    out = writer(text, lineterminator="\r\n")
    out.writerow(COLUMNS)
    out.writerows([_cell(row.get(column)) for column in COLUMNS] for row in _rows(found))
    return text.getvalue()


def _rows(found: Reconciliation) -> Iterator[dict[str, object]]:
    yield from _sum_rows("books", _sums(found.books).items())
    yield from _sum_rows("excluded", sorted(found.books.reasons.items()))
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


def _sums(books: LedgerSums) -> dict[str, Sum]:
    return {name: getattr(books, name) for name in (BOOKED, *MoneyPart, UNACCOUNTED)}


def _cell(value: object) -> object:
    """Numbers and dates as they are; a text that a spreadsheet would run gets an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA_BEGINNINGS):
        return f"'{value}"
    return "" if value is None else value
