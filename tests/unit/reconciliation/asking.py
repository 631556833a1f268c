"""How staff ask for the books, and how the queue has them kept."""

import json
from typing import Any

from functions.order_sync import app
from functions.order_sync_runner import app as runner
from tests.fakes.http import TENANT, Answered, FakeContext, call, http_event
from tests.fakes.outside import FakeOutside

ROUTE = "/v1/reconciliation"
JUNE = {"from": "2026-06-01", "to": "2026-06-30"}


def drain() -> dict[str, Any]:
    hint = {"messageId": "m-1", "body": json.dumps({"tenant_id": TENANT})}
    answer: dict[str, Any] = runner.lambda_handler({"Records": [hint]}, FakeContext(60))
    return answer


def ask(query: dict[str, str] | None = JUNE, **parts: Any) -> Answered:
    return call(app.lambda_handler, f"GET {ROUTE}", query=query, **parts)


def file_of(query: dict[str, str]) -> dict[str, Any]:
    event = http_event(f"GET {ROUTE}", query={**query, "format": "csv"})
    response: dict[str, Any] | None = app.lambda_handler(event, FakeContext())
    assert response is not None
    return response


def double(outside: FakeOutside) -> None:
    [order] = outside.crm.crm.orders
    outside.crm.crm.put_order(order)
