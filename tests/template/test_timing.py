"""The times that must fit together, under each set of parameters."""

from hashlib import sha256
from typing import Any

import pytest

from cellarhand.adapters.aws import ATTEMPTS, MAX_CONNECT_SECONDS, MAX_PAUSE_SECONDS
from cellarhand.config import Config
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.tenants.access_key import AccessKeyRecord, Role
from cellarhand.use_cases.crm.time_budget import GUEST_WAITS
from cellarhand.use_cases.tenants.authenticate_caller import AuthenticateCaller
from tests.fakes.outside import FakeOutside
from tests.template.sending import can_send
from tests.template.stack import Stack, stack

SENDING = {"customer_upsert", "customer_upsert_retry", "order_sync", "order_sync_runner"}
"""Functions that write customers or orders to a CRM (`order_sync`: when staff try a guest again)."""
REVOCATION_SECONDS = 60


def timers_of(function: dict[str, Any]) -> Timers:
    return Config(function["Environment"]["Variables"]).timers


def test_the_sending_functions_are_those_whose_code_can_reach_a_write_to_a_crm(default_stack: Stack):
    assert {name for name in default_stack.functions if can_send(name)} == SENDING


def test_settling_covers_its_four_terms(any_stack: Stack):
    longest = max(int(any_stack.functions[name]["Timeout"]) for name in SENDING)
    for function in any_stack.functions.values():
        timers = timers_of(function)
        needed = longest + timers.late_execution + timers.read_lag + timers.clock_skew
        assert timers.settle.total_seconds() >= needed


def test_all_functions_settle_by_the_same_timers(any_stack: Stack):
    assert len({timers_of(function) for function in any_stack.functions.values()}) == 1


def test_a_write_ends_well_before_the_platform_ends_its_sender(any_stack: Stack):
    for name in ("customer_upsert_retry", "order_sync_runner"):
        function = any_stack.functions[name]
        assert timers_of(function).crm_write * 2 < int(function["Timeout"])


def test_production_runs_by_the_timers_that_the_model_check_was_run_with(default_stack: Stack):
    assert timers_of(default_stack.functions["order_sync_runner"]) == Timers(
        sending=60, late_execution=600, read_lag=120, clock_skew=60, crm_write=25
    )


def test_a_received_hint_stays_hidden_for_six_lives_of_its_function(any_stack: Stack):
    queues = any_stack.of_type("AWS::SQS::Queue")
    checked = 0
    for mapping in any_stack.of_type("AWS::Lambda::EventSourceMapping").values():
        queue = queues.get(mapping["EventSourceArn"].removeprefix("${").removesuffix(".Arn}"))
        if queue:
            function = any_stack.resources[mapping["FunctionName"][2:-1]]["Properties"]
            assert int(queue["VisibilityTimeout"]) >= 6 * int(function["Timeout"])
            checked += 1
    assert checked == 2


def test_an_interactive_function_ends_before_api_gateway_gives_up(any_stack: Stack):
    for name in ("customer_lookup", "discount_evaluation", "customer_upsert", "order_sync", "settings"):
        assert int(any_stack.functions[name]["Timeout"]) < 30


def test_what_the_gate_remembers_of_a_revoked_key_is_forgotten_within_a_minute(any_stack: Stack):
    scheme = any_stack.api["components"]["securitySchemes"]["AccessKey"]
    assert scheme["x-amazon-apigateway-authorizer"]["authorizerResultTtlInSeconds"] <= REVOCATION_SECONDS


def test_behind_the_gate_nothing_is_remembered_of_a_key():
    world = FakeOutside()
    key = world.access.save(
        AccessKeyRecord(
            key_id="abcdefgh",
            secret_sha256=sha256(b"a-secret-of-any-kind").hexdigest(),
            tenant_id="oak-hill",
            role=Role.STAFF,
            label="console",
            created_at=world.clock.now(),
        )
    )
    authenticate = AuthenticateCaller(world.access, world.clock)
    presented = "Bearer ch_abcdefgh_a-secret-of-any-kind"
    assert authenticate(presented) == key
    world.access.save(key.model_copy(update={"revoked_at": world.clock.now()}))
    assert authenticate(presented) is None


def test_a_silent_store_is_told_to_a_guest_before_the_platform_ends_the_function(default_stack: Stack):
    for name in ("authorizer", "customer_lookup", "discount_evaluation", "customer_upsert"):
        function = default_stack.functions[name]
        one_try = Config(function["Environment"]["Variables"]).store_timeout_seconds
        longest = ATTEMPTS * max(one_try, MAX_CONNECT_SECONDS) + MAX_PAUSE_SECONDS
        assert longest <= GUEST_WAITS < int(function["Timeout"])


@pytest.mark.parametrize("name", ["SendingTimeoutSeconds", "LateExecutionSeconds", "ReadLagSeconds"])
def test_the_local_stack_never_bypasses_a_timer(name: str):
    assert 0 < float(stack("local").parameters[name]) < float(stack("default").parameters[name])
