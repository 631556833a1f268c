"""Whatever the engine changes and staff resolve: one is open exactly while something is to carry over."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cellarhand.domain.adjustments.adjustment import VisitAmounts
from cellarhand.domain.booking.snapshot import Snapshot
from tests.unit.adjustments.office import CANCELLED, DEARER, Office
from tests.unit.guest_upsert.winery import snapshot

STATES: list[dict[str, Any]] = [
    {},
    DEARER,
    CANCELLED,
    {**CANCELLED, "paid": 0},
    {"state": "completed"},
    {"guest_note": "A window seat"},
]
RESOLVE = "resolve"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(STATES), st.just(RESOLVE)), max_size=8))
def test_what_is_open_is_what_the_crm_does_not_say(steps: list[dict[str, Any] | str]):
    office, carried_over, current = Office(), body(1, {}), body(1, {})
    for sequence, step in enumerate(steps, start=2):
        if isinstance(step, dict):
            office.put(sequence=sequence, **step)
            current = body(sequence, step)
        elif open_ones := office.listed():
            office.resolve(open_ones[0]["adjustment_id"])
            carried_over = current
        check(office, carried_over, current)


def check(office: Office, carried_over: Snapshot, current: Snapshot) -> None:
    found = office.listed()
    assert len(found) == office.record().locked_after_sync == (told(carried_over) != told(current))
    assert [adjustment["adjustment_id"] for adjustment in found] == [office.record().adjustment_id] * len(
        found
    )
    for adjustment in found:
        assert adjustment["in_crm"] == VisitAmounts.of(carried_over).model_dump()
        assert adjustment["wanted"] == VisitAmounts.of(current).model_dump()


def body(sequence: int, changes: dict[str, Any]) -> Snapshot:
    return Snapshot.model_validate(snapshot(sequence=sequence, **changes))


def told(wanted: Snapshot) -> object:
    """What of these states an order says."""
    if wanted.state == "cancelled":
        return wanted.paid
    return (wanted.total, wanted.guest_note)
