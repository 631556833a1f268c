"""Wiring of what staff carry over by hand."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.outside import Outside, once
from cellarhand.bootstrap.tenants import audit_trail

if TYPE_CHECKING:
    from cellarhand.use_cases.adjustments.manage_adjustments import ManageAdjustments


@once
def adjustments(outside: Outside) -> "ManageAdjustments":
    """For what staff carry over by hand."""
    from cellarhand.use_cases.adjustments.manage_adjustments import ManageAdjustments

    return ManageAdjustments(outside.settings, outside.ledger, audit_trail(), outside.clock)
