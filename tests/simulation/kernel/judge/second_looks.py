"""Whatever has reached a CRM is looked at once more a day later: the plan for that is never lost."""

from collections.abc import Iterator
from datetime import timedelta

from cellarhand.domain.order_sync.sent_span import MAX_SPAN
from cellarhand.domain.reconciliation.checks import DUPLICATE_CHECK_DELAY, PREFIX, DueCheck, EndedCheck
from cellarhand.domain.records import tenant_partition
from tests.simulation.kernel.people.workflow import Scene
from tests.simulation.kernel.platform.environment import BEGINNING


def second_looks(scene: Scene) -> Iterator[str]:
    """Orders that no look covers, planned or taken: it would come too early, or begin too late."""
    skew = timedelta(seconds=scene.world.timers.clock_skew)
    for tenant_id, book in scene.world.crms.items():
        looks = _looks(scene, tenant_id)
        for came in book.orders_came_at:
            at = BEGINNING + timedelta(seconds=came)
            latest = at + DUPLICATE_CHECK_DELAY - MAX_SPAN - scene.world.timers.settle - skew
            if not any(one.sent_from and one.sent_from - skew <= at and latest <= one.due for one in looks):
                yield f"{tenant_id}: no second look is planned at the order of {at}"


def _looks(scene: Scene, tenant_id: str) -> list[DueCheck]:
    ledger, partition = scene.world.ledger, tenant_partition(tenant_id)
    planned = ledger.list_records(DueCheck, partition, PREFIX, limit=1000).items
    taken = ledger.list_records(EndedCheck, partition, f"ENDED_{PREFIX}", limit=1000).items
    return [one for one in (*planned, *taken) if one.work == "duplicate_check"]
