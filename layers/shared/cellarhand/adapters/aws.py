"""AWS clients: made on first use (boto3 is not imported before), once per process, with short timeouts."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from cellarhand.config import Config as Variables
from cellarhand.domain.errors import StorageUnavailableError

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.exceptions import ClientError
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

ATTEMPTS = 2
"""One retry only: whoever waits is answered soon, and background work comes back by itself."""
MAX_CONNECT_SECONDS = 1
MAX_PAUSE_SECONDS = 1
"""Before botocore's first retry."""

_PASSING = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "Throttling",
        "RequestLimitExceeded",
        "RequestThrottled",
        "TransactionInProgressException",
    }
)
_PASSING_REASONS = frozenset({"ThrottlingError", "ProvisionedThroughputExceeded"})
"""Of one action of a transaction, which then is cancelled as a whole and not sent again by botocore."""

_SERVER_ERROR = 500


@cache
def dynamodb() -> "DynamoDBClient":
    """The client that all tables share."""
    import boto3

    return boto3.client("dynamodb", config=_config())


@cache
def sqs() -> "SQSClient":
    """The queues' client."""
    import boto3

    return boto3.client("sqs", config=_config())


@cache
def secrets_manager() -> "SecretsManagerClient":
    """The vault's client."""
    import boto3

    return boto3.client("secretsmanager", config=_config())


@cache
def scheduler() -> "EventBridgeSchedulerClient":
    """The client of EventBridge Scheduler."""
    import boto3

    return boto3.client("scheduler", config=_config())


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn silence, throttling and server errors into `StorageUnavailableError`; the rest is our own bug."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except BotoCoreError as error:
        raise StorageUnavailableError("The store does not answer.") from error
    except ClientError as error:
        if _is_passing(error):
            raise StorageUnavailableError("The store does not answer.") from error
        raise


def error_code(error: "ClientError") -> str:
    """AWS's own name for what went wrong."""
    return error.response.get("Error", {}).get("Code", "")


def _is_passing(error: "ClientError") -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    reasons: list[dict[str, str]] = dict(error.response).get("CancellationReasons", [])  # type: ignore[assignment]
    throttled = any(reason.get("Code") in _PASSING_REASONS for reason in reasons)
    return throttled or status >= _SERVER_ERROR or error_code(error) in _PASSING


def _config() -> "Config":
    from botocore.config import Config

    return Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=MAX_CONNECT_SECONDS,
        read_timeout=Variables().store_timeout_seconds,
    )
