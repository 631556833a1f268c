"""That the lost replies are real: the server executes each copy, and it is botocore that sends the second."""

import pytest

from cellarhand.adapters import aws
from cellarhand.domain.errors import StorageUnavailableError
from tests.contract.records.a_record import Bottle
from tests.integration.lost_replies.wire import Wire
from tests.integration.lost_replies.world import new_world, stored

SYRAH = Bottle(name="syrah")


def test_the_server_sees_the_same_call_twice(wire: Wire):
    world = new_world()
    wire.lose(1, times=1)
    world.audit.save(SYRAH)
    assert [(each.call, each.attempt, each.operation) for each in wire.served] == [
        (1, 1, "PutItem"),
        (1, 2, "PutItem"),
    ]
    assert wire.served[0].body == wire.served[1].body
    assert [item["version"] for item in stored("audit")] == [{"N": "1"}]


def test_a_transaction_carries_one_token_in_all_its_copies(wire: Wire):
    """AWS then executes it once; moto executes it twice, so that its conditions and signature must do."""
    world = new_world()
    wire.lose(1, times=1)
    world.audit.save_all([SYRAH])
    first, again = wire.served
    assert b"ClientRequestToken" in first.body
    assert (first.body, again.attempt) == (again.body, 2)


def test_botocore_gives_up_in_the_end(wire: Wire):
    world = new_world()
    wire.lose(1, times=aws.ATTEMPTS)
    with pytest.raises(StorageUnavailableError):
        world.audit.save(SYRAH)
    assert len(wire.served) == aws.ATTEMPTS
    assert len(stored("audit")) == 1


def test_a_reply_that_is_not_to_be_lost_arrives(wire: Wire):
    world = new_world()
    wire.lose(2, times=1)
    world.audit.save(SYRAH)
    assert [each.attempt for each in wire.served] == [1]
