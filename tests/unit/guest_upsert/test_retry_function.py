"""Hints from the queue, as AWS delivers them."""

import json
from pathlib import Path

import pytest

from functions.customer_upsert import app as customer_upsert
from functions.customer_upsert_retry import app as customer_upsert_retry
from tests.fakes.crm import Step
from tests.fakes.http import Answered, FakeContext
from tests.unit.guest_upsert.winery import Winery

EVENTS = Path(__file__).parents[3] / "events"


def event(name: str) -> dict[str, object]:
    return json.loads((EVENTS / f"{name}.json").read_text())  # type: ignore[no-any-return]


def test_the_events_of_both_triggers_bring_a_guest_into_the_crm():
    winery = Winery()
    winery.crm.script("find_customers", Step.UNAVAILABLE)
    kept = Answered(customer_upsert.lambda_handler(event("customer_upsert"), FakeContext()))
    assert kept.body["customer"]["state"] == "pending"
    winery.clock.advance(seconds=10)
    answer = customer_upsert_retry.lambda_handler(event("customer_upsert_retry"), FakeContext(60))
    assert answer == {"batchItemFailures": []}
    assert winery.customers() == ["customer-1"]


@pytest.mark.parametrize(
    "poison", ["no JSON", "{}", '{"tenant_id": "oak-hollow"}', '{"tenant_id": 1, "reservation_ids": []}']
)
def test_a_poisonous_message_fails_alone(poison: str):
    winery = Winery()
    winery.crm.script("find_customers", Step.UNAVAILABLE)
    winery.put()
    winery.clock.advance(seconds=10)
    assert winery.receive(poison, winery.hint()) == ["m-0"]
    assert winery.record().customer.state == "created"


def test_a_hint_of_something_unknown_or_already_done_is_let_go():
    winery = Winery()
    winery.put()
    calls = len(winery.crm.calls)
    assert winery.receive(winery.hint("r-1"), winery.hint("never-heard-of")) == []
    assert len(winery.crm.calls) == calls


def test_a_hint_that_comes_too_early_does_nothing():
    winery = Winery()
    winery.crm.always("find_customers", Step.UNAVAILABLE)
    winery.put()
    calls = len(winery.crm.calls)
    winery.clock.advance(seconds=9)
    assert winery.receive(winery.hint()) == []
    assert len(winery.crm.calls) == calls


def test_a_batch_without_time_for_another_guest_leaves_a_hint_and_calls_nobody():
    winery = Winery()
    winery.crm.always("find_customers", Step.UNAVAILABLE)
    winery.put()
    winery.clock.advance(seconds=10)
    calls = len(winery.crm.calls)
    assert winery.receive(winery.hint(), seconds_left=50) == []
    assert len(winery.crm.calls) == calls
    assert winery.world.hints.left[-1].delay == 0


def test_a_tenant_at_work_is_left_alone_and_hinted_again():
    winery = Winery()
    winery.crm.always("find_customers", Step.UNAVAILABLE)
    winery.put("r-1")
    winery.put("r-2", guest={"email": "grace@example.com", "last_name": "Hopper"})
    winery.clock.advance(seconds=30)
    calls_meanwhile: list[int] = []

    def another_worker() -> None:
        winery.receive(winery.hint("r-2"))
        calls_meanwhile.append(len(winery.crm.calls_of("upsert_customer")))

    winery.crm.always("find_customers", Step.NORMAL)
    winery.during["upsert_customer"] = another_worker
    winery.receive(winery.hint("r-1"))
    assert calls_meanwhile == [0]
    assert winery.record("r-1").customer.state == "created"
    assert winery.record("r-2").customer.state == "pending"
    assert (winery.world.hints.left[-1].reservation_id, winery.world.hints.left[-1].delay) == ("r-2", 10)
    winery.receive(winery.hint("r-2"))
    assert winery.record("r-2").customer.state == "created"


