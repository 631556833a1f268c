"""Nothing is lost silently: dead letters, alarms, logs, backups and keys."""

import json
from typing import Any

import pytest

from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.observability import EVERY_FUNCTION, NAMESPACE
from tests.template.stack import NO_VALUE, Stack, stack, template

DAY = 86_400
DEAD_LETTERS = {
    "CustomerUpsertRetryDeadLetters",
    "OrderSyncDeadLetters",
    "SyncScheduleDeadLetters",
    "ClockDeadLetters",
}
TABLES = {"SettingsTable", "LedgerTable", "AccessTable", "AuditTable"}


def alarms_on(stack: Stack, metric: str) -> list[dict[str, Any]]:
    return [a for a in stack.of_type("AWS::CloudWatch::Alarm").values() if a.get("MetricName") == metric]


def watched_functions(stack: Stack, metric: str) -> set[str]:
    alarms = [alarm for alarm in alarms_on(stack, metric) if alarm["Threshold"] == 0]
    return {alarm["Dimensions"][0]["Value"] for alarm in alarms if alarm["Namespace"] == "AWS/Lambda"}


def test_every_queue_of_work_has_dead_letters_that_outlive_it(any_stack: Stack):
    queues = any_stack.of_type("AWS::SQS::Queue")
    work = {name: queue for name, queue in queues.items() if name not in DEAD_LETTERS}
    assert set(work) == {"CustomerUpsertRetryQueue", "OrderSyncQueue"}
    for queue in work.values():
        policy = queue["RedrivePolicy"]
        dead_letters = queues[policy["deadLetterTargetArn"].removeprefix("${").removesuffix(".Arn}")]
        assert policy["maxReceiveCount"] == 5
        assert queue["MessageRetentionPeriod"] == 4 * DAY
        assert dead_letters["MessageRetentionPeriod"] == 14 * DAY


def test_every_queue_is_encrypted(any_stack: Stack):
    assert all(queue["SqsManagedSseEnabled"] for queue in any_stack.of_type("AWS::SQS::Queue").values())


def test_the_first_dead_letter_of_any_queue_raises_an_alarm(any_stack: Stack):
    alarms = alarms_on(any_stack, "ApproximateNumberOfMessagesVisible")
    assert {alarm["Dimensions"][0]["Value"] for alarm in alarms} == {
        f"${{{name}.QueueName}}" for name in DEAD_LETTERS
    }
    for alarm in alarms:
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_every_source_of_events_reports_failures_one_by_one(any_stack: Stack):
    mappings = any_stack.of_type("AWS::Lambda::EventSourceMapping").values()
    assert len(mappings) == 3
    for mapping in mappings:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["BatchSize"] <= 10


def test_a_failing_change_of_a_schedule_is_given_up_and_kept(any_stack: Stack):
    mapping = any_stack.of_type("AWS::Lambda::EventSourceMapping")[
        "SyncScheduleFunctionScheduleOrTenantChanged"
    ]
    assert 0 < mapping["MaximumRetryAttempts"] <= 10
    assert mapping["DestinationConfig"]["OnFailure"]["Destination"] == "${SyncScheduleDeadLetters.Arn}"


def test_the_stream_tells_of_schedules_and_tenants_whatever_happened_to_them(any_stack: Stack):
    mapping = any_stack.of_type("AWS::Lambda::EventSourceMapping")[
        "SyncScheduleFunctionScheduleOrTenantChanged"
    ]
    (pattern,) = mapping["FilterCriteria"]["Filters"]
    assert json.loads(pattern["Pattern"]) == {
        "dynamodb": {"Keys": {"sk": {"S": ["SCHEDULE#order_sync", "TENANT"]}}}
    }


