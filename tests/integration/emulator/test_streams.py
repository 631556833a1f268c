"""Contract of the gap `streams`: a DynamoDB stream mapping loses nothing and is blocked by nothing."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.machine.emulator import Emulator
from tests.integration.aws import client, eventually
from tests.integration.emulator.toys import Queue, make_function, unique

pytestmark = pytest.mark.emulator

WORK = """
import os, boto3

sqs = boto3.client("sqs")

def handler(event, context):
    failed = []
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["pk"]["S"]
        sqs.send_message(QueueUrl=os.environ["SEEN"], MessageBody=key)
        if key.startswith("crash"):
            raise ValueError(key)
        if key.startswith("poison"):
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    return {"batchItemFailures": failed}
"""


@dataclass(frozen=True)
class Stream:
    """A table whose stream is read by a function that fails for some keys."""

    table: str
    seen: Queue
    failures: Queue
    mapping: str
    dynamodb: Any

    def write(self, *keys: str) -> None:
        """Put the items in one transaction, so that they come in one batch."""
        puts = [{"Put": {"TableName": self.table, "Item": {"pk": {"S": key}}}} for key in keys]
        self.dynamodb.transact_write_items(TransactItems=puts)

    def conditions(self) -> list[tuple[str, int]]:
        """Why and how many records went to the on-failure destination."""
        letters = [json.loads(body) for body in self.failures.bodies()]
        return [
            (letter["requestContext"]["condition"], letter["DDBStreamBatchInfo"]["batchSize"])
            for letter in letters
        ]


def make_stream(emulator: Emulator, **options: Any) -> Stream:
    dynamodb = client("dynamodb", emulator)
    table = dynamodb.create_table(
        TableName=unique("table"),
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    seen, failures = Queue(emulator), Queue(emulator)
    mapping = client("lambda", emulator).create_event_source_mapping(
        EventSourceArn=table["LatestStreamArn"],
        FunctionName=make_function(emulator, WORK, SEEN=seen.url),
        StartingPosition="TRIM_HORIZON",
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": failures.arn}},
        **options,
    )
    return Stream(table["TableName"], seen, failures, mapping["UUID"], dynamodb)


def test_a_reported_record_is_tried_again_and_then_sent_to_the_destination(emulator: Emulator):
    stream = make_stream(emulator, MaximumRetryAttempts=1)
    stream.write("before", "poison")
    eventually(stream.failures.messages)
    assert stream.conditions() == [("RetryAttemptsExhausted", 1)]
    assert stream.seen.bodies().count("poison") == 2
    assert stream.seen.bodies().count("before") == 1


def test_stock_loses_a_reported_record(stock: Emulator):
    stream = make_stream(stock, MaximumRetryAttempts=1)
    stream.write("poison")
    eventually(stream.seen.messages)
    stream.write("after")
    eventually(lambda: "after" in stream.seen.bodies())
    assert stream.seen.bodies().count("poison") == 1
    assert stream.conditions() == []


def test_a_batch_that_always_fails_does_not_block_the_stream(emulator: Emulator):
    stream = make_stream(emulator, MaximumRetryAttempts=1)
    stream.write("crash")
    eventually(stream.seen.messages)
    stream.write("after")
    eventually(lambda: "after" in stream.seen.bodies())
    assert stream.seen.bodies() == ["crash", "crash", "after"]
    assert stream.conditions() == [("RetryAttemptsExhausted", 1)]


def test_stock_retries_a_failing_batch_for_ever(stock: Emulator):
    stream = make_stream(stock, MaximumRetryAttempts=0)
    stream.write("crash")
    eventually(lambda: stream.seen.bodies().count("crash") > 1)
    assert stream.conditions() == []
    client("lambda", stock).delete_event_source_mapping(UUID=stream.mapping)  # it would never stop


def test_bisecting_isolates_the_record_that_crashes(emulator: Emulator):
    stream = make_stream(emulator, MaximumRetryAttempts=0, BisectBatchOnFunctionError=True)
    stream.write("one", "two", "crash", "three")
    eventually(lambda: "three" in stream.seen.bodies())
    assert stream.conditions() == [("RetryAttemptsExhausted", 1)]


def test_records_that_the_filter_leaves_out_do_not_reach_the_function(emulator: Emulator):
    pattern = json.dumps({"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "wanted"}]}}}})
    stream = make_stream(emulator, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    stream.write("other")
    stream.write("wanted", "another")
    eventually(stream.seen.messages)
    assert stream.seen.bodies() == ["wanted"]
