"""The order's lines, money, dates and note, to the cent."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellarhand.domain.local_time import local_date
from cellarhand.domain.tenants.settings import SalesAssociates
from tests.unit.order_sync.given import order, snapshot

CHEESE = {"sku": "CHEESE", "name": "Cheese", "unit_price": 1500, "quantity": 2}


def lines(**changes: Any) -> list[tuple[str, int, int]]:
    return [(line.sku, line.quantity, line.unit_price) for line in order(snapshot(**changes)).lines]


LINES = [
    ("list price", {}, [("TASTING", 2, 4000)]),
    ("uneven split", {"party_size": 3, "discounts": [{"rule": "r", "amount": 2000}]},
     [("TASTING", 1, 3334), ("TASTING", 2, 3333)]),
    ("a price per guest", {
        "party_size": 3,
        "discounts": [{"rule": "r", "amount": 4000}],
        "guest_prices": [
            {"guests": 1, "unit_price": 4000},
            {"guests": 1, "unit_price": 0},
            {"guests": 1, "unit_price": 4000},
        ],
    }, [("TASTING", 2, 4000), ("TASTING", 1, 0)]),
    ("complimentary", {"discounts": [{"name": "comp", "by": "Sam", "amount": 8000}]}, [("TASTING", 2, 0)]),
    ("add-ons", {"add_ons": [CHEESE]}, [("TASTING", 2, 4000), ("CHEESE", 2, 1500)]),
    ("equal add-ons", {"add_ons": [CHEESE, CHEESE]}, [("TASTING", 2, 4000), ("CHEESE", 4, 1500)]),
    ("an add-on like the visit", {"add_ons": [{**CHEESE, "sku": "TASTING", "unit_price": 4000}]},
     [("TASTING", 4, 4000)]),
    ("gratuity", {"gratuity": 1234}, [("TASTING", 2, 4000), ("TIP", 1, 1234)]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [row[1:] for row in LINES], ids=[row[0] for row in LINES])
def test_there_is_one_line_per_sku_and_price(changes: dict[str, Any], expected: list[tuple[str, int, int]]):
    assert lines(**changes) == expected


def test_the_money_is_what_the_guest_paid():
    made = order(snapshot(discounts=[{"rule": "r", "amount": 1000}], add_ons=[CHEESE], tax=725, gratuity=500))
    assert (made.sub_total, made.taxes, made.total) == (10_500, 725, 11_225)
    assert (made.list_price, made.discount) == (11_500, 1000)


def test_the_buyer_is_the_guest_with_a_normalised_address():
    buyer = order().buyer
    assert (buyer.customer_id, buyer.email, buyer.last_name) == ("customer-1", "anna@example.com", "Berg")


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("booked_date", date(2026, 5, 31)),
        ("event_date", date(2026, 6, 5)),
        ("day_of_synchronization", date(2026, 6, 6)),
    ],
)
def test_the_order_date_is_a_local_date_by_setting(setting: str, expected: date):
    assert order(order_date=setting).order_date == expected


@pytest.mark.parametrize(
    ("setting", "expected"), [("booked_date", date(2026, 5, 31)), ("event_date", date(2026, 6, 5))]
)
def test_the_pickup_date_is_a_local_date_by_setting(setting: str, expected: date):
    assert order(pickup_date=setting).pickup_date == expected


@pytest.mark.parametrize(
    ("instant", "zone", "expected"),
    [
        ("2026-06-10T09:59:59Z", "Pacific/Kiritimati", date(2026, 6, 10)),
        ("2026-06-10T10:00:00Z", "Pacific/Kiritimati", date(2026, 6, 11)),
        ("2026-06-10T10:59:59Z", "Pacific/Pago_Pago", date(2026, 6, 9)),
        ("2026-03-08T07:59:59Z", "America/Los_Angeles", date(2026, 3, 7)),
        ("2026-03-09T06:59:59Z", "America/Los_Angeles", date(2026, 3, 8)),
        ("2026-03-09T07:00:00Z", "America/Los_Angeles", date(2026, 3, 9)),
        ("2026-11-02T07:59:59Z", "America/Los_Angeles", date(2026, 11, 1)),
        ("2026-06-10T20:00:00-07:00", "Australia/Adelaide", date(2026, 6, 11)),
    ],
)
def test_an_instant_s_date_is_the_winery_s_far_from_utc_and_when_clocks_change(
    instant: str, zone: str, expected: date
):
    assert local_date(datetime.fromisoformat(instant), zone) == expected


def test_the_sales_associate_follows_the_booking_source():
    associates = SalesAssociates(WGT="widget-staff", BO="office-staff")
    assert order(snapshot(booking_source="BO"), sales_associates=associates).sales_associate == "office-staff"
    assert order(snapshot(booking_source="MOB"), sales_associates=associates).sales_associate is None


cents = st.integers(0, 50_000)
add_ons = st.lists(
    st.fixed_dictionaries(
        {
            "sku": st.sampled_from(["CHEESE", "TASTING"]),
            "name": st.just("More"),
            "unit_price": cents,
            "quantity": st.integers(1, 5),
        }
    ),
    max_size=4,
)


@given(
    party_size=st.integers(1, 30),
    fee=cents,
    share=st.integers(0, 100),
    add_ons=add_ons,
    tax=cents,
    gratuity=cents,
    note=st.text(max_size=40),
)
def test_lines_and_taxes_are_the_total_and_the_internal_note_stays_here(
    party_size: int, fee: int, share: int, add_ons: list[dict[str, Any]], tax: int, gratuity: int, note: str
):
    made = order(
        snapshot(
            party_size=party_size,
            fee_per_guest=fee,
            discounts=[{"rule": "r", "amount": party_size * fee * share // 100}],
            add_ons=add_ons,
            tax=tax,
            gratuity=gratuity,
            guest_note=note,
            internal_note="never-to-be-sent",
        )
    )
    assert sum(line.quantity * line.unit_price for line in made.lines) == made.sub_total
    assert made.sub_total + made.taxes == made.total
    assert len({(line.sku, line.unit_price) for line in made.lines}) == len(made.lines)
    assert made.note == (note or None)
    assert "never-to-be-sent" not in made.model_dump_json()
