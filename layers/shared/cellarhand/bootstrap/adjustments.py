"""Wiring of what staff carry over by hand."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.outside import Outside, once
from cellarhand.bootstrap.tenants import audit_trail

if TYPE_CHECKING:
    from cellarhand.use_cases.adjustments.manage_adjustments import Adjustments


@once
def adjustments(outside: Outside) -> "Adjustments":
    """For what staff carry over by hand."""
    from cellarhand.use_cases.adjustments.manage_adjustments import Adjustments

    return Adjustments(outside.settings, outside.ledger, audit_trail(), outside.clock)
