"""botocore gives up on a write: it was executed, and nobody was told. Doing it all again ends right."""

from collections import Counter
from contextlib import suppress
from typing import Any

from cellarhand.adapters import aws
from cellarhand.domain.errors import StorageUnavailableError
from tests.integration.lost_replies.facts import facts
from tests.integration.lost_replies.told import differences, play, prepared
from tests.integration.lost_replies.wire import Served, Site, Wire
from tests.integration.lost_replies.workflow import Workflow
from tests.integration.lost_replies.workflows import WORKFLOWS
from tests.integration.lost_replies.world import World

OFTEN_ENOUGH = 3
"""Workflows in which the write of one and the same line is tried."""


def test_whoever_tries_again_gets_the_same(wire: Wire):
    tried: Counter[Site | None] = Counter()
    for workflow in WORKFLOWS:
        world, _ = play(workflow, wire)
        writes = {each.asked_by: each for each in wire.served if each.is_write}
        world.come_to_rest()
        undisturbed = facts(world)
        for line, write in writes.items():
            if tried[line] < OFTEN_ENOUGH:
                tried[line] += 1
                world = disturbed(workflow, wire, write)
                world.come_to_rest()
                found = differences(undisturbed, facts(world))
                assert found == {}, f"{workflow}: nobody was told of {write.operation} at {line}"


def disturbed(workflow: Workflow, wire: Wire, lost: Served) -> World:
    """The workflow with one write that nobody was told of, and then once more without trouble."""
    world = prepared(workflow)
    wire.lose(lost.call, times=aws.ATTEMPTS)
    with suppress(StorageUnavailableError):
        assert is_named(workflow.act(world)), f"{workflow}: {lost}"
    assert [each.attempt for each in wire.attempts(lost.call)] == list(range(1, aws.ATTEMPTS + 1))
    wire.lose()
    workflow.act(world)
    return world


def is_named(answer: Any) -> bool:
    """No failure without a name: it either went well all the same, or says that the store is away."""
    if isinstance(answer, list):
        return all(is_named(each) for each in answer)
    status = getattr(answer, "status", 200)
    return status < 500 or (status, answer.body["code"]) == (503, StorageUnavailableError.code)
