"""botocore gives up on one write: it was executed, and nobody was told. Doing it all again ends right."""

from contextlib import suppress
from typing import Any

import pytest

from cellarhand.adapters import aws
from cellarhand.domain.errors import StorageUnavailableError
from tests.integration.lost_replies.facts import facts
from tests.integration.lost_replies.told import differences, play, prepared
from tests.integration.lost_replies.wire import Wire
from tests.integration.lost_replies.workflow import Workflow
from tests.integration.lost_replies.workflows import WORKFLOWS
from tests.integration.lost_replies.world import World


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=str)
def test_whoever_tries_again_gets_the_same(workflow: Workflow, wire: Wire):
    """One write for each line of a use case that makes any: it is the same decision each time."""
    world, _ = play(workflow, wire)
    writes = {(each.asked_by, each.operation): each.call for each in wire.served if each.is_write}
    world.come_to_rest()
    undisturbed = facts(world)
    for lost in writes.values():
        world = disturbed(workflow, wire, lost)
        world.come_to_rest()
        assert differences(undisturbed, facts(world)) == {}, f"nobody was told of call {lost}"


def disturbed(workflow: Workflow, wire: Wire, lost: int) -> World:
    """The workflow with one write that nobody was told of, and then once more without trouble."""
    world = prepared(workflow)
    wire.lose(lost, times=aws.ATTEMPTS)
    with suppress(StorageUnavailableError):
        assert is_named(workflow.act(world))
    assert [each.attempt for each in wire.attempts(lost)] == list(range(1, aws.ATTEMPTS + 1))
    wire.lose()
    workflow.act(world)
    return world


def is_named(answer: Any) -> bool:
    """No failure without a name: it either went well all the same, or says that the store is away."""
    if isinstance(answer, list):
        return all(is_named(each) for each in answer)
    status = getattr(answer, "status", 200)
    return status < 500 or (status, answer.body["code"]) == (503, StorageUnavailableError.code)
