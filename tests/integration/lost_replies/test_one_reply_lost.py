"""Losing any one reply of the store changes nothing at all: not a decision, not a record, not an answer."""

import pytest

from tests.integration.lost_replies.told import differences, everything, play
from tests.integration.lost_replies.wire import Wire
from tests.integration.lost_replies.workflow import Workflow
from tests.integration.lost_replies.workflows import WORKFLOWS


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=str)
def test_a_lost_reply_is_never_noticed(workflow: Workflow, wire: Wire):
    """Every write alone, and all the reads together: a read leaves nothing that could meet its copy."""
    undisturbed = everything(*play(workflow, wire))
    served = list(wire.served)
    writes = [[each.call] for each in served if each.is_write]
    for lost in (*writes, [each.call for each in served if not each.is_write]):
        told = everything(*play(workflow, wire, *lost))
        assert differences(undisturbed, told) == {}, f"the reply to call {lost} was lost"
        for call in lost:
            first, again = wire.attempts(call)
            assert (first.attempt, again.attempt, first.body) == (1, 2, again.body)
