"""A record or a run that our own code can't handle stops no other."""

from datetime import timedelta

import pytest

from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.use_cases.reservations.list_reservations import ListReservations
from tests.unit.order_sync.given import TENANT, reservation
from tests.unit.order_sync.runner import EVERYTHING, Winery


def unreadable() -> ReservationRecord:
    """As stored by a version of ours that took what this one does not."""
    sound = reservation("bad")
    return sound.model_copy(update={"snapshot": sound.snapshot.model_copy(update={"party_size": 0})})


@pytest.mark.parametrize(
    "selection", [EVERYTHING, Selection(reservation_ids=("good", "bad", "fine"))], ids=["dates", "names"]
)
def test_a_record_that_cannot_be_read_is_told_and_stops_no_other(selection: Selection):
    winery = Winery()
    winery.keep(reservation("good"), unreadable(), reservation("fine"))
    told = winery.sync(selection)
    assert told.results["bad"] == (None, "internal_error")
    assert told.counts["synced"] == len(winery.orders) == 2
    assert told.state == "partly_done"


def test_a_record_that_cannot_be_read_spoils_neither_preview_nor_list():
    winery = Winery()
    winery.keep(reservation("good"), unreadable())
    preview = winery.preview()
    assert [shown.reservation_id for shown in preview.orders] == ["good"]
    assert [(skipped.reservation_id, skipped.reason) for skipped in preview.skipped] == [
        ("bad", "internal_error")
    ]
    listed = ListReservations(winery.ledger).search(TENANT, None, None, None, None)
    assert [shown.reservation_id for shown in listed.reservations] == ["good"]


def test_a_run_that_cannot_be_walked_stops_no_other_and_is_reported():
    winery = Winery()
    winery.keep(reservation())
    broken = winery.start()
    winery.ledger.save(winery.run(broken).model_copy(update={"cursor": "nowhere|2026-01-01"}))
    winery.clock.advance(seconds=1)
    sound = winery.start()
    with pytest.raises(ValueError, match="nowhere"):
        winery.drain()
    assert winery.told(sound).counts == {"synced": 1}
    assert winery.run(broken).due == winery.clock.now() + timedelta(seconds=10)
