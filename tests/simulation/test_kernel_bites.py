"""That the simulation sees what it is there to see: what is weakened on purpose is found out."""

import json
from concurrent.futures import Executor

import pytest

from tests.fakes.outside import TIMERS
from tests.simulation.kernel.faults.faults import Family, Fault, Faults, Kind
from tests.simulation.kernel.faults.pairs import meetings, new_pairs
from tests.simulation.kernel.faults.replay import Spec
from tests.simulation.kernel.faults.storm import FEWEST
from tests.simulation.kernel.faults.variant import Variant
from tests.simulation.kernel.people.wineries import take_on
from tests.simulation.kernel.platform.run import run
from tests.simulation.kernel.platform.world import World
from tests.simulation.kernel.ports.workers import TaskPool, TaskWorkers
from tests.simulation.workflows.catalogue import EVERY, WORKFLOWS


class LeavingPool(TaskPool):
    """Is shut down without waiting for what still runs."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=False, cancel_futures=cancel_futures)


class LeavingWorkers(TaskWorkers):
    """Has pools that do not wait."""

    def pool(self, most: int) -> Executor:
        return LeavingPool(self._hub, most)


LATEST = "+".join(
    [
        "order:crm.create_order#1:pause",
        "crm.list_skus#2:clock_ahead",
        "crm.find_orders#1:stale_read",
    ]
)
"""Sent as late as may be, executed and shown as late as may be, and looked for by a clock that is ahead."""

EACH_TERM_OF_THE_SETTLE_TIME = [
    ("late_execution", "order:crm.create_order#1:late", "2 orders under"),
    ("late_execution", "accept:crm.upsert_customer#1:late", "2 customers of"),
    ("read_lag", "order:crm.create_order#1:late+crm.find_orders#1:stale_read", "2 orders under"),
    ("sending", LATEST, "2 orders under"),
    ("clock_skew", LATEST, "2 orders under"),
]


@pytest.mark.parametrize(("term", "faults", "doubled"), EACH_TERM_OF_THE_SETTLE_TIME)
def test_without_any_one_term_of_the_settle_time_something_is_doubled(term: str, faults: str, doubled: str):
    spec = Spec.read(faults)
    weakened = Variant(believed=TIMERS._replace(**{term: 0.0}))
    wrong = run(WORKFLOWS[spec.workflow], spec.faults, weakened).violations
    assert any(violation.startswith(doubled) for violation in wrong)
    assert run(WORKFLOWS[spec.workflow], spec.faults).violations == []


STAYS_OUT_WHILE_ANOTHER_FAILS = [
    Fault("crm.create_order#1", Kind.FREEZE),
    Fault("ledger.save[ReservationRecord]#1", Kind.ERROR_NOT_EXECUTED),
]


def test_a_pool_that_does_not_wait_lets_a_frozen_call_make_a_second_order():
    leaving = run(WORKFLOWS["order"], STAYS_OUT_WHILE_ANOTHER_FAILS, Variant(workers=LeavingWorkers))
    assert any(violation.startswith("2 orders under") for violation in leaving.violations)
    assert run(WORKFLOWS["order"], STAYS_OUT_WHILE_ANOTHER_FAILS).violations == []


def test_what_a_failure_prints_is_read_back_as_the_same_run():
    faults = (
        Fault("ledger.save_all[SyncRun+-ActiveRun]#1", Kind.KILL_AFTER),
        Fault("crm.find_orders#2", Kind.STALE_READ),
    )
    assert Spec.read(str(Spec("order", faults))) == Spec("order", faults)
    assert Spec.read("order:") == Spec("order")
    assert Spec.read("storm:17") == Spec("storm", seed=17)


class FailingWorkers(TaskWorkers):
    """Fails as only a fault of ours would."""

    def pool(self, most: int) -> Executor:
        raise ZeroDivisionError


def test_a_failure_that_our_own_code_did_not_foresee_is_a_violation():
    ran = run(WORKFLOWS["order"], variant=Variant(workers=FailingWorkers))
    assert any("failure of ours: ZeroDivisionError" in violation for violation in ran.violations)


def test_work_for_one_winery_that_reaches_for_anothers_records_is_a_violation():
    world = World(Faults())
    take_on(world, "valley")
    body = json.dumps({"tenant_id": "valley", "reservation_ids": ["r-101"]})
    event = {"Records": [{"messageId": "1", "body": body}]}
    with world.log.listening():
        world.platform.start("customer_upsert_retry", event, "ridge")
        world.hub.run(60)
    assert ["ForeignTenantError" in failure for failure in world.log.failures] == [True]


def test_one_seed_is_one_run():
    first, again = (run(EVERY["storm"], seed=17) for _ in range(2))
    assert first == again
    assert len(first.fired) >= FEWEST
    assert first.violations == []


def test_pairs_that_would_go_on_alike_are_tried_once():
    flawless = run(WORKFLOWS["order"], fingerprinted=True)
    refused, throttled = (
        run(WORKFLOWS["order"], [Fault("ledger.get[ActiveRun]#1", kind)], fingerprinted=True)
        for kind in (Kind.ERROR_NOT_EXECUTED, Kind.THROTTLE)
    )
    known = {meeting for meeting, _ in meetings(flawless)}
    assert list(new_pairs([throttled], known)) == []
    assert list(new_pairs([refused], known)) != []


def test_every_kind_of_port_is_met_by_some_workflow():
    met = {met.family for workflow in WORKFLOWS.values() for met in run(workflow).met}
    assert met == set(Family)


def test_a_fault_that_does_not_happen_is_a_violation():
    ran = run(WORKFLOWS["accept"], [Fault("ledger.save[Nobody]#1", Kind.LATE)])
    assert ran.violations == ["ledger.save[Nobody]#1:late never happened"]


@pytest.mark.parametrize("name", ["update_while_sending", "cancel_while_sending", "guest_while_sending"])
def test_what_comes_while_an_order_is_sent_comes_then(name: str):
    at = {met.point: met.at for met in run(WORKFLOWS[name]).met}
    kept = "ledger.save[ReservationRecord]"
    assert at["crm.create_order#1"] < at[f"{kept}#1"] < at[f"{kept}#2"]
