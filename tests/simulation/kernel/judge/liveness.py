"""Liveness: once faults have stopped, everything comes to its end, in bounded time, and nothing is lost."""

from collections.abc import Iterator

from cellarhand.domain.order_sync.sync_run import RUN_PREFIX, SyncRun
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reliability.backoff import HOURLY, add_jitter
from cellarhand.domain.reservations.order_lifecycle import FULL_ATTEMPTS
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import CustomerState, ReservationRecord, reservation_key
from tests.simulation.kernel.faults.faults import Fault, Kind
from tests.simulation.kernel.people.workflow import Scene, Workflow
from tests.simulation.kernel.platform.platform import DELIVERED_LATE

TEN_MINUTES = 600.0
SHORT_WAITS = 4
"""How often a run that comes to nothing waits for less than an hour."""

_LASTS = {
    Kind.LATE: DELIVERED_LATE + 25.0,
    Kind.PAUSE: 60.0,
    Kind.LOST: 60.0,
    Kind.CREDENTIAL_REFUSED: 2 * 3600.0,
}
"""For how long after it has fired a fault does harm. A refused login is tried again after an hour."""


def liveness(scene: Scene, workflow: Workflow) -> Iterator[str]:
    """What has not come to its end."""
    world = scene.world
    yield from scene.people.unanswered
    if world.hub.is_busy:
        yield "it goes on for ever"
    took = world.seam.last_at - max(world.faults.last_at, scene.last_act_at)
    if took > _bound(scene, workflow):
        yield f"it took {took:.0f} s to come to its end"
    for name, queue in world.queues.items():
        if queue.waiting:
            yield f"{len(queue.waiting)} messages wait for {name}"
        if queue.dead_letters:
            yield f"{len(queue.dead_letters)} dead letters of {name}"
    if world.has_work_due:
        yield "work is due that nobody does"
    yield from _unfinished_reservations(scene)
    yield from _unfinished_runs(scene)


def record_of(scene: Scene, tenant_id: str, reservation_id: str) -> ReservationRecord | None:
    """A reservation as our ledger has it."""
    return scene.world.ledger.get(ReservationRecord, reservation_key(tenant_id, reservation_id))


def runs_of(scene: Scene, tenant_id: str) -> list[SyncRun]:
    """All runs that a winery has had."""
    return scene.world.ledger.list_records(SyncRun, tenant_partition(tenant_id), RUN_PREFIX, limit=1000).items


def _bound(scene: Scene, workflow: Workflow) -> float:
    world = scene.world
    lasts = sum(_lasts(fault, world.thaws_after) for fault in world.faults.fired)
    settle = world.timers.settle.total_seconds()
    settles_again = max(0, min(most_in_vain(scene, workflow), FULL_ATTEMPTS) - 2)
    hours = _hourly_waits(scene, workflow) * add_jitter(HOURLY, 1).total_seconds()
    return 2 * settle + TEN_MINUTES + lasts + settles_again * (settle + TEN_MINUTES) + hours


def _hourly_waits(scene: Scene, workflow: Workflow) -> int:
    """How often a run that met nothing but failures from its start can have waited for an hour, at most."""
    if not workflow.rounds_in_vain:
        return 0
    return max(0, workflow.rounds_in_vain + len(scene.world.faults.fired) - SHORT_WAITS)


def most_in_vain(scene: Scene, workflow: Workflow) -> int:
    """How often one order can have been sent in vain, at most: each time takes a fault."""
    return workflow.sent_in_vain + len(scene.world.faults.fired)


def _lasts(fault: Fault, thaws_after: float) -> float:
    return thaws_after if fault.kind is Kind.FREEZE else _LASTS.get(fault.kind, 0.0)


def _unfinished_reservations(scene: Scene) -> Iterator[str]:
    for (tenant_id, reservation_id), told in scene.engine.newest().items():
        record = record_of(scene, tenant_id, reservation_id)
        if record is None or record.snapshot.sequence < told.body["sequence"]:
            yield f"{reservation_id} was accepted and is lost"
        elif record.customer.state is CustomerState.PENDING:
            yield f"the guest of {reservation_id} waits for ever"
        elif record.order.state in {OrderState.SENDING, OrderState.UNKNOWN}:
            yield f"the order of {reservation_id} stays {record.order.state}"


def _unfinished_runs(scene: Scene) -> Iterator[str]:
    for tenant_id in scene.world.crms:
        for run in runs_of(scene, tenant_id):
            if not run.is_over or run.waiting:
                yield f"run {run.run_id} does not end"
