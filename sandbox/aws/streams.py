"""Gap: ministack's DynamoDB stream mappings lose reported records and retry a failed batch for ever.

Here partial batch failures, `MaximumRetryAttempts`, `BisectBatchOnFunctionError`, `MaximumRecordAgeInSeconds`
and the on-failure destination work, and a slow function does not hold up the queues.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ministack.core.arn import ArnParseError, parse_arn
from ministack.services import dynamodb, lambda_svc

from sandbox.aws.stream_batch import Progress, first_failure

DEFAULT_BATCH_SIZE = 100

logger = logging.getLogger(__name__)

_progress: dict[str, Progress] = {}


@dataclass(frozen=True)
class Batch:
    """Records read for one event source mapping."""

    mapping: dict[str, Any]
    function: dict[str, Any]
    position: int
    read: list[dict[str, Any]]
    matching: list[dict[str, Any]]
    """Those of `read` that pass the mapping's filter."""

    @property
    def id(self) -> str:
        """The mapping's UUID."""
        return str(self.mapping["UUID"])

    @property
    def end(self) -> int:
        """Where the stream goes on when all is done."""
        return self.position + len(self.read)

    def position_of(self, failed: int) -> int:
        """Where the stream goes on when the matching record `failed` is the first not done."""
        return self.position + self.read.index(self.matching[failed])


def poll() -> bool:
    """Start what can be started; True when a stream moved or a batch went out."""
    return sum(_poll_mapping(*entry) for entry in lambda_svc._iter_all_esms()) > 0


def _poll_mapping(account: str, region: str, mapping: dict[str, Any]) -> bool:
    with _request_scope(account, region):
        for batch in _next_batch(mapping):
            if batch.matching:
                lambda_svc._dispatch_esm_batch(batch.id, _deliver, batch)
            else:
                _move(batch, batch.end)
            return True
    return False


@contextmanager
def _request_scope(account: str, region: str) -> Iterator[None]:
    account_token = lambda_svc._request_account_id.set(account)
    region_token = lambda_svc._request_region.set(region)
    try:
        yield
    finally:
        lambda_svc._request_account_id.reset(account_token)
        lambda_svc._request_region.reset(region_token)


def _next_batch(mapping: dict[str, Any]) -> Iterator[Batch]:
    """The batch that is to be delivered now, if there is one."""
    identifier = mapping["UUID"]
    backing_off = lambda_svc._esm_backoff_until.get(identifier, 0) > time.time()
    if not mapping.get("Enabled", True) or backing_off or lambda_svc._esm_inflight.get(identifier, 0):
        return
    function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    for table in _table_of(mapping) if function else ():
        position = _position(mapping, table)
        limit = _progress.setdefault(identifier, Progress()).limit or mapping.get(
            "BatchSize", DEFAULT_BATCH_SIZE
        )
        if read := dynamodb.stream_records_since(table, position, limit):
            yield Batch(mapping, function, position, read, lambda_svc._apply_filter_criteria(read, mapping))


def _table_of(mapping: Mapping[str, Any]) -> Iterator[str]:
    """The table whose current stream the mapping reads; none when that is another kind of source, or gone."""
    source = mapping.get("EventSourceArn", "")
    try:
        spec = parse_arn(source)
    except ArnParseError:
        return
    if spec.service != "dynamodb":
        return
    for table, _ in filter(None, [lambda_svc._dynamodb_stream_table_from_arn_spec(spec)]):
        if (dynamodb._tables.get(table) or {}).get("LatestStreamArn") == source:
            yield table


def _position(mapping: Mapping[str, Any], table: str) -> int:
    """Where to read on; records that have expired meanwhile are skipped.

    A crash may have kept the position and lost the newest records: then the next one is read, not skipped.
    """
    identifier = mapping["UUID"]
    starting = mapping.get("StartingPosition", "LATEST")
    lambda_svc._init_stream_position(identifier, mapping["EventSourceArn"], starting)
    position = lambda_svc._dynamodb_stream_positions[identifier]
    return int(min(max(position, dynamodb.stream_start_position(table)), dynamodb.stream_end_position(table)))


def _deliver(batch: Batch) -> None:
    result = lambda_svc._execute_function(batch.function, {"Records": batch.matching})
    reports_items = "ReportBatchItemFailures" in (batch.mapping.get("FunctionResponseTypes") or [])
    failed = first_failure(batch.matching, result, reports_items=reports_items)
    if failed is None:
        _finish(batch, f"OK - {len(batch.matching)} records")
    else:
        _retry_or_give_up(batch, failed, result)


def _retry_or_give_up(batch: Batch, failed: int, result: Mapping[str, Any]) -> None:
    progress = _progress[batch.id]
    left = batch.matching[failed:]
    position = batch.position_of(failed)
    remaining = batch.end - position
    bisects = batch.mapping.get("BisectBatchOnFunctionError") and len(left) > 1
    if bisects:
        progress.bisect(remaining)
    else:
        progress.failed(left[0]["dynamodb"]["SequenceNumber"], remaining)
    if reason := _given_up(batch.mapping, progress, left):
        lambda_svc._send_ddb_stream_failure_record(
            batch.mapping, batch.function, left, batch.mapping["EventSourceArn"], result, reason
        )
        _finish(batch, "FAILED")
        return
    batch.mapping["LastProcessingResult"] = "FAILED"
    lambda_svc._esm_backoff_until[batch.id] = time.time() + (0 if bisects else progress.backoff)
    _move(batch, position)


def _given_up(mapping: Mapping[str, Any], progress: Progress, left: list[dict[str, Any]]) -> str:
    """Why the records are tried no more, in AWS's words; empty when they are."""
    oldest = min(float(record["dynamodb"].get("ApproximateCreationDateTime", time.time())) for record in left)
    longest = int(mapping.get("MaximumRecordAgeInSeconds") or -1)
    if 0 < longest < time.time() - oldest:
        return "MaxRecordAgeExceeded"
    return "RetryAttemptsExhausted" if progress.exhausted(mapping.get("MaximumRetryAttempts")) else ""


def _finish(batch: Batch, outcome: str) -> None:
    batch.mapping["LastProcessingResult"] = outcome
    _progress.pop(batch.id, None)
    lambda_svc._esm_backoff_until.pop(batch.id, None)
    _move(batch, batch.end)
    logger.info("stream batch for %s: %s", batch.mapping["FunctionName"], outcome)


def _move(batch: Batch, position: int) -> None:
    with lambda_svc._dynamodb_stream_positions_lock:
        lambda_svc._dynamodb_stream_positions[batch.id] = position


def install() -> None:
    """Take the place of ministack's poller of DynamoDB streams."""
    lambda_svc._poll_dynamodb_streams = poll
