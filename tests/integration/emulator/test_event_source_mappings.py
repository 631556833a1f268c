"""Contract of the gap `event_source_mappings`: numbers from a stack's parameters work in a mapping."""

import json

import pytest

from sandbox.machine.emulator import Emulator
from tests.integration.aws import client, eventually
from tests.integration.emulator.toys import Queue, make_function, unique

pytestmark = pytest.mark.emulator

ECHO = """
import boto3, os

def handler(event, context):
    for record in event["Records"]:
        boto3.client("sqs").send_message(QueueUrl=os.environ["SEEN"], MessageBody=record["body"])
"""


def mapping_template(queue: str, function: str) -> str:
    mapping = {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "EventSourceArn": queue,
            "FunctionName": function,
            "BatchSize": {"Ref": "Most"},
            "ScalingConfig": {"MaximumConcurrency": {"Ref": "Most"}},
        },
    }
    parameters = {"Most": {"Type": "Number", "Default": 2}}
    return json.dumps({"Parameters": parameters, "Resources": {"Mapping": mapping}})


def deliver(emulator: Emulator) -> Queue:
    """A message on a mapped queue; answers the queue where the function tells what it was given."""
    seen, source = Queue(emulator), Queue(emulator)
    function = make_function(emulator, ECHO, SEEN=seen.url)
    stack = unique("mapped")
    client("cloudformation", emulator).create_stack(
        StackName=stack, TemplateBody=mapping_template(source.arn, function)
    )
    eventually(lambda: client("lambda", emulator).list_event_source_mappings(FunctionName=function))
    client("sqs", emulator).send_message(QueueUrl=source.url, MessageBody="hello")
    return seen


def test_a_mapping_with_parameters_for_numbers_delivers(emulator: Emulator):
    assert eventually(deliver(emulator).bodies) == ["hello"]


def test_the_stock_emulator_never_delivers_it(stock: Emulator):
    with pytest.raises(AssertionError, match="nothing came"):
        eventually(deliver(stock).bodies, within=6)
