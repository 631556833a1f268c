"""The happy path's writes: none more than the protocol needs. Several names are one transaction."""

from typing import Any

from benchmarks.order_syncs.measured import booked, reservation_ids, synced, wait_for_night
from benchmarks.order_syncs.spent import CRM_READS, CRM_WRITES, INDEX_UNITS, WRITE_UNITS, Counts
from benchmarks.order_syncs.winery import EVENT, Winery
from cellarhand.bootstrap import discounts
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.records import Key
from functions.discount_evaluation import app as discount_evaluation
from tests.fakes.http import call

OF_A_RUN = {"RUN", "RUN_RESULTS", "ACTIVE_RUN", "LEASE", "NUMBERS", "BOOKS", "BREAKER"}
"""Records that a run writes however many reservations it has, or once for many of them."""

SNAPSHOT = ("RES",)
CLAIM = ("CUST",)
CUSTOMER_AND_LINK = ("CUST", "RES")
INTENT_AND_NUMBER = ("RES", "NUM")
INTENT = ("RES",)
CONFIRM = ("RES",)

HALF = {
    "id": "half",
    "name": "Half price",
    "code": "HALF",
    "code_limit_total": 30,
    "benefit": {"kind": "percent_off", "percent": "50"},
}


def written(winery: Winery) -> list[tuple[str, ...]]:
    """For reservations, since the last look."""
    writes = [kinds for kinds in winery.world.spent.writes if not OF_A_RUN & set(kinds)]
    winery.world.spent.writes.clear()
    return writes


def test_a_new_guest_s_reservation_is_written_five_times(winery: Winery):
    booked(winery, 1)
    assert written(winery) == [SNAPSHOT, CLAIM, CUSTOMER_AND_LINK]
    synced(winery, 1)
    assert written(winery) == [INTENT_AND_NUMBER, CONFIRM]


def test_a_known_guest_s_reservation_is_written_four_times(winery: Winery):
    booked(winery, 1)
    written(winery)
    winery.book("r-1", "r-00000000@example.com")
    link = ("RES",)
    assert written(winery) == [SNAPSHOT, link]
    synced(winery, 1)
    assert sorted(written(winery)) == sorted([INTENT_AND_NUMBER, CONFIRM] * 2)


def test_an_engine_s_own_number_costs_no_further_write(winery: Winery):
    winery.book("r-1", "anna@example.com", number=7)
    written(winery)
    winery.sync()
    assert written(winery) == [INTENT_AND_NUMBER, CONFIRM]


def test_a_snapshot_that_changes_nothing_is_not_written(winery: Winery):
    booked(winery, 1)
    written(winery)
    winery.book("r-00000000", "r-00000000@example.com")
    assert written(winery) == []


def test_an_order_once_synced_is_not_written_again_by_the_next_run(winery: Winery):
    booked(winery, 1)
    synced(winery, 1)
    written(winery)
    winery.world.clock.pause(60)
    synced(winery, 1)
    assert written(winery) == []


def test_the_crm_is_written_to_twice_and_asked_for_the_guest_twice(winery: Winery):
    spent = booked(winery, 5)
    wait_for_night(winery.world)
    spent += synced(winery, 5)
    for_the_whole_run = 1
    assert spent[CRM_WRITES] == 5 * 2
    assert spent[CRM_READS] == 5 * 2 + for_the_whole_run


def test_a_quote_is_one_write_and_its_allowance_goes_with_the_snapshot(winery: Winery):
    allow(winery, HALF)
    quote = quoted(winery)
    limited_by_minute = ("RATE",)
    assert written(winery) == [limited_by_minute, ("QUOTE",)]
    lines = [{"rule": "half", "guests": 2, "amount": 4000}]
    price: dict[str, Any] = {"discounts": lines, "promo_code": "HALF", "quote_id": quote["quote_id"]}
    money = {"add_ons": [], "tax": 0, "total": 4000, "paid": 4000}
    winery.book("r-1", "anna@example.com", **price, **money)
    snapshot_with_allowance = ("ALLOWANCE", "RES")
    assert written(winery) == [snapshot_with_allowance, CLAIM, CUSTOMER_AND_LINK]


def test_a_reservation_s_item_fits_into_one_write_unit(winery: Winery):
    spent = booked(winery, 1) + synced(winery, 1)
    in_transactions = 2 * 2
    assert spent["units RES"] == 2 + in_transactions
    assert spent["writes RES"] == 4


def test_indexes_are_written_when_a_place_changes_and_not_otherwise(winery: Winery):
    kept_and_due, linked, to_the_closed = 2, 1, 2
    spent = booked(winery, 1)
    assert spent[INDEX_UNITS] == kept_and_due + linked
    assert synced(winery, 1)[f"worklist {INDEX_UNITS}"] == to_the_closed


def test_what_a_run_writes_of_itself_hardly_grows_with_what_it_syncs(winery: Winery):
    larger = Winery(winery.world, 1)
    larger.take_on()
    booked(winery, 30)
    booked(larger, 120)
    few, many = of_the_run(synced(winery, 30)), of_the_run(synced(larger, 120))
    assert (many - few) / (120 - 30) <= 0.3


def test_a_scheduled_run_reads_each_reservation_once(winery: Winery):
    booked(winery, 60)
    before = winery.world.spent.reading()
    winery.sync()
    assert winery.world.spent.since(before)["reads RES"] == 60


def test_every_reservation_has_its_number_and_its_order(winery: Winery):
    ids = reservation_ids(60)
    booked(winery, len(ids))
    synced(winery, len(ids))
    numbers = [key for key in keys(winery) if key.sort.startswith("NUM#")]
    assert len(numbers) == len(ids)


def allow(winery: Winery, *rules: dict[str, Any]) -> None:
    """Put rules in force."""
    document = DiscountSchema.model_validate({"rules": list(rules)})
    discounts.write_schema()(winery.tenant_id, document, written_by="anna", if_match=None)
    winery.world.spent.writes.clear()


def quoted(winery: Winery) -> Any:
    """Two at half price."""
    body = {
        "event_id": EVENT,
        "starts_at": "2026-06-20T14:00",
        "party_size": 2,
        "channel": "widget",
        "guest": {"email": "anna@example.com"},
        "promo_code": "HALF",
    }
    route = "POST /v1/discounts/evaluate"
    return call(discount_evaluation.lambda_handler, route, tenant=winery.tenant_id, body=body).body


def of_the_run(spent: Counts) -> int:
    """Write units, but for those of reservations and numbers."""
    return spent[WRITE_UNITS] - spent["units RES"] - spent["units NUM"]


def keys(winery: Winery) -> list[Key]:
    """Of the ledger."""
    items = winery.world.tables["ledger"]
    return [Key(item["pk"]["S"], item["sk"]["S"]) for item in items]
