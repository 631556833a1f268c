"""The two functions as API Gateway, the clock and the queue call them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cellarhand.bootstrap import schedules
from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.reservations.order_lifecycle import review
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Role
from cellarhand.domain.tenants.event import EventRecord
from functions.order_sync import app
from functions.order_sync_runner import app as runner
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.http import TENANT, Answered, FakeContext, call
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import take_on
from tests.unit.order_sync.given import EVENT, NOW, SETTINGS, SKUS, order, reservation

EVENTS = Path(__file__).parents[3] / "events"
JUNE = {"from": "2026-06-01", "to": "2026-06-30"}


@pytest.fixture
def outside() -> Iterator[FakeOutside]:
    world = FakeOutside()
    world.crm.crm = InMemoryCrm(skus=SKUS, now=world.clock.now)
    take_on(world.settings, decided=SETTINGS)
    world.settings.save(EventRecord(tenant_id=TENANT, event_id="cellar", event=EVENT))
    run_in(world)
    yield world
    run_in(None)


def keep(outside: FakeOutside, *ids: str, **changes: Any) -> None:
    for reservation_id in ids:
        outside.ledger.save(reservation(reservation_id, tenant_id=TENANT, **changes))


def record(outside: FakeOutside, reservation_id: str = "r-1") -> ReservationRecord:
    found = outside.ledger.get(ReservationRecord, reservation_key(TENANT, reservation_id))
    assert found is not None
    return found


def post(route: str, body: Any = None, **parts: Any) -> Answered:
    return call(app.lambda_handler, f"POST {route}", body=body, **parts)


def act(what: str, body: Any = None) -> Answered:
    route = "/v1/reservations/{reservation_id}/" + what
    return post(route, body, path={"reservation_id": "r-1"})


def get(route: str, **parts: Any) -> Answered:
    return call(app.lambda_handler, f"GET {route}", **parts)


def drain(seconds_left: float = 60) -> dict[str, Any]:
    event = json.loads((EVENTS / "order_sync_runner.json").read_text())
    answer: dict[str, Any] = runner.lambda_handler(event, FakeContext(seconds_left))
    return answer


def test_a_run_is_started_drained_and_shown(outside: FakeOutside):
    keep(outside, "r-1")
    started = post("/v1/order-syncs", JUNE)
    assert (started.status, started.body["state"]) == (202, "queued")
    assert drain() == {"batchItemFailures": []}
    shown = get("/v1/order-syncs/{run_id}", path={"run_id": started.body["run_id"]}).body
    assert (shown["state"], shown["counts"]) == ("done", {"synced": 1})
    assert shown["money"] == {"synced": 8000, "currency": "USD"}
    assert [r["crm_order_id"] for r in shown["results"]] == ["order-1"]
    assert [run["run_id"] for run in get("/v1/order-syncs").body["runs"]] == [started.body["run_id"]]


def test_a_dry_run_answers_at_once(outside: FakeOutside):
    keep(outside, "r-1")
    answered = post("/v1/order-syncs", {**JUNE, "dry_run": True})
    assert answered.status == 200
    assert answered.body["orders"][0]["total"] == 8000
    assert outside.crm.crm.orders == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"from": "2026-06-02", "to": "2026-06-01"},
        {"from": "yesterday"},
        {"from": 20_000},
        {"event_ids": ["a b"]},
        {"reservation_ids": ["r"] * 501},
        {**JUNE, "force": True},
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(outside: FakeOutside, body: dict[str, object]):
    answered = post("/v1/order-syncs", body)
    assert (answered.status, answered.body["code"]) == (422, "invalid_request")


def test_the_engine_may_look_but_not_start(outside: FakeOutside):
    keep(outside, "r-1")
    assert post("/v1/order-syncs", JUNE, role=Role.ENGINE).status == 403
    route = "/v1/reservations/{reservation_id}"
    assert get(route, role=Role.ENGINE, path={"reservation_id": "r-1"}).status == 200


def test_a_reservation_is_shown_without_personal_data(outside: FakeOutside):
    keep(outside, "r-1")
    shown = get("/v1/reservations/{reservation_id}", path={"reservation_id": "r-1"})
    assert shown.body["order"]["state"] == "pending"
    assert "berg" not in json.dumps(shown.body).lower()


@pytest.mark.parametrize(
    "route", ["/v1/reservations/{reservation_id}", "/v1/order-syncs/{run_id}"], ids=["reservation", "run"]
)
def test_what_is_not_there_is_404(outside: FakeOutside, route: str):
    assert get(route, path={"reservation_id": "r-9", "run_id": "r-9"}).status == 404


def test_reservations_are_listed_by_state_and_date_page_by_page(outside: FakeOutside):
    ids = [f"r-{number:03d}" for number in range(120)]
    keep(outside, *ids)
    keep(outside, "july", snapshot={"starts_at": "2026-07-02T10:00"})
    keep(outside, "synced", order=OrderProgress(state=OrderState.SYNCED))
    query, seen = {"order_state": "pending", **JUNE}, []
    while True:
        page = get("/v1/reservations", query=query).body
        seen += [shown["reservation_id"] for shown in page["reservations"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == ids
    everything = get("/v1/reservations", query={"order_state": "synced"}).body
    assert [shown["reservation_id"] for shown in everything["reservations"]] == ["synced"]


@pytest.mark.parametrize("cursor", ["%%%", "bm9uc2Vuc2U", "AAAA"])
def test_a_foreign_cursor_is_refused(outside: FakeOutside, cursor: str):
    assert get("/v1/reservations", query={"cursor": cursor}).status == 422


def test_an_excluded_reservation_stays_out_until_included(outside: FakeOutside):
    keep(outside, "r-1")
    assert act("exclude").body["order"]["reason"] == "excluded_by_staff"
    post("/v1/order-syncs", JUNE)
    drain()
    assert outside.crm.crm.orders == []
    assert [act("include").body["order"]["state"] for _ in range(2)] == ["pending", "pending"]
    outside.clock.advance(seconds=1)
    post("/v1/order-syncs", JUNE)
    drain()
    assert len(outside.crm.crm.orders) == 1
    assert act("exclude").body["code"] == "already_synced"


def test_an_order_in_review_takes_a_choice(outside: FakeOutside):
    keep(outside, "r-1")
    outside.ledger.save(review(record(outside), "never_found", "Not found.", NOW))
    assert act("retry", {}).body["code"] == "choice_needed"
    closed = act("retry", {"order": "it_is_there", "crm_order_id": "seen-1"})
    assert closed.body["order"]["state"] == "synced"
    assert closed.body["order"]["crm_order_id"] == "seen-1"
    assert act("retry", {"order": "send_again"}).body["code"] == "not_in_review"


@pytest.mark.parametrize(
    "body",
    [{"order": "it_is_there"}, {"order": "send_again", "crm_order_id": "seen-1"}, {"crm_order_id": "x"}],
)
def test_the_crm_s_order_is_named_where_it_is_there_and_only_there(
    outside: FakeOutside, body: dict[str, str]
):
    keep(outside, "r-1")
    outside.ledger.save(review(record(outside), "never_found", "Not found.", NOW))
    assert act("retry", body).status == 422
    assert record(outside).order.state is OrderState.REVIEW


def test_a_rejected_order_waits_again_after_a_retry(outside: FakeOutside):
    keep(outside, "r-1", order=OrderProgress(state=OrderState.REJECTED, reason="refused_by_crm"))
    assert act("retry", {}).body["order"]["state"] == "pending"


def test_the_clock_starts_a_scheduled_run(outside: FakeOutside):
    outside.schedule_items.items[TENANT] = {"enabled": True, "daily_at": "05:00"}
    keep(outside, "r-1")
    event = json.loads((EVENTS / "order_sync_scheduled.json").read_text())
    for _ in range(2):
        assert app.lambda_handler(event, FakeContext()) is None
    drain()
    (run,) = get("/v1/order-syncs").body["runs"]
    assert (run["started_by"], run["state"]) == ("schedule", "done")
    assert outside.crm.crm.orders == [order(number=1_500_000_000)]


def test_a_paused_tenant_s_clock_starts_nothing(outside: FakeOutside):
    outside.schedule_items.items[TENANT] = {"enabled": True, "daily_at": "05:00"}
    schedules.pause_schedule()(TENANT)
    event = json.loads((EVENTS / "order_sync_scheduled.json").read_text())
    app.lambda_handler(event, FakeContext())
    assert get("/v1/order-syncs").body["runs"] == []


def test_the_event_of_the_gateway_starts_a_run_once(outside: FakeOutside):
    event = json.loads((EVENTS / "order_sync.json").read_text())
    first, second = (Answered(app.lambda_handler(event, FakeContext())) for _ in range(2))  # type: ignore[arg-type]
    assert (first.status, first.body["run_id"]) == (202, second.body["run_id"])


@pytest.mark.parametrize("body", ["not json", "{}", '{"tenant_id": "nobody", "more": 1}'])
def test_a_message_nobody_understands_is_handed_back(outside: FakeOutside, body: str):
    event = {"Records": [{"messageId": "m-1", "body": body}]}
    answer = runner.lambda_handler(event, FakeContext())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


def test_a_crm_that_is_away_leaves_no_message_behind(outside: FakeOutside):
    keep(outside, "r-1")
    outside.crm.crm.always("*", Step.UNAVAILABLE)
    post("/v1/order-syncs", JUNE)
    assert drain() == {"batchItemFailures": []}
    assert outside.hints.left[-1].delay > 0
