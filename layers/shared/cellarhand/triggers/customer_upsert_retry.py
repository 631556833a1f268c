"""Hints from the queue `customer-upsert-retry`: guests that could not be brought into the CRM at once."""

from cellarhand.bootstrap import guest_upsert
from cellarhand.domain.models import StrictModel
from cellarhand.observability import about, logger
from cellarhand.ports.runtime import Deadline


class UpsertHint(StrictModel):
    """Which reservations' guests may be due; or that those who wait for the winery's login are."""

    tenant_id: str
    reservation_ids: list[str]
    login_repaired: bool = False


def upsert_guests(message: str, deadline: Deadline) -> None:
    """Follow one hint. Raises pydantic's `ValidationError` for a message that is none."""
    hint = UpsertHint.model_validate_json(message)
    about(tenant_id=hint.tenant_id)
    if hint.login_repaired:
        logger.info("guests woken", guests=guest_upsert.resume_after_login()(hint.tenant_id, deadline))
        return
    outcome = guest_upsert.retry_upserts()(hint.tenant_id, hint.reservation_ids, deadline)
    logger.info("customer upsert retried", outcome=outcome, reservation_ids=hint.reservation_ids)
