"""Scenes in which many do the same at once: bookings of one guest, runs, hints, and their killed function."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from operations.redrive import redrive
from tests.e2e.one_effect.scene import Scene, Told
from tests.e2e.one_effect.sends import AT_ONCE
from tests.e2e.one_effect.workers import kill, workers

CROWD = 10
ORDERS = 4
TIMES = 3


def ten_first_bookings(scene: Scene) -> Callable[[Scene], Told]:
    """Of one guest whom nobody knows, all at once; answers how the scene goes on by itself."""
    guest = {"email": scene.email(0), "first_name": "Gil", "last_name": "Guest"}

    def book(place: int) -> None:
        path = f"/v1/reservations/{scene.reservation_id(place)}"
        scene.winery.engine.ask("PUT", path, scene.snapshot(place, guest=guest))

    with ThreadPoolExecutor(CROWD) as pool:
        list(pool.map(book, range(CROWD)))

    def goes_on(scene: Scene) -> Told:
        scene.until_known(*range(CROWD))
        return scene.told(scene.run_through(), places=CROWD)

    return goes_on


def kill_upsert(scene: Scene) -> Callable[[Scene], Told]:
    """Kill the function while VinSuite has its customer; answers how the scene goes on by itself."""
    with ThreadPoolExecutor(1) as pool:
        path = f"/v1/reservations/{scene.reservation_id(0)}"
        put = pool.submit(scene.winery.engine.send, "PUT", path, scene.snapshot())
        scene.until(lambda: scene.calls("AddUpdateMember") == 1, **AT_ONCE)
        kill(workers(scene.stack, scene.stack.outputs["CustomerUpsertFunctionName"]))
        assert put.result().status_code >= 500
    assert scene.reservation()["customer"]["state"] == "pending"

    def goes_on(scene: Scene) -> Told:
        scene.until_known(0)
        return scene.told()

    return goes_on


def three_runs_at_once(scene: Scene) -> Told:
    """Two by staff and one by the clock, over the same reservations."""
    scene.until_known(*range(ORDERS))
    plan = {"enabled": True, "daily_at": "03:00", "days_after_visit": 0}
    support = replace(scene.support, tenant=scene.name)
    support.ask("PUT", "/v1/schedule", plan)
    with ThreadPoolExecutor(TIMES) as pool:
        clock = pool.submit(_let_the_clock_strike, scene)
        by_staff = [run.result() for run in [pool.submit(scene.start_run) for _ in range(2)]]
        clock.result()
    runs = [run["run_id"] for run in scene.winery.staff.ask("GET", "/v1/order-syncs")["runs"]]
    assert {*by_staff} < {*runs}
    scene.until_over(*runs)
    return scene.told(*runs, places=ORDERS)


def hints_again_and_again(scene: Scene) -> Told:
    """Every hint comes three times, and three times more from the dead letters, before and after the sync."""
    scene.until_known(0, 1)
    run_id = scene.start_run()
    _hint(scene)
    scene.until_over(run_id)
    _hint(scene)
    return scene.told(run_id, scene.run_through(), places=2)


def _hint(scene: Scene) -> None:
    sqs, outputs = scene.stack.client("sqs"), scene.stack.outputs
    reservations = [scene.reservation_id(place) for place in range(2)]
    hints: dict[str, dict[str, Any]] = {
        "OrderSync": {"tenant_id": scene.name},
        "CustomerUpsertRetry": {"tenant_id": scene.name, "reservation_ids": reservations},
    }
    for queue, hint in hints.items():
        source, dead = outputs[f"{queue}QueueUrl"], outputs[f"{queue}DeadLettersUrl"]
        for url in [source, dead] * TIMES:
            sqs.send_message(QueueUrl=url, MessageBody=json.dumps(hint))
        assert redrive(sqs, dead, source, rate=100) == TIMES


def _let_the_clock_strike(scene: Scene) -> None:
    now = datetime.now(UTC).isoformat()
    event = {"job": "order_sync", "tenant_id": scene.name, "scheduled_time": now}
    answer = scene.stack.client("lambda").invoke(
        FunctionName=scene.stack.outputs["OrderSyncFunctionName"], Payload=json.dumps(event)
    )
    assert "FunctionError" not in answer, answer["Payload"].read()
