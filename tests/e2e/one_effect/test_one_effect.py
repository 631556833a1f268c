"""One order a reservation and one customer a guest, whatever happens. The judge is VinSuite's book."""

import json

import pytest

from sandbox.winery.stack import LocalStack
from tests.e2e.one_effect import crowds, plan, sick_crm
from tests.e2e.one_effect.scene import Told
from tests.e2e.one_effect.stage import Stage

pytestmark = pytest.mark.emulator

_DEAD_LETTERS = ("CustomerUpsertRetry", "OrderSync", "SyncSchedule", "Clock")


def _numbers(count: int) -> dict[str, int]:
    return {f"CH-{7000 + place}": 1 for place in range(count)}


@pytest.mark.parametrize(("scene", "sends"), [("killed-executed", 1), ("killed-before", 2)])
def test_a_runner_killed_mid_send_leaves_one_order(stage: Stage, scene: str, sends: int) -> None:
    told: Told = stage.told(scene)
    assert told.order_numbers == _numbers(1)
    assert told.calls["AddOrder"] == sends
    assert told.run_states == ["done"]


@pytest.mark.parametrize(("scene", "sends"), [("guest-executed", 1), ("guest-before", 2)])
def test_an_upsert_killed_mid_send_leaves_one_customer(stage: Stage, scene: str, sends: int) -> None:
    told: Told = stage.told(scene)
    assert list(told.customers.values()) == [1]
    assert told.calls["AddUpdateMember"] == sends


@pytest.mark.parametrize("way", plan.LOST_REPLIES)
def test_an_order_whose_reply_is_lost_is_found_and_not_sent_again(stage: Stage, way: str) -> None:
    told: Told = stage.told(way)
    assert told.order_numbers == _numbers(1)
    assert told.calls["AddOrder"] == 1
    assert told.run_states == ["done"]


def test_what_comes_in_during_an_outage_waits_and_is_done_by_itself_after_it(stage: Stage) -> None:
    told: Told = stage.told("outage")
    assert told.order_numbers == _numbers(sick_crm.BOOKINGS)
    assert set(told.customers.values()) == {1}
    assert told.run_states == ["done"]


def test_a_password_rotated_mid_run_heals_by_itself(stage: Stage) -> None:
    told: Told = stage.told("rotated-login")
    assert told.order_numbers == _numbers(sick_crm.ROTATED)
    assert told.run_states == ["done"]


def test_a_wrong_password_fails_the_runs_and_is_tried_a_few_times_at_most(stage: Stage) -> None:
    told: sick_crm.LockedOut = stage.told("wrong-password")
    assert told.runs == [("failed", "crm_login_refused")] * 3
    assert 1 <= told.calls <= 3


def test_nothing_is_lost_once_the_right_password_is_entered(stage: Stage) -> None:
    told: sick_crm.LockedOut = stage.told("wrong-password")
    assert told.healed.run_states == ["done"], json.dumps(told.healed.runs)
    assert told.healed.order_numbers == _numbers(2)


def test_ten_first_bookings_of_one_guest_at_once_make_one_customer(stage: Stage) -> None:
    told: Told = stage.told("crowd")
    assert list(told.customers.values()) == [1]
    assert told.order_numbers == _numbers(crowds.CROWD)
    assert len({order.member_id for order in told.orders}) == 1


def test_three_runs_at_once_send_each_order_once(stage: Stage) -> None:
    told: Told = stage.told("three-runs")
    assert told.order_numbers == _numbers(crowds.ORDERS)
    assert told.calls["AddOrder"] == crowds.ORDERS
    assert len(told.runs) == crowds.TIMES
    assert sum(run["counts"].get("synced", 0) for run in told.runs) == crowds.ORDERS


def test_hints_that_come_again_and_again_have_no_second_effect(stage: Stage) -> None:
    told: Told = stage.told("hints")
    assert told.order_numbers == _numbers(2)
    assert set(told.customers.values()) == {1}
    assert (told.calls["AddOrder"], told.calls["AddUpdateMember"]) == (2, 2)
    assert told.run_states == ["done", "nothing_to_do"]


def test_an_unanswered_order_of_a_cancelled_visit_is_found_if_it_is_there(stage: Stage) -> None:
    told: Told = stage.told("cancelled-executed")
    assert told.order_numbers == _numbers(1)
    assert told.order_states == ["synced"]
    assert told.reservations[0]["locked_after_sync"]
    assert [each["state"] for each in told.adjustments] == ["open"]


def test_an_unanswered_order_of_a_cancelled_visit_is_never_sent_again(stage: Stage) -> None:
    told: Told = stage.told("cancelled-before")
    assert told.orders == []
    assert told.calls["AddOrder"] == 1
    assert told.order_states == ["not_eligible"]


def test_a_change_after_the_sync_leaves_the_order_as_it_is_and_is_shown(stage: Stage) -> None:
    told: Told = stage.told("changed-late")
    assert [order.payload.total for order in told.orders] == [50]
    assert told.calls["AddOrder"] == 1
    assert told.reservations[0]["locked_after_sync"]
    assert [(each["order_number"], each["sequence"]) for each in told.adjustments] == [("CH-7000", 2)]


@pytest.mark.parametrize(("choice", "sends"), [("it-is-there", 1), ("send-again", 2)])
def test_an_order_in_review_ends_as_staff_decide(stage: Stage, choice: str, sends: int) -> None:
    told: Told = stage.told(choice)
    foreign = 1
    assert told.order_numbers == {"CH-7000": 1 + foreign}
    assert told.calls["AddOrder"] == sends + foreign
    assert told.order_states == ["synced"]


def test_no_scene_leaves_a_dead_letter(stage: Stage, local_stack: LocalStack) -> None:
    stage.until_all_are_over()
    sqs = local_stack.client("sqs")
    depth = "ApproximateNumberOfMessages"
    for name in _DEAD_LETTERS:
        queue = local_stack.outputs[f"{name}DeadLettersUrl"]
        found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[depth])["Attributes"]
        assert (name, int(found[depth])) == (name, 0)
