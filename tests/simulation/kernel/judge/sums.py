"""The sums: what was booked is in the CRM, once; what runs count is what happened; what differs is said."""

from collections.abc import Iterator

from cellarhand.domain.adjustments.adjustment import ADJUSTMENT_PREFIX, Adjustment, AdjustmentState
from cellarhand.domain.order_sync.run_results import OrderResult, SyncRunResults, results_prefix
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.orders.order import FoundOrder, Order
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reservations.order_lifecycle import FULL_ATTEMPTS
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from tests.simulation.kernel.judge.liveness import most_in_vain, record_of, runs_of
from tests.simulation.kernel.people.told import Told
from tests.simulation.kernel.people.workflow import Scene, Workflow


def sums(scene: Scene, workflow: Workflow) -> Iterator[str]:
    """What does not add up."""
    for told in scene.engine.newest().values():
        yield from _of_reservation(scene, told, workflow)
    for tenant_id, book in scene.world.crms.items():
        runs = runs_of(scene, tenant_id)
        for run in runs:
            yield from _of_run(scene, run)
        by_hand = _settled_by_hand(scene, tenant_id, runs)
        synced = sum(run.counts.get("synced", 0) for run in runs) + len(by_hand)
        if synced != len(book.came):
            yield f"runs have counted {synced} orders, the CRM got {len(book.came)}"
        money = sum(run.money for run in runs) + sum(order.total or 0 for order in by_hand)
        if money != sum(order.total for order, _ in book.came):
            yield f"runs have counted {money} of money, the CRM got another sum"


def _of_reservation(scene: Scene, told: Told, workflow: Workflow) -> Iterator[str]:
    book, name = scene.world.crms[told.tenant_id], told.reservation_id
    orders = [order for order in book.orders if told.is_of(order)]
    record = record_of(scene, told.tenant_id, name)
    allowed = workflow.orders.get(told.body["number"]) or _wanted(scene, told)
    if record and _is_rightly_given_up(scene, record, workflow):
        allowed = {0, *allowed}
    if len(orders) not in allowed:
        yield f"{name} has {len(orders)} orders, not {' or '.join(map(str, allowed))}"
    if told.body["state"] != "cancelled" and told.guest not in {c.email for c in book.customers}:
        yield f"the guest of {name} is not in the CRM"
    if record:
        yield from _of_order(scene, told, record, orders)


def _of_order(scene: Scene, told: Told, record: ReservationRecord, orders: list[Order]) -> Iterator[str]:
    """The lock and the one open adjustment say how the order, as it stands in the CRM, differs by now."""
    name, differs = told.reservation_id, any(_differs(told, order) for order in orders)
    if record.locked_after_sync is not differs:
        yield f"{name}: locked is {record.locked_after_sync}, but that its order differs is {differs}"
    adjustments = _open_adjustments(scene, record)
    said = [(each.adjustment_id, each.changes) for each in adjustments]
    if said != [(record.adjustment_id, record.changes_after_sync)] * differs:
        yield f"{name}: its open adjustments are not just the one that says what differs"
    for each in adjustments:
        totals = {order.total for order in orders}
        if ({each.in_crm.total}, each.wanted.total) != (totals, told.body["paid"]):
            yield f"{name}: an adjustment of {each.to_pay_back} is not what the CRM is off by"


def _differs(told: Told, order: Order) -> bool:
    as_booked = order.total == told.body["total"] and told.is_bought_by_guest(order)
    return not (as_booked and told.wants_an_order)


def _is_rightly_given_up(scene: Scene, record: ReservationRecord, workflow: Workflow) -> bool:
    """Whether it waits for a person, and as much went wrong as that takes: a send in vain is a fault each."""
    return record.order.reason == "never_found" and most_in_vain(scene, workflow) >= FULL_ATTEMPTS


def _open_adjustments(scene: Scene, record: ReservationRecord) -> list[Adjustment]:
    """All that are open for a reservation."""
    partition = tenant_partition(record.tenant_id)
    found = scene.world.ledger.list_records(Adjustment, partition, ADJUSTMENT_PREFIX).items
    of_it = [each for each in found if each.reservation_id == record.reservation_id]
    return [each for each in of_it if each.state is AdjustmentState.OPEN]


def _wanted(scene: Scene, told: Told) -> tuple[int, ...]:
    if not runs_of(scene, told.tenant_id):
        return (0,)
    if told.wants_an_order:
        return (1,)
    which = (told.tenant_id, told.reservation_id)
    had_one = any(
        each.wants_an_order for each in scene.engine.told if (each.tenant_id, each.reservation_id) == which
    )
    return (0, 1) if had_one else (0,)


def _settled_by_hand(scene: Scene, tenant_id: str, runs: list[SyncRun]) -> list[FoundOrder]:
    """The orders that staff found, but not those whose run went on later and took their word for its end."""
    results = [result for run in runs for result in _results(scene, run)]
    counted = {result.reservation_id for result in results if result.label == OrderState.SYNCED}
    found = scene.staff.found_there.items()
    return [order for (tenant, name), order in found if tenant == tenant_id and name not in counted]


def _results(scene: Scene, run: SyncRun) -> list[OrderResult]:
    prefix = results_prefix(run.run_id)
    chunks = scene.world.ledger.list_records(SyncRunResults, tenant_partition(run.tenant_id), prefix)
    return [result for chunk in chunks.items for result in chunk.results]


def _of_run(scene: Scene, run: SyncRun) -> Iterator[str]:
    ids = [result.reservation_id for result in _results(scene, run)]
    if len(set(ids)) < len(ids) or sum(run.counts.values()) != len(ids):
        yield f"run {run.run_id} counts {dict(run.counts)} for the results of {ids}"