def test_a_hint_that_finds_its_tenant_at_work_is_let_go_once_the_sweeper_has_its_work_too():
    winery = Winery()
    winery.crm.always("find_customers", Step.UNAVAILABLE)
    winery.put("r-1")
    winery.put("r-2", guest={"email": "grace@example.com", "last_name": "Hopper"})
    winery.clock.advance(seconds=90)
    winery.crm.always("find_customers", Step.NORMAL)
    winery.world.hints.left.clear()
    winery.during["upsert_customer"] = lambda: winery.receive(winery.hint("r-2"))
    winery.receive(winery.hint("r-1"))
    assert winery.world.hints.left == []
    assert winery.due() == ["r-2"]


def test_one_worker_does_all_that_its_hint_names():
    winery = Winery()
    names = a_backlog(winery, 10)
    assert winery.receive(winery.hint(*names)) == []
    assert {winery.record(name).customer.state for name in names} == {"created"}


def test_a_worker_whose_time_runs_out_hands_the_rest_on():
    winery = Winery()
    names = a_backlog(winery, 3)
    context = FakeContext(60)

    def take_long(method: str) -> None:
        context.seconds_left -= 4

    winery.crm._before_call = take_long
    winery.world.hints.left.clear()
    message = {"messageId": "m-0", "body": winery.hint(*names)}
    customer_upsert_retry.lambda_handler({"Records": [message]}, context)
    assert [hint.reservation_ids for hint in winery.world.hints.left] == [("r-1", "r-2")]


def test_one_guest_that_we_fail_at_fails_the_hint_and_holds_up_nobody():
    winery = Winery()
    names = a_backlog(winery, 3)
    winery.during["find_customers"] = lambda: [][1]
    assert winery.receive(winery.hint(*names)) == ["m-0"]
    assert [winery.record(name).customer.state for name in names] == ["pending", "created", "created"]


def a_backlog(winery: Winery, size: int) -> list[str]:
    """Guests of an outage that is over by now."""
    winery.crm.always("find_customers", Step.UNAVAILABLE)
    names = [f"r-{number}" for number in range(size)]
    for name in names:
        winery.put(name, guest={"email": f"{name}@example.com", "last_name": "Guest"})
    winery.clock.advance(seconds=90)
    winery.crm.always("find_customers", Step.NORMAL)
    return names


def test_an_allowance_of_two_lets_two_work_and_not_three():
    winery = Winery(crm_allowance={"customers": 2})
    winery.crm.always("find_customers", Step.UNAVAILABLE)
    for number in (1, 2, 3):
        guest = {"email": f"guest{number}@example.com", "last_name": "Guest"}
        winery.put(f"r-{number}", guest=guest)
    winery.crm.always("find_customers", Step.NORMAL)
    winery.clock.advance(seconds=30)

    def second_worker() -> None:
        winery.during["upsert_customer"] = lambda: winery.receive(winery.hint("r-3"))
        winery.receive(winery.hint("r-2"))

    winery.during["upsert_customer"] = second_worker
    winery.receive(winery.hint("r-1"))
    states = [winery.record(f"r-{number}").customer.state for number in (1, 2, 3)]
    assert states == ["created", "created", "pending"]


def test_background_calls_get_the_crms_full_time():
    winery = Winery()
    winery.crm.script("find_customers", Step.UNAVAILABLE)
    winery.put()
    winery.clock.advance(seconds=10)
    winery.receive(winery.hint())
    assert winery.crm.calls_of("find_customers")[-1].timeout == 25
    assert winery.crm.calls_of("upsert_customer")[-1].timeout == 25


def test_guests_are_tried_no_faster_than_their_tenant_s_crm_allows():
    winery = Winery(crm_allowance={"customers_per_second": 1})
    names = a_backlog(winery, 10)
    began = winery.clock.monotonic()
    assert winery.receive(winery.hint(*names)) == []
    assert {winery.record(name).customer.state for name in names} == {"created"}
    assert winery.clock.monotonic() - began == pytest.approx(2 * 10 - 2, abs=0.1)


def test_a_worker_whose_turn_comes_too_late_hands_over_for_then():
    winery = Winery(crm_allowance={"customers": 4, "customers_per_second": 0.5})
    names = a_backlog(winery, 2)
    winery.world.hints.left.clear()
    assert winery.receive(winery.hint(*names)) == []
    assert [winery.record(name).customer.state for name in names] == ["created", "pending"]
    assert [(hint.reservation_ids, hint.delay) for hint in winery.world.hints.left] == [(("r-1",), 16)]
