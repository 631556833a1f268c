"""Start sync runs, preview what one would send, and show runs and their results."""

from typing import Any

from cellarhand.bootstrap import order_sync
from cellarhand.http.api import ASKS_CRM, IDEMPOTENCY_KEY, STAFF, Ok, Request, Routes
from cellarhand.http.request import CursorQuery
from cellarhand.use_cases.order_sync.list_runs import RunDetails, RunList, RunSummary
from cellarhand.use_cases.order_sync.preview_orders import Preview
from cellarhand.use_cases.order_sync.start_run import OrderSyncRequest

routes = Routes()


@routes.route(
    "POST",
    "/v1/order-syncs",
    roles=STAFF,
    body=OrderSyncRequest,
    takes=(IDEMPOTENCY_KEY,),
    status=202,
    problems=(*ASKS_CRM, "our_configuration", "idempotency_key_reused", "changed_meanwhile"),
)
def start_order_sync(request: Request[OrderSyncRequest]) -> RunSummary | Ok[Preview]:
    """Start a sync run; with `dry_run`, return 200 with the exact orders and start none."""
    selection = request.body.selection
    if request.body.dry_run:
        return Ok(order_sync.preview_orders()(request.tenant_id, selection))
    run = order_sync.start_run()(request.tenant_id, selection, request.caller.key_id, request.idempotency_key)
    return order_sync.list_runs().summary(run)


@routes.route("GET", "/v1/order-syncs", roles=STAFF, query=CursorQuery)
def list_order_syncs(request: Request[Any, CursorQuery]) -> RunList:
    """Sync runs, newest first."""
    return order_sync.list_runs().newest(request.tenant_id, request.query.cursor)


@routes.route("GET", "/v1/order-syncs/{run_id}", roles=STAFF, query=CursorQuery, problems=("not_found",))
def read_order_sync(request: Request[Any, CursorQuery]) -> RunDetails:
    """One sync run: progress, counts, money, and the result of each reservation."""
    cursor = request.query.cursor
    return order_sync.list_runs().details(request.tenant_id, request.path["run_id"], cursor)
