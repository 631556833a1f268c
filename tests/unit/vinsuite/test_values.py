"""Single values on the wire, both ways."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellarhand.adapters.crm.vinsuite.wire import values

MONEY = st.integers(min_value=-(10**12), max_value=10**12)
DECIMALS = st.integers(min_value=0, max_value=4)


@given(MONEY, DECIMALS)
def test_money_survives_the_wire_to_the_cent(amount: int, decimals: int):
    assert values.minor_units(values.decimal_text(amount, decimals), decimals) == amount


@given(MONEY, st.integers(min_value=0, max_value=6))
def test_zeros_behind_do_not_change_money(amount: int, zeros: int):
    assert values.minor_units(values.decimal_text(amount, 2) + "0" * zeros, 2) == amount


@pytest.mark.parametrize(
    ("minor", "decimals", "text"),
    [(1250, 2, "12.50"), (0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (12, 0, "12"), (1, 3, "0.001")],
)
def test_money_is_written_with_a_dot_and_all_its_decimals(minor: int, decimals: int, text: str):
    assert values.decimal_text(minor, decimals) == text


@pytest.mark.parametrize(
    "text", ["12.505", "NaN", "Infinity", "1e3", "1_000", "1,000.00", "$5", "", "0x10", "٣"]
)
def test_what_is_no_whole_number_of_cents_is_no_money(text: str):
    with pytest.raises(ValueError, match=r"decimal|finer"):
        values.minor_units(text, 2)


def test_an_instant_is_sent_in_utc_without_offset():
    instant = datetime(2026, 6, 1, 9, 30, 15, 999, tzinfo=timezone(timedelta(hours=-7)))
    assert values.moment_text(instant) == "2026-06-01T16:30:15.000"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-06-01T09:30:00", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("2026-06-01T09:30:00.123", datetime(2026, 6, 1, 9, 30, 0, 123000, tzinfo=UTC)),
        ("2026-06-01T09:30:00Z", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("2026-06-01T09:30:00-07:00", datetime(2026, 6, 1, 16, 30, tzinfo=UTC)),
        ("0001-01-01T00:00:00", None),
    ],
)
def test_an_instant_is_read_with_or_without_offset(text: str, instant: datetime | None):
    assert values.moment(text) == instant


@pytest.mark.parametrize("text", ["2026-06-09", "2026-06-09T00:00:00", "2026-06-09T23:59:59-07:00"])
def test_a_date_is_the_date_as_written(text: str):
    assert values.day(text) == date(2026, 6, 9)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("11111111-2222-4333-8444-ABCDEFABCDEF", True),
        ("{11111111-2222-4333-8444-abcdefabcdef}", True),
        ("11111111-2222-4333-8444-abcdefabcde", False),
        ("customer-1", False),
        ("", False),
    ],
)
def test_only_guids_are_guids(text: str, known: bool):
    assert values.is_guid(text) is known
