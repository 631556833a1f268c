"""Reconcile a period: compare the ledger with the CRM's orders."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from cellarhand.bootstrap import reconciliation
from cellarhand.domain.errors import CrmUnavailableError, FieldError, InvalidRequestError
from cellarhand.domain.models import StrictModel
from cellarhand.domain.orders.order import ListedOrder
from cellarhand.http.api import STAFF, CsvFile, Request, Routes
from cellarhand.ports.crm import CrmGateway
from cellarhand.ports.runtime import Deadline
from cellarhand.use_cases.reconciliation.crm_order_reader import ListOrders
from cellarhand.use_cases.reconciliation.ledger_reader import Period
from cellarhand.use_cases.reconciliation.report import ReconciliationPage, csv_of, page_of

routes = Routes()

MAX_DAYS = 92
USUAL_DAYS = 31
SECONDS_KEPT = 4.0
"""Seconds at the end of the invocation that are kept for comparing and answering."""
MIN_CALL = 0.5
"""Seconds; with less time left the CRM isn't called."""

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]


class ReconciliationQuery(StrictModel):
    """Local dates of the visit, inclusive; by default the last 31 days."""

    from_date: Day | None = Field(None, alias="from")
    to_date: Day | None = Field(None, alias="to")
    format: Literal["json", "csv"] = "json"
    cursor: str | None = Field(None, max_length=400)

    def period(self, today: date) -> Period:
        """Raises `InvalidRequestError` if the period ends before it begins, or is too long."""
        to_date = self.to_date or max(today, self.from_date or today)
        from_date = self.from_date or to_date - timedelta(days=USUAL_DAYS - 1)
        days = (to_date - from_date).days + 1
        if days < 1:
            raise _not_valid("from is after to")
        if days > MAX_DAYS:
            raise _not_valid(f"at most {MAX_DAYS} days at once")
        return Period(from_date=from_date, to_date=to_date)


@routes.route(
    "GET",
    "/v1/reconciliation",
    roles=STAFF,
    query=ReconciliationQuery,
    problems=("period_too_large",),
)
def reconcile(request: Request[Any, ReconciliationQuery]) -> ReconciliationPage | CsvFile:
    """Sums and a page of differences of a period; `format=csv` returns all differences as a file."""
    query = request.query
    use_case = reconciliation.reconcile()
    period = query.period(use_case.today(request.tenant_id))
    found = use_case(request.tenant_id, period, lambda crm: _list_orders(crm, request.deadline))
    if query.format == "json":
        return page_of(found, query.cursor)
    name = f"reconciliation-{period.from_date}-{period.to_date}.csv"
    return CsvFile(csv_of(found), name)


def _list_orders(crm: CrmGateway, deadline: Deadline) -> ListOrders:
    """Read the CRM's orders for as long as the invocation has time."""

    def list_orders(around: tuple[datetime, datetime]) -> list[ListedOrder]:
        left = deadline.seconds_left() - SECONDS_KEPT
        if left < MIN_CALL:
            text = "The CRM's orders of this time could not be read in one request: choose fewer days."
            raise CrmUnavailableError(text, code="too_much_to_read")
        return crm.list_orders(around=around, timeout=left)

    return list_orders


def _not_valid(what: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"The period is not valid: {what}.",
        errors=(FieldError("/query/from", what), FieldError("/query/to", what)),
    )
