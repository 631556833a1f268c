"""Hints from the queue `customer-upsert-retry`: guests that could not be brought into the CRM at once."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from cellarhand import bootstrap
from cellarhand.adapters.system import InvocationDeadline, LambdaContext
from cellarhand.observability import about, logger, observed, report_failure


class UpsertHint(BaseModel):
    """Of which reservations the guest may be due."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant_id: str
    reservation_ids: list[str]


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda entry point. Names the messages that failed; after five receives they are dead letters."""
    failed = [message["messageId"] for message in event["Records"] if not _is_done(message, context)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _is_done(message: dict[str, Any], context: LambdaContext) -> bool:
    about(tenant_id=None)
    try:
        hint = UpsertHint.model_validate_json(message["body"])
        about(tenant_id=hint.tenant_id)
        retry = bootstrap.retry_customer_upsert()
        outcome = retry(hint.tenant_id, hint.reservation_ids, InvocationDeadline(context))
        logger.info("customer upsert retried", outcome=outcome, reservation_ids=hint.reservation_ids)
    except Exception as failure:
        report_failure(failure)
        return False
    return True
