"""AWS in this process (moto), with the tables as `template.yaml` makes them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from moto import mock_aws

from cellarhand.adapters import aws


@contextmanager
def aws_in_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Clients made inside talk to moto; none made before or after does."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        forget_clients()
        yield
    forget_clients()


def forget_clients() -> None:
    """Have every client made anew on its next use."""
    for client in (aws.dynamodb, aws.sqs, aws.secrets_manager, aws.scheduler):
        client.cache_clear()


def make_table(name: str) -> str:
    """A table of records with both indexes, keys only; answers its name."""
    aws.dynamodb().create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in ("pk", "sk", "due_shard", "due", "worklist", "position")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": partition, "KeyType": "HASH"},
                    {"AttributeName": order, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
            for index, partition, order in (
                ("due", "due_shard", "due"),
                ("worklist", "worklist", "position"),
            )
        ],
    )
    return name