def test_what_the_clock_calls_is_tried_again_and_kept(any_stack: Stack):
    (schedule,) = any_stack.of_type("AWS::Scheduler::Schedule").values()
    assert schedule["Target"]["DeadLetterConfig"] == {"Arn": "${ClockDeadLetters.Arn}"}
    assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] > 0
    called = any_stack.of_type("AWS::Lambda::EventInvokeConfig").values()
    assert {config["FunctionName"] for config in called} == {"${OrderSyncFunction}", "${SweeperFunction}"}
    for config in called:
        assert config["DestinationConfig"]["OnFailure"]["Destination"] == "${ClockDeadLetters.Arn}"
    schedules = any_stack.functions["sync_schedule"]["Environment"]["Variables"]
    assert schedules["SCHEDULE_DLQ_ARN"] == "${ClockDeadLetters.Arn}"


def test_errors_of_every_function_raise_an_alarm(any_stack: Stack):
    every = {f"${{{any_stack.logical_id(name)}}}" for name in any_stack.functions}
    assert watched_functions(any_stack, "Errors") == every


def test_the_first_failure_that_operators_must_act_on_raises_an_alarm(any_stack: Stack):
    (alarm,) = alarms_on(any_stack, "Failures")
    assert (alarm["Namespace"], alarm["Threshold"]) == (NAMESPACE, 0)
    assert alarm["Dimensions"] == [{"Name": "service", "Value": EVERY_FUNCTION}]


def test_a_login_that_a_crm_refuses_raises_an_alarm(any_stack: Stack):
    (alarm,) = alarms_on(any_stack, "LoginsRefused")
    assert (alarm["Namespace"], alarm["Statistic"], alarm["Threshold"]) == (NAMESPACE, "Sum", 0)
    assert alarm["Dimensions"] == [{"Name": "service", "Value": EVERY_FUNCTION}]


def test_the_503s_of_one_sick_crm_do_not_drown_the_alarm_on_the_api(any_stack: Stack):
    (alarm,) = alarms_on(any_stack, "5xx")
    assert (alarm["Statistic"], alarm["EvaluationPeriods"]) == ("Average", 3)
    assert 0 < alarm["Threshold"] < 1


def test_throttles_on_the_guests_path_raise_an_alarm(any_stack: Stack):
    guests = {"authorizer", "customer_lookup", "discount_evaluation", "customer_upsert"}
    assert watched_functions(any_stack, "Throttles") == {
        f"${{{any_stack.logical_id(name)}}}" for name in guests
    }


def test_work_that_waits_too_long_raises_an_alarm_per_queue(any_stack: Stack):
    alarms = alarms_on(any_stack, "OldestPendingSeconds")
    watched = [{d["Name"]: d["Value"] for d in alarm["Dimensions"]} for alarm in alarms]
    assert watched == [
        {
            "service": any_stack.functions["sweeper"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"],
            "queue": queue,
        }
        for queue in ("customer-upsert-retry", "order-sync")
    ]


def test_an_order_that_may_be_there_twice_raises_an_alarm(any_stack: Stack):
    (alarm,) = alarms_on(any_stack, "Orders")
    watched = {d["Name"]: d["Value"] for d in alarm["Dimensions"]}
    runner = any_stack.functions["order_sync_runner"]["Environment"]["Variables"]
    assert watched == {"service": runner["POWERTOOLS_SERVICE_NAME"], "outcome": OrderState.REVIEW.value}
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)


@pytest.mark.parametrize(
    ("metric", "also"),
    [("OrdersFoundTwice", {}), ("BooksGivenUp", {}), ("ReconciliationDifference", {"of": "records"})],
)
def test_books_that_differ_raise_an_alarm(any_stack: Stack, metric: str, also: dict[str, str]):
    (alarm,) = alarms_on(any_stack, metric)
    watched = {d["Name"]: d["Value"] for d in alarm["Dimensions"]}
    runner = any_stack.functions["order_sync_runner"]["Environment"]["Variables"]
    assert watched == {"service": runner["POWERTOOLS_SERVICE_NAME"], **also}
    assert (alarm["Namespace"], alarm["Statistic"], alarm["Threshold"]) == (NAMESPACE, "Sum", 0)


def test_a_sweeper_that_stands_still_and_a_stream_that_lags_raise_alarms(any_stack: Stack):
    (stopped,) = alarms_on(any_stack, "Invocations")
    assert (stopped["TreatMissingData"], stopped["ComparisonOperator"]) == ("breaching", "LessThanThreshold")
    (lag,) = alarms_on(any_stack, "IteratorAge")
    assert lag["Dimensions"] == [{"Name": "FunctionName", "Value": "${SyncScheduleFunction}"}]


