"""`GET /v1/reconciliation` as staff ask for it."""

import csv
import io

import pytest

from cellarhand.domain.orders.order import OrderNumber
from cellarhand.domain.tenants.access_key import Role
from cellarhand.use_cases.reconciliation import ledger_reader, report
from functions.order_sync import app
from tests.fakes.http import TENANT, FakeContext, call, http_event
from tests.fakes.outside import FakeOutside
from tests.unit.order_sync.given import reservation
from tests.unit.reconciliation.asking import JUNE, ROUTE, ask, double, drain, file_of


def test_sums_and_differences_are_answered(outside: FakeOutside):
    double(outside)
    body = ask().body
    assert body["records"] == {
        "booked": 2,
        "synced": 1,
        "waiting": 0,
        "refused": 0,
        "needs_attention": 0,
        "excluded": 1,
        "unaccounted": 0,
    }
    assert (body["money"]["booked"], body["money"]["synced"], body["money"]["excluded"]) == (
        16000,
        8000,
        8000,
    )
    assert body["excluded"] == {"balance_due": {"records": 1, "money": 8000}}
    assert (body["currency"], body["adds_up"], body["next"]) == ("USD", True, None)
    assert (body["crm"]["state"], body["crm"]["sums"]["money_difference"]) == ("compared", 8000)
    assert body["to_look_into"] == {"records": 1, "money": 8000}
    assert body["kinds"] == {"twice_in_crm": 1}
    assert body["differences"] == [
        {
            "kind": "twice_in_crm",
            "reservation_id": "r-7",
            "crm_order_id": "order-1 order-2",
            "order_number": "CH-7",
            "visit_date": "2026-06-05",
            "ours": 8000,
            "theirs": 16000,
            "adjustment_id": None,
        }
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (None, ("2026-05-07", "2026-06-06")),
        ({"to": "2026-03-31"}, ("2026-03-01", "2026-03-31")),
        ({"from": "2026-06-01"}, ("2026-06-01", "2026-06-06")),
        ({"from": "2026-07-01"}, ("2026-07-01", "2026-07-01")),
        ({"from": "2026-04-01", "to": "2026-07-01"}, ("2026-04-01", "2026-07-01")),
    ],
)
@pytest.mark.usefixtures("outside")
def test_the_last_31_days_are_meant_unless_others_are_named(
    query: dict[str, str] | None, expected: tuple[str, str]
):
    body = ask(query).body
    assert (body["from_date"], body["to_date"]) == expected


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"from": "2026-06-31"}, "/query/from"),
        ({"from": "yesterday"}, "/query/from"),
        ({"from": "2026-06-02", "to": "2026-06-01"}, "/query/from"),
        ({"from": "2026-04-01", "to": "2026-07-02"}, "/query/from"),
        ({"from": "2025-01-01"}, "/query/from"),
        ({"to": "0001-01-05"}, "/query/to"),
        ({"from": "0001-01-01", "to": "0001-01-05"}, "/query/from"),
        ({"from": "9999-12-01", "to": "9999-12-31"}, "/query/to"),
        ({"format": "xml"}, "/query/format"),
        ({"days": "3"}, "/query/days"),
        ({"cursor": "_w"}, "/query/cursor"),
    ],
)
@pytest.mark.usefixtures("outside")
def test_what_makes_no_period_is_refused_with_its_field(query: dict[str, str], pointer: str):
    answered = ask(query)
    assert answered.status == 422
    assert pointer in [error["pointer"] for error in answered.body["errors"]]


