"""Starting sync runs, previewing what one would send, and showing what runs did."""

from http import HTTPStatus
from typing import Any

from pydantic import Field

from cellarhand.bootstrap import order_sync
from cellarhand.domain.models import StrictModel
from cellarhand.http.api import STAFF, Request, Routes, WithStatus
from cellarhand.use_cases.order_sync.list_runs import RunDetails, RunList, RunSummary
from cellarhand.use_cases.order_sync.preview_orders import Preview
from cellarhand.use_cases.order_sync.start_run import OrderSyncRequest

routes = Routes()


class CursorQuery(StrictModel):
    """Which page: `next` of the one before."""

    cursor: str | None = Field(None, max_length=400)


@routes.route("POST", "/v1/order-syncs", roles=STAFF, body=OrderSyncRequest, status=202)
def start_order_sync(request: Request[OrderSyncRequest]) -> RunSummary | WithStatus[Preview]:
    """Start a run; with `dry_run`, answer 200 with the exact orders and start none."""
    selection = request.body.selection
    if request.body.dry_run:
        return WithStatus(order_sync.preview_orders()(request.tenant_id, selection), HTTPStatus.OK)
    run = order_sync.start_run()(request.tenant_id, selection, request.caller.key_id, request.idempotency_key)
    return order_sync.list_runs().summary(run)


@routes.route("GET", "/v1/order-syncs", roles=STAFF)
def list_order_syncs(request: Request[Any]) -> RunList:
    """Runs, newest first."""
    return order_sync.list_runs().newest(request.tenant_id, request.query_as(CursorQuery).cursor)


@routes.route("GET", "/v1/order-syncs/{run_id}", roles=STAFF)
def read_order_sync(request: Request[Any]) -> RunDetails:
    """One run: progress, counts, money, and the result of each reservation."""
    cursor = request.query_as(CursorQuery).cursor
    return order_sync.list_runs().one(request.tenant_id, request.path["run_id"], cursor)