def test_alarms_are_sent_to_the_topic_when_there_is_one():
    alarms = [r for r in template()["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    sent = {"Fn::If": ["AlarmsAreSent", {"Ref": "AlarmTopicArn"}, {"Ref": NO_VALUE[2:-1]}]}
    assert alarms
    assert all(alarm["Properties"]["AlarmActions"] == [sent] for alarm in alarms)


def test_every_log_is_made_by_the_stack_and_forgotten_in_time(any_stack: Stack):
    logs = any_stack.of_type("AWS::Logs::LogGroup")
    for name, function in any_stack.functions.items():
        group = logs[function["LoggingConfig"]["LogGroup"].removeprefix("${").removesuffix("}")]
        assert group["LogGroupName"] == f"/aws/lambda/${{AWS::StackName}}-{name}"
    assert len(logs) == len(any_stack.functions) + 1
    assert all(int(group["RetentionInDays"]) > 0 for group in logs.values())


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_table_can_be_restored_and_is_encrypted_with_our_key(any_stack: Stack, table: str):
    properties = any_stack.of_type("AWS::DynamoDB::Table")[table]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": "${DataKey.Arn}",
    }


def test_every_table_is_checked(any_stack: Stack):
    assert set(any_stack.of_type("AWS::DynamoDB::Table")) == TABLES


def test_data_outlives_the_stack_and_is_protected_unless_it_is_a_toy(any_stack: Stack):
    for name in (*TABLES, "DataKey"):
        assert any_stack.resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert any_stack.resources[name]["UpdateReplacePolicy"] == "Retain"
    protected = any_stack.parameters["ProtectData"] == "true"
    for table in any_stack.of_type("AWS::DynamoDB::Table").values():
        assert table["DeletionProtectionEnabled"] is protected


def test_indexes_hold_keys_only(any_stack: Stack):
    indexes = any_stack.of_type("AWS::DynamoDB::Table")["LedgerTable"]["GlobalSecondaryIndexes"]
    assert {index["IndexName"] for index in indexes} == {"due", "worklist"}
    assert all(index["Projection"] == {"ProjectionType": "KEYS_ONLY"} for index in indexes)


def test_the_key_is_turned_and_used_through_dynamodb_alone(any_stack: Stack):
    (key,) = any_stack.of_type("AWS::KMS::Key").values()
    assert key["EnableKeyRotation"]
    administer, use = key["KeyPolicy"]["Statement"]
    assert administer["Principal"] == {"AWS": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
    assert use["Condition"] == {
        "StringEquals": {
            "kms:CallerAccount": "${AWS::AccountId}",
            "kms:ViaService": "dynamodb.${AWS::Region}.amazonaws.com",
        }
    }


def test_no_secret_is_a_parameter_for_the_processed_template_shows_them_all():
    assert not [name for name, p in template()["Parameters"].items() if "NoEcho" in p or name.endswith("Key")]


def test_a_deployment_never_writes_the_partner_keys_that_people_have_stored(any_stack: Stack):
    (secret,) = any_stack.of_type("AWS::SecretsManager::Secret").values()
    assert set(secret) == {"Name", "Description"}


def test_the_guests_path_has_its_share_of_concurrency_in_production():
    for name in ("authorizer", "customer_lookup", "discount_evaluation", "customer_upsert"):
        assert int(stack("prod").functions[name]["ReservedConcurrentExecutions"]) > 0
        assert "ReservedConcurrentExecutions" not in stack("local").functions[name]


def test_a_backlog_can_never_take_all_concurrency(any_stack: Stack):
    limits = [
        mapping["ScalingConfig"]["MaximumConcurrency"]
        for mapping in any_stack.of_type("AWS::Lambda::EventSourceMapping").values()
        if "ScalingConfig" in mapping
    ]
    assert len(limits) == 2
    assert all(2 <= limit <= 100 for limit in limits)
