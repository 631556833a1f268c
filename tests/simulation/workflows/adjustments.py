"""Staff carry a change over into the CRM by hand, and say so, while the engine reports another."""

from typing import Any

from cellarhand.domain.adjustments.adjustment import Adjustment, VisitAmounts, adjustment_key
from tests.simulation.kernel.judge.liveness import record_of
from tests.simulation.kernel.people.wineries import snapshot
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.workflows.changes import bring_a_third, one_synced

LONG_AFTER = 2000.0


def one_to_carry_over(scene: Scene) -> None:
    """An order that is in the CRM, of a party that has grown since."""
    one_synced(scene)
    scene.after(LONG_AFTER, lambda: bring_a_third(scene))


def carry_over(scene: Scene) -> None:
    """Make the order say what staff see that it should; who sees nothing open has nothing to do."""
    record = record_of(scene, TENANT, "r-101")
    seen = record and record.adjustment_id and _seen(scene, record.adjustment_id)
    if not seen:
        return
    _make_it(scene, seen.wanted)
    scene.staff.send(
        "order_sync",
        "POST /v1/adjustments/{adjustment_id}/resolve",
        TENANT,
        lambda answer: _answered(scene, seen, answer),
        path={"adjustment_id": seen.adjustment_id},
        body={"note": "Done.", "revision": seen.version},
    )


def _answered(scene: Scene, seen: Adjustment, answer: Any) -> None:
    """Whoever was too late does it again, or undoes it."""
    match answer.get("code"):
        case "adjustment_changed":
            carry_over(scene)
        case "adjustment_withdrawn":
            _make_it(scene, seen.in_crm)


def _seen(scene: Scene, adjustment_id: str) -> Adjustment | None:
    return scene.world.ledger.get(Adjustment, adjustment_key(TENANT, adjustment_id))


def _make_it(scene: Scene, amounts: VisitAmounts) -> None:
    """A void, or another quantity of what is sold to each guest."""
    book = scene.world.crms[TENANT]
    (order,) = book.orders
    if amounts.sub_total == 0:
        book.remove_order(order.order_number.number)
        return
    quantity = amounts.sub_total // order.lines[0].unit_price
    line = order.lines[0].model_copy(update={"quantity": quantity})
    book.correct_order(order.model_copy(update={"lines": (line,), **amounts.model_dump()}))


def _meanwhile(name: str, **changes: Any) -> Workflow:
    """The engine's third snapshot comes while staff are at the second."""

    def act(scene: Scene) -> None:
        carry_over(scene)
        scene.engine.put(TENANT, "r-101", snapshot(101, sequence=3, **changes))

    return Workflow(name, act, one_to_carry_over, watched={"order_sync", "customer_upsert"})


RESOLVE_CHANGED = _meanwhile("resolve_while_changed", party=4)
RESOLVE_WITHDRAWN = _meanwhile("resolve_while_withdrawn", party=2)
RESOLVE_CANCELLED = _meanwhile("resolve_while_cancelled", state="cancelled", party=3)
