"""The settings table's stream: a schedule item or its tenant changed, so make EventBridge Scheduler match.

Why: docs/decisions.md#the-settings-stream-carries-keys-only
"""

from typing import Any

from cellarhand.bootstrap import schedules
from cellarhand.domain.records import tenant_of
from cellarhand.observability import about, logger


def apply_change(change: dict[str, Any]) -> None:
    """Apply the tenant's schedule as it is now, whatever the change was."""
    tenant_id = tenant_of(change["Keys"]["pk"]["S"])
    about(tenant_id=tenant_id)
    status = schedules.apply_schedule()(tenant_id)
    logger.info("schedule applied", state=status.state if status else "none")
