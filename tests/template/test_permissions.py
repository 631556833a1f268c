"""What each role may do, listed exactly: a permission more or less is a decision, and is taken here."""

from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.template.sending import can_call_crm
from tests.template.stack import Stack

READ = "dynamodb:GetItem"
KEEP = "dynamodb:GetItem dynamodb:PutItem"
KEEP_SEVERAL = f"{KEEP} dynamodb:BatchGetItem"
ADD = "dynamodb:PutItem"
FIND = "dynamodb:Query"
TAKE = "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes"
SEND = "sqs:SendMessage"
INVOKE = "lambda:InvokeFunction"
READ_SECRET = "secretsmanager:GetSecretValue"
KEEP_LOGIN = f"{READ_SECRET} secretsmanager:CreateSecret secretsmanager:PutSecretValue"
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
PARTNER_KEYS = "${PartnerKeys}"
SCHEDULES = f"arn:${{AWS::Partition}}:scheduler:{_OF_THE_ACCOUNT}:schedule/${{ScheduleGroup}}/order_sync-*"
LOGS = f"arn:${{AWS::Partition}}:logs:{_OF_THE_ACCOUNT}:log-group:/aws/lambda/${{AWS::StackName}}-*"

CALL_CRM = {LOGINS: READ_SECRET, PARTNER_KEYS: READ_SECRET}
ALLOWED = {
    "Authorizer": {ACCESS: READ},
    "CustomerLookup": {SETTINGS: f"{KEEP} {FIND}", LEDGER: KEEP, AUDIT: ADD, **CALL_CRM},
    "DiscountEvaluation": {
        SETTINGS: f"{READ} {FIND}",
        LEDGER: KEEP_SEVERAL,
        WORKLIST: FIND,
        **CALL_CRM,
    },
    "CustomerUpsert": {
        SETTINGS: READ,
        LEDGER: KEEP_SEVERAL,
        AUDIT: ADD,
        UPSERTS: SEND,
        **CALL_CRM,
    },
    "CustomerUpsertRetry": {
        SETTINGS: READ,
        LEDGER: KEEP_SEVERAL,
        WORKLIST: FIND,
        UPSERTS: f"{TAKE} {SEND}",
        **CALL_CRM,
    },
    "OrderSync": {
        SETTINGS: READ,
        LEDGER: f"{KEEP_SEVERAL} {FIND}",
        WORKLIST: FIND,
        AUDIT: ADD,
        UPSERTS: SEND,
        ORDERS: SEND,
        UNDELIVERED: SEND,
        **CALL_CRM,
    },
    "OrderSyncRunner": {
        SETTINGS: READ,
        LEDGER: f"{KEEP_SEVERAL} dynamodb:DeleteItem {FIND}",
        WORKLIST: FIND,
        ORDERS: f"{TAKE} {SEND}",
        **CALL_CRM,
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
        **CALL_CRM,
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


def policies(stack: Stack, role: str) -> list[dict[str, Any]]:
    """The role's own, and the managed ones that it has."""
    properties, managed = roles(stack)[role], stack.of_type("AWS::IAM::ManagedPolicy")
    return properties["Policies"] + [managed[name[2:-1]] for name in properties.get("ManagedPolicyArns", [])]


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
    basics = {} if role in WITHOUT_BASICS else BASICS
    granted = statements(policies(default_stack, role))
    assert permissions(granted) == expected(ALLOWED[role] | basics)


def test_every_role_is_listed(default_stack: Stack):
    assert set(roles(default_stack)) == set(ALLOWED)


def test_every_function_has_a_role_of_its_own(default_stack: Stack):
    used = [function["Role"] for function in default_stack.functions.values()]
    assert sorted(used) == sorted(f"${{{role}Role.Arn}}" for role in set(ALLOWED) - WITHOUT_BASICS)


def test_what_several_functions_may_do_is_written_once(default_stack: Stack):
    crm = {name for name, allowed in ALLOWED.items() if PARTNER_KEYS in allowed}
    assert having(default_stack, "FunctionBasics") == set(ALLOWED) - WITHOUT_BASICS
    assert having(default_stack, "CrmCaller") == crm
    managed = default_stack.of_type("AWS::IAM::ManagedPolicy")
    assert permissions(statements([managed["FunctionBasics"]])) == expected(BASICS)
    assert permissions(statements([managed["CrmCaller"]])) == expected({**CALL_CRM, LEDGER: KEEP})


def having(stack: Stack, policy: str) -> set[str]:
    """The roles with that managed policy."""
    return {n for n, role in roles(stack).items() if f"${{{policy}}}" in role.get("ManagedPolicyArns", [])}


def test_no_action_is_a_wildcard(default_stack: Stack):
    granted = [policy for role in ALLOWED for policy in policies(default_stack, role)]
    actions = {action for statement in statements(granted) for action in statement["Action"]}
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


def test_the_partner_keys_are_read_by_exactly_the_functions_whose_code_calls_a_crm(default_stack: Stack):
    calling = {f["Role"] for name, f in default_stack.functions.items() if can_call_crm(name)}
    reading = {name for name, allowed in ALLOWED.items() if PARTNER_KEYS in allowed}
    assert calling == {f"${{{role}Role.Arn}}" for role in reading}


def test_a_function_knows_where_the_partner_keys_are_and_none_of_them(default_stack: Stack):
    for function in default_stack.functions.values():
        variables = function["Environment"]["Variables"]
        assert {n: v for n, v in variables.items() if "KEY" in n} == {"PARTNER_KEYS_SECRET": PARTNER_KEYS}


def test_who_may_write_crm_logins_may_not_write_partner_keys(default_stack: Stack):
    (secret,) = default_stack.of_type("AWS::SecretsManager::Secret").values()
    assert secret["Name"].startswith("${AWS::StackName}/")
    assert not fnmatchcase(secret["Name"], LOGINS.partition(":secret:")[2])
