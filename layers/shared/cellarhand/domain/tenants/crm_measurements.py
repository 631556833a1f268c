"""What a probe has measured at one tenant's CRM.

A value that was not measured is absent; then the safe default of the provider's adapter applies.

Why: docs/decisions.md#measurements-are-stored-with-the-tenant
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from cellarhand.domain.models import StrictModel
from cellarhand.domain.reliability.settle_time import Timers

Seconds = Annotated[float, Field(ge=0, le=86_400)]


class MeasuredCrm(StrictModel):
    """Measured capabilities of one tenant's CRM, and its two bounds of the settle time.

    `finds_orders`: a read shows an order under the number it was sent with. `repeated_number_text`: part of
    the CRM's message when it refuses a number that it already has. `orders_carry_prefix`: a read shows the
    prefix too, so that an order without one is not ours. `read_lag_seconds` is the longest lag of orders and
    customers.
    """

    measured_in: Literal["uat", "sandbox"]
    measured_at: datetime
    finds_orders: bool | None = None
    refuses_repeated_order_numbers: bool | None = None
    repeated_number_text: str | None = Field(None, min_length=8, max_length=200)
    orders_carry_prefix: bool | None = None
    read_lag_seconds: Seconds | None = None
    late_execution_seconds: Seconds | None = None

    def lengthened(self, timers: Timers) -> Timers:
        """The stack's timers, extended where the measured values are longer; never shortened."""
        return timers._replace(
            read_lag=max(timers.read_lag, self.read_lag_seconds or 0),
            late_execution=max(timers.late_execution, self.late_execution_seconds or 0),
        )
