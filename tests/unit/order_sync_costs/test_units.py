"""DynamoDB's own rules of sizes and units, by the examples of its guide and a few of ours."""

from typing import Any

import pytest

from benchmarks.order_syncs.units import index_write_units, item_size, read_units, write_units


def text(size: int) -> dict[str, Any]:
    """An item of so many bytes."""
    return {"a": {"S": "x" * (size - 1)}}


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"shape": {"S": "round"}}, 10),
        ({"ü": {"S": "é"}}, 4),
        ({"n": {"N": "0"}}, 2),
        ({"n": {"N": "7"}}, 3),
        ({"n": {"N": "1234"}}, 4),
        ({"n": {"N": "-1234"}}, 5),
        ({"n": {"N": "120000"}}, 3),
        ({"b": {"B": b"\x00\x01"}}, 3),
    ],
)
def test_an_item_weighs_its_names_and_values(item: dict[str, Any], size: int):
    assert item_size(item) == size


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (None, text(1), 1),
        (None, text(1024), 1),
        (None, text(1025), 2),
        (text(3000), text(10), 3),
        (text(10), text(3000), 3),
        (text(2000), None, 2),
        (None, None, 1),
    ],
)
def test_a_write_costs_by_the_larger_of_before_and_after(
    before: dict[str, Any] | None, after: dict[str, Any] | None, units: int
):
    assert write_units(before, after) == units


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (None, None, 0),
        (None, text(9), 1),
        (text(9), None, 1),
        (text(9), text(9), 0),
        (text(9), text(10), 2),
    ],
)
def test_an_index_is_written_where_its_entry_changes(
    before: dict[str, Any] | None, after: dict[str, Any] | None, units: int
):
    assert index_write_units(before, after) == units


@pytest.mark.parametrize(
    ("size", "consistent", "units"),
    [(0, True, 1), (4096, True, 1), (4097, True, 2), (0, False, 0.5), (8192, False, 1), (8193, False, 1.5)],
)
def test_a_read_costs_by_blocks_of_four_kilobytes(size: int, consistent: bool, units: float):
    assert read_units(size, consistent=consistent) == units
