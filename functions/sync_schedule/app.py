"""The settings table's stream: a schedule item or its tenant changed, so make the clock match."""

from typing import Any

from cellarhand.adapters.system import LambdaContext
from cellarhand.bootstrap import schedules
from cellarhand.domain.records import tenant_of
from cellarhand.observability import about, logger, observed, report_failure


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """AWS Lambda entry point. Names the first change that failed; the stream goes on from there."""
    for change in event["Records"]:
        tenant_id = tenant_of(change["dynamodb"]["Keys"]["pk"]["S"])
        about(tenant_id=tenant_id)
        try:
            status = schedules.apply_schedule()(tenant_id)
        except Exception as failure:
            report_failure(failure)
            return {"batchItemFailures": [{"itemIdentifier": change["dynamodb"]["SequenceNumber"]}]}
        logger.info("schedule applied", state=status.state if status else "none")
    return {"batchItemFailures": []}
