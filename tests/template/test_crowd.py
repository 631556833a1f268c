"""What the simulated crowd takes for granted of the stack."""

from collections.abc import Mapping

import pytest

from tests.simulation.crowd.crowd_world import NOTHING_RESERVED, PRODUCTION
from tests.template.stack import stack


@pytest.mark.parametrize(
    ("parameter_set", "simulated"), [("prod", PRODUCTION), ("default", NOTHING_RESERVED)]
)
def test_each_queue_is_simulated_with_its_own_concurrency(parameter_set: str, simulated: Mapping[str, int]):
    mappings = stack(parameter_set).of_type("AWS::Lambda::EventSourceMapping")
    runs, guests = mappings["OrderSyncRunnerFunctionHint"], mappings["CustomerUpsertRetryFunctionHint"]
    assert runs["ScalingConfig"]["MaximumConcurrency"] == simulated["order_sync_runner"]
    assert guests["ScalingConfig"]["MaximumConcurrency"] == simulated["customer_upsert_retry"]


def test_the_crowds_guests_are_given_no_more_than_is_reserved():
    reserved = int(stack("prod").functions["customer_upsert"]["ReservedConcurrentExecutions"])
    assert PRODUCTION["customer_upsert"] <= reserved
