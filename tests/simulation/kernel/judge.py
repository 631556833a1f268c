"""What must hold after every run, judged by the CRMs' own books and by what the engine was answered.

Safety, whatever went wrong: never two orders of one reservation, never two customers of one address, never an
order that no accepted snapshot justifies. Liveness, once faults have stopped: everything comes to its end in
bounded time, and the sums add up.
"""

from collections import Counter
from collections.abc import Iterator

from cellarhand.domain.order import Order
from cellarhand.domain.reservation import CustomerState, OrderState, ReservationRecord, reservation_key
from cellarhand.domain.sync_run import SyncRun, run_key
from tests.simulation.kernel.faults import Fault, Kind
from tests.simulation.kernel.people import Told
from tests.simulation.kernel.workflow import Scene, Workflow

TEN_MINUTES = 600.0
ENDLESS = 12 * 3600.0
"""Seconds after which a simulation is broken off."""

_LASTS = {Kind.LATE: 625.0, Kind.PAUSE: 60.0, Kind.LOST: 60.0, Kind.CREDENTIAL_REFUSED: 2 * 3600.0}
"""For how long after it has fired a fault does harm. A refused login is tried again after an hour."""


def verdict(scene: Scene, workflow: Workflow, began: float) -> list[str]:
    """Everything that is wrong; nothing, if all is well."""
    return [*safety(scene), *liveness(scene, began), *expectations(scene, workflow), *workflow.judge(scene)]


def safety(scene: Scene) -> Iterator[str]:
    """What may not be, whatever has happened."""
    world = scene.world
    for tenant_id, book in world.crms.items():
        numbers = Counter(order.order_number for order in book.orders)
        yield from (f"{n} orders under {number}" for number, n in numbers.items() if n > 1)
        emails = Counter(customer.email for customer in book.customers)
        yield from (f"{n} customers of {email}" for email, n in emails.items() if n > 1)
        for sent in book.sent:
            if not _is_justified(scene, tenant_id, sent.order, sent.at):
                yield f"order {sent.order.order_number} was sent at {sent.at:.0f} without a reason"
    yield from (f"failure of ours: {failure}" for failure in world.log.failures)


def _is_justified(scene: Scene, tenant_id: str, order: Order, at: float) -> bool:
    """Whether a snapshot that wants just this order may have been the newest when its sending was decided."""
    decided = at - scene.world.timers.sending
    told = [
        each
        for each in scene.engine.told
        if each.tenant_id == tenant_id and each.body["number"] == order.order_number.number
    ]
    return any(
        each.wants_an_order
        and each.body["total"] == order.total
        and each.first_sent_at <= at
        and not any(_has_replaced(newer, each, decided) for newer in told)
        for each in told
    )


def _has_replaced(newer: Told, older: Told, by: float) -> bool:
    is_newer = newer.body["sequence"] > older.body["sequence"]
    return is_newer and newer.accepted_at is not None and newer.accepted_at < by


def liveness(scene: Scene, began: float) -> Iterator[str]:
    """What must be in the end."""
    world = scene.world
    yield from scene.people.unanswered
    if world.hub.is_busy:
        yield f"it goes on for more than {ENDLESS:.0f} s"
    took = world.seam.last_at - max(world.faults.last_at, began)
    if took > _bound(scene):
        yield f"it took {took:.0f} s to come to its end"
    for name, queue in world.queues.items():
        if queue.waiting:
            yield f"{len(queue.waiting)} messages wait for {name}"
        if queue.dead_letters:
            yield f"{len(queue.dead_letters)} dead letters of {name}"
    if world.ledger.next_due is not None:
        yield "work is due that nobody does"
    yield from _unfinished(scene)


def _bound(scene: Scene) -> float:
    world = scene.world
    lasts = sum(_lasts(fault, world.thaws_after) for fault in world.faults.fired)
    return 2 * world.timers.settle.total_seconds() + TEN_MINUTES + lasts


def _lasts(fault: Fault, thaws_after: float) -> float:
    return thaws_after if fault.kind is Kind.FREEZE else _LASTS.get(fault.kind, 0.0)


def _unfinished(scene: Scene) -> Iterator[str]:
    for (tenant_id, reservation_id), told in scene.engine.newest().items():
        record = record_of(scene, tenant_id, reservation_id)
        if record is None or record.snapshot.sequence < told.body["sequence"]:
            yield f"{reservation_id} was accepted and is lost"
        elif record.customer.state is CustomerState.PENDING:
            yield f"the guest of {reservation_id} waits for ever"
        elif record.order.state in {OrderState.SENDING, OrderState.UNKNOWN}:
            yield f"the order of {reservation_id} stays {record.order.state}"
    for tenant_id, run_id in scene.staff.runs:
        run = scene.world.ledger.get(SyncRun, run_key(tenant_id, run_id))
        if run is None or not run.is_over or run.waiting:
            yield f"run {run_id} does not end"


def expectations(scene: Scene, workflow: Workflow) -> Iterator[str]:
    """How many orders and customers each reservation has."""
    for (tenant_id, reservation_id), told in scene.engine.newest().items():
        book, number = scene.world.crms[tenant_id], told.body["number"]
        wanted = int(told.wants_an_order and any(t == tenant_id for t, _ in scene.staff.runs))
        orders = sum(order.order_number.number == number for order in book.orders)
        if orders not in workflow.orders.get(number, {wanted}):
            yield f"{reservation_id} has {orders} orders, not {wanted}"
        guest = told.body["guest"]["email"]
        if told.body["state"] != "cancelled" and guest not in {c.email for c in book.customers}:
            yield f"the guest of {reservation_id} is not in the CRM"


def record_of(scene: Scene, tenant_id: str, reservation_id: str) -> ReservationRecord | None:
    """A reservation as our ledger has it."""
    return scene.world.ledger.get(ReservationRecord, reservation_key(tenant_id, reservation_id))