def test_an_order_executed_many_times_does_not_end_the_pages(
    outside: FakeOutside, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(report, "DIFFERENCES_PER_PAGE", 1)
    [order] = outside.crm.crm.orders
    for number in range(12):
        outside.crm.crm.put_order(order, f"00000000-0000-0000-0000-{number:012d}")
    outside.crm.crm.put_order(order.model_copy(update={"order_number": OrderNumber(prefix="CH-", number=99)}))
    first = ask().body
    assert first["differences"][0]["kind"] == "twice_in_crm"
    assert ask({**JUNE, "cursor": first["next"]}).body["differences"][0]["kind"] == "unknown_in_crm"


@pytest.mark.usefixtures("outside")
def test_an_engine_may_not_ask():
    assert ask(role=Role.ENGINE).status == 403


def test_more_reservations_than_one_request_can_compare_are_refused(
    outside: FakeOutside, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ledger_reader.ledger_entries, "__defaults__", (1,))
    answered = ask()
    assert (answered.status, answered.body["code"]) == (422, "period_too_large")
    assert outside.crm.crm.calls_of("list_orders") == []


@pytest.mark.usefixtures("outside")
def test_a_crm_that_takes_too_long_is_said_to_be_unread():
    answered = ask(context=FakeContext(4.2))
    assert answered.status == 200
    assert (answered.body["crm"]["state"], answered.body["crm"]["reason"]) == (
        "unavailable",
        "too_much_to_read",
    )


def test_differences_come_in_pages_that_hold_each_once(outside: FakeOutside, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "DIFFERENCES_PER_PAGE", 2)
    for number in range(20, 25):
        outside.ledger.save(reservation(f"r-{number}", tenant_id=TENANT, snapshot={"number": number}))
    call(app.lambda_handler, "POST /v1/order-syncs", body=JUNE)
    drain()
    outside.clock.advance(seconds=600)
    for number in (7, *range(20, 25)):
        outside.crm.crm.remove_order(number)
    seen, query = [], dict(JUNE)
    while True:
        body = ask(query).body
        assert body["kinds"] == {"missing_in_crm": 6}
        seen += [difference["reservation_id"] for difference in body["differences"]]
        if body["next"] is None:
            break
        query["cursor"] = body["next"]
    assert seen == ["r-20", "r-21", "r-22", "r-23", "r-24", "r-7"]


def test_a_file_holds_sums_and_differences_line_by_line(outside: FakeOutside):
    double(outside)
    response = file_of(JUNE)
    assert response["headers"]["content-type"] == "text/csv; charset=utf-8; header=present"
    assert response["headers"]["content-disposition"] == (
        'attachment; filename="reconciliation-2026-06-01-2026-06-30.csv"'
    )
    assert response["body"].count("\r\n") == response["body"].count("\n")
    rows = list(csv.DictReader(io.StringIO(response["body"])))
    money = {(row["row"], row["kind"]): (row["records"], row["money"]) for row in rows}
    assert money["books", "booked"] == ("2", "16000")
    assert money["excluded", "balance_due"] == ("1", "8000")
    assert money["crm", "money_difference"] == ("", "8000")
    assert [(r["reservation_id"], r["ours"], r["theirs"]) for r in rows if r["row"] == "difference"] == [
        ("r-7", "8000", "16000")
    ]


@pytest.mark.parametrize("evil", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_text_of_a_strangers_is_run_by_a_spreadsheet(outside: FakeOutside, evil: str):
    [order] = outside.crm.crm.orders
    stranger = order.model_copy(update={"order_number": OrderNumber(prefix="CH-", number=99)})
    crm_order_id = f'{evil}","x'
    outside.crm.crm.put_order(stranger, crm_order_id)
    rows = list(csv.DictReader(io.StringIO(file_of(JUNE)["body"])))
    assert [row["crm_order_id"] for row in rows if row["kind"] == "unknown_in_crm"] == [f"'{crm_order_id}"]
    assert all(len(row) == len(report.COLUMNS) for row in rows)


def test_money_below_zero_stays_a_number(outside: FakeOutside):
    outside.crm.crm.remove_order(7)
    assert "crm,money_difference,,-8000" in file_of(JUNE)["body"]


@pytest.mark.parametrize("format_", ["json", "csv"])
def test_no_answer_holds_anything_personal(outside: FakeOutside, format_: str):
    double(outside)
    event = http_event(f"GET {ROUTE}", query={**JUNE, "format": format_})
    body = (app.lambda_handler(event, FakeContext()) or {})["body"]
    assert not [word for word in ("Anna", "Berg", "example.com") if word.casefold() in body.casefold()]
