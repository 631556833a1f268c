"""What there is to compare after a workflow: everything, or only what matters to the winery."""

from typing import Any

from tests.fakes.http import Answered
from tests.integration.lost_replies.wire import Wire
from tests.integration.lost_replies.workflow import Workflow
from tests.integration.lost_replies.world import TABLES, World, new_world, stored


def play(workflow: Workflow, wire: Wire, *lost: int, times: int = 1) -> tuple[World, Any]:
    """The workflow from its beginning, these calls' replies lost; answers its world and its answer."""
    world = prepared(workflow)
    wire.lose(*lost, times=times)
    answer = shown(workflow.act(world))
    return world, answer


def prepared(workflow: Workflow) -> World:
    """A new world in which the workflow can begin."""
    world = new_world()
    workflow.given(world)
    return world


def everything(world: World, answer: Any) -> dict[str, Any]:
    """All that is stored and all that was said, to the last id and instant."""
    return {
        **{f"{name} {_key(item)}": item for name in TABLES for item in stored(name)},
        "answer": answer,
        "orders": world.book.orders,
        "customers": world.book.customers,
        "calls": [(call.method, dict(call.arguments)) for call in world.book.calls],
        "hints": world.hints.left,
        "metrics": world.metrics.counted,
        "clock": world.schedules.wanted,
    }


def differences(expected: dict[str, Any], found: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What is not as expected, by name."""
    names = sorted(expected.keys() | found.keys())
    pairs = {name: (expected.get(name), found.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def shown(answer: Any) -> Any:
    """An answer in a form that can be compared."""
    if isinstance(answer, Answered):
        return answer.status, answer.headers, answer.body
    return [shown(each) for each in answer] if isinstance(answer, list) else answer


def _key(item: dict[str, Any]) -> str:
    return f"{item['pk']['S']} {item['sk']['S']}"
