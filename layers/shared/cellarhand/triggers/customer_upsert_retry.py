"""Hints from the queue `customer-upsert-retry`: guests whose first upsert into the CRM did not succeed."""

from cellarhand.bootstrap import guest_upsert
from cellarhand.domain.models import StrictModel
from cellarhand.observability import about, logger
from cellarhand.ports.runtime import Deadline


class UpsertHint(StrictModel):
    """The reservations whose guests may be due. `login_repaired`: all that wait for the login."""

    tenant_id: str
    reservation_ids: list[str]
    login_repaired: bool = False


def upsert_guests(message: str, deadline: Deadline) -> None:
    """Process one hint. Raises pydantic's `ValidationError` for a message that isn't one."""
    hint = UpsertHint.model_validate_json(message)
    about(tenant_id=hint.tenant_id)
    if hint.login_repaired:
        logger.info("guests resumed", guests=guest_upsert.resume_after_login()(hint.tenant_id, deadline))
        return
    outcome = guest_upsert.retry_upserts()(hint.tenant_id, hint.reservation_ids, deadline)
    logger.info("customer upsert retried", outcome=outcome, reservation_ids=hint.reservation_ids)
