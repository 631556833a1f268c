"""Hints from the queue `customer-upsert-retry`: guests that could not be brought into the CRM at once."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from cellarhand.adapters.system import InvocationDeadline, LambdaContext
from cellarhand.bootstrap import guest_upsert
from cellarhand.observability import about, logger, observed, report_failure
from cellarhand.ports import Deadline


class UpsertHint(BaseModel):
    """Of which reservations the guest may be due, or that those are who wait for the winery's login."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tenant_id: str
    reservation_ids: list[str]
    login_mended: bool = False


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
        _follow(hint, InvocationDeadline(context))
    except Exception as failure:
        report_failure(failure)
        return False
    return True


def _follow(hint: UpsertHint, deadline: Deadline) -> None:
    if hint.login_mended:
        logger.info("guests woken", guests=guest_upsert.wake_guests()(hint.tenant_id, deadline))
        return
    outcome = guest_upsert.retry_customer_upsert()(hint.tenant_id, hint.reservation_ids, deadline)
    logger.info("customer upsert retried", outcome=outcome, reservation_ids=hint.reservation_ids)
