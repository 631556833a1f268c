"""What each role may do, listed exactly: a permission more or less is a decision, and is taken here."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.template.stack import Stack

READ = "dynamodb:GetItem"
KEEP = "dynamodb:GetItem dynamodb:PutItem"
KEEP_SEVERAL = f"{KEEP} dynamodb:BatchGetItem"
ADD = "dynamodb:PutItem"
FIND = "dynamodb:Query"
TAKE = "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes"
SEND = "sqs:SendMessage"
INVOKE = "lambda:InvokeFunction"
READ_LOGIN = "secretsmanager:GetSecretValue"
KEEP_LOGIN = f"{READ_LOGIN} secretsmanager:CreateSecret secretsmanager:PutSecretValue"
READ_STREAM = "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator"
SET_CLOCK = "scheduler:CreateSchedule scheduler:UpdateSchedule scheduler:GetSchedule scheduler:DeleteSchedule"

SETTINGS, LEDGER, ACCESS, AUDIT = (
    f"${{{name}Table.Arn}}" for name in ("Settings", "Ledger", "Access", "Audit")
)
DUE, WORKLIST = (f"${{LedgerTable.Arn}}/index/{index}" for index in ("due", "worklist"))
UPSERTS, ORDERS = "${CustomerUpsertRetryQueue.Arn}", "${OrderSyncQueue.Arn}"
UNDELIVERED, UNAPPLIED = "${ClockDeadLetters.Arn}", "${SyncScheduleDeadLetters.Arn}"
_OF_THE_ACCOUNT = "${AWS::Region}:${AWS::AccountId}"
LOGINS = f"arn:${{AWS::Partition}}:secretsmanager:{_OF_THE_ACCOUNT}:secret:${{AWS::StackName}}/crm/*"
SCHEDULES = f"arn:${{AWS::Partition}}:scheduler:{_OF_THE_ACCOUNT}:schedule/${{ScheduleGroup}}/order_sync-*"
LOGS = f"arn:${{AWS::Partition}}:logs:{_OF_THE_ACCOUNT}:log-group:/aws/lambda/${{AWS::StackName}}-*"

ALLOWED = {
    "Authorizer": {ACCESS: READ},
    "CustomerLookup": {SETTINGS: f"{KEEP} {FIND}", LEDGER: KEEP, AUDIT: ADD, LOGINS: READ_LOGIN},
    "DiscountEvaluation": {
        SETTINGS: f"{READ} {FIND}",
        LEDGER: KEEP_SEVERAL,
        WORKLIST: FIND,
        LOGINS: READ_LOGIN,
    },
    "CustomerUpsert": {
        SETTINGS: READ,
        LEDGER: KEEP_SEVERAL,
        AUDIT: ADD,
        UPSERTS: SEND,
        LOGINS: READ_LOGIN,
    },
    "CustomerUpsertRetry": {
        SETTINGS: READ,
        LEDGER: KEEP_SEVERAL,
        WORKLIST: FIND,
        UPSERTS: f"{TAKE} {SEND}",
        LOGINS: READ_LOGIN,
    },
    "OrderSync": {
        SETTINGS: READ,
        LEDGER: f"{KEEP_SEVERAL} {FIND}",
        WORKLIST: FIND,
        AUDIT: ADD,
        UPSERTS: SEND,
        ORDERS: SEND,
        UNDELIVERED: SEND,
        LOGINS: READ_LOGIN,
    },
    "OrderSyncRunner": {
        SETTINGS: READ,
        LEDGER: f"{KEEP_SEVERAL} dynamodb:DeleteItem {FIND}",
        WORKLIST: FIND,
        ORDERS: f"{TAKE} {SEND}",
        LOGINS: READ_LOGIN,
    },
    "SyncSchedule": {
        SETTINGS: f"{KEEP} dynamodb:DeleteItem",
        "${SettingsTable.StreamArn}": READ_STREAM,
        "${SettingsTable.Arn}/stream/*": "dynamodb:ListStreams",
        UNAPPLIED: SEND,
        SCHEDULES: SET_CLOCK,
        "${TenantScheduleRole.Arn}": "iam:PassRole",
    },
    "Sweeper": {DUE: FIND, UPSERTS: SEND, ORDERS: SEND, UNDELIVERED: SEND},
    "Settings": {
        SETTINGS: f"{KEEP} {FIND}",
        ACCESS: KEEP,
        LEDGER: KEEP,
        AUDIT: ADD,
        UPSERTS: SEND,
        LOGINS: KEEP_LOGIN,
    },
    "TenantSchedule": {"${OrderSyncFunction.Arn}": INVOKE, UNDELIVERED: SEND},
    "SweeperSchedule": {"${SweeperFunction.Arn}": INVOKE, UNDELIVERED: SEND},
}
BASICS = {
    LOGS: "logs:CreateLogStream logs:PutLogEvents",
    "*": "xray:PutTraceSegments xray:PutTelemetryRecords",
}
WITHOUT_BASICS = {"TenantSchedule", "SweeperSchedule"}


def statements(policies: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for policy in policies:
        yield from policy["PolicyDocument"]["Statement"]


def permissions(granted: Iterator[dict[str, Any]]) -> dict[str, set[str]]:
    """Actions by resource."""
    allowed: dict[str, set[str]] = defaultdict(set)
    for statement in granted:
        assert statement["Effect"] == "Allow"
        resources = statement["Resource"]
        for resource in resources if isinstance(resources, list) else [resources]:
            allowed[resource] |= set(statement["Action"])
    return dict(allowed)


def expected(listed: dict[str, str]) -> dict[str, set[str]]:
    return {resource: set(actions.split()) for resource, actions in listed.items()}


def roles(stack: Stack) -> dict[str, Any]:
    return {name.removesuffix("Role"): role for name, role in stack.of_type("AWS::IAM::Role").items()}


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_may_do_exactly_what_is_listed(default_stack: Stack, role: str):
    granted = statements(roles(default_stack)[role]["Policies"])
    assert permissions(granted) == expected(ALLOWED[role])


def test_every_role_is_listed(default_stack: Stack):
    assert set(roles(default_stack)) == set(ALLOWED)


def test_every_function_has_a_role_of_its_own(default_stack: Stack):
    used = [function["Role"] for function in default_stack.functions.values()]
    assert sorted(used) == sorted(f"${{{role}Role.Arn}}" for role in set(ALLOWED) - WITHOUT_BASICS)


def test_beyond_its_own_a_function_may_write_logs_and_traces(default_stack: Stack):
    (basics,) = default_stack.of_type("AWS::IAM::ManagedPolicy").values()
    assert permissions(statements([basics])) == expected(BASICS)
    attached = {name: role.get("ManagedPolicyArns", []) for name, role in roles(default_stack).items()}
    assert attached == {name: [] if name in WITHOUT_BASICS else ["${FunctionBasics}"] for name in ALLOWED}


def test_no_action_is_a_wildcard(default_stack: Stack):
    policies = [policy for role in roles(default_stack).values() for policy in role["Policies"]]
    policies += default_stack.of_type("AWS::IAM::ManagedPolicy").values()
    actions = {action for statement in statements(policies) for action in statement["Action"]}
    assert actions
    assert not {action for action in actions if "*" in action}


def test_only_services_that_are_meant_may_take_a_role(default_stack: Stack):
    taken_by = {
        name: {s["Principal"]["Service"] for s in role["AssumeRolePolicyDocument"]["Statement"]}
        for name, role in roles(default_stack).items()
    }
    clock = {"scheduler.amazonaws.com"}
    assert taken_by == {
        name: clock if name in WITHOUT_BASICS else {"lambda.amazonaws.com"} for name in ALLOWED
    }


def test_the_role_of_the_clock_may_be_handed_to_the_clock_alone(default_stack: Stack):
    granted = statements(roles(default_stack)["SyncSchedule"]["Policies"])
    (hand_over,) = [statement for statement in granted if statement["Action"] == ["iam:PassRole"]]
    assert hand_over["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}


def test_partner_keys_are_given_only_to_functions_that_may_read_a_crm_login(default_stack: Stack):
    informed = {
        name for name, f in default_stack.functions.items() if any("PARTNER_KEY" in v for v in _variables(f))
    }
    reading = {name for name, allowed in ALLOWED.items() if LOGINS in allowed}
    assert {name.replace("_", "") for name in informed} == {name.lower() for name in reading}


def _variables(function: dict[str, Any]) -> dict[str, str]:
    return dict(function["Environment"]["Variables"])
