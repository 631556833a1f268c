"""Adjustments: changes that staff must apply by hand to orders that are already in the CRM."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from cellarhand.bootstrap import adjustments
from cellarhand.domain.adjustments.adjustment import AdjustmentState
from cellarhand.domain.models import StrictModel
from cellarhand.http.api import STAFF, Request, Routes
from cellarhand.http.request import CursorQuery
from cellarhand.use_cases.adjustments.manage_adjustments import AdjustmentList, AdjustmentView, WantedState

routes = Routes()


class AdjustmentsQuery(CursorQuery):
    """Which adjustments; by default the open ones."""

    state: WantedState = AdjustmentState.OPEN


class ResolveBody(StrictModel):
    """What staff did in the CRM. `revision`: that of the adjustment they applied, as it was shown."""

    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    revision: Annotated[int, Field(ge=0, strict=True)]


@routes.route("GET", "/v1/adjustments", roles=STAFF, query=AdjustmentsQuery)
def list_adjustments(request: Request[Any, AdjustmentsQuery]) -> AdjustmentList:
    """Adjustments of one state, oldest first."""
    query = request.query
    return adjustments.adjustments().search(request.tenant_id, query.state, query.cursor)


@routes.route(
    "POST",
    "/v1/adjustments/{adjustment_id}/resolve",
    roles=STAFF,
    body=ResolveBody,
    problems=("not_found", "adjustment_changed", "adjustment_withdrawn", "changed_meanwhile"),
)
def resolve_adjustment(request: Request[ResolveBody]) -> AdjustmentView:
    """Resolve an adjustment: staff have applied it in the CRM."""
    body, adjustment_id = request.body, request.path["adjustment_id"]
    return adjustments.adjustments().resolve(
        request.caller, request.tenant_id, adjustment_id, body.note, body.revision
    )
