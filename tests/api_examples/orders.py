"""Reservations become orders, and are compared with the CRM's."""

from cellarhand.domain.tenants.access_key import Role
from tests.api_examples.winery import ExampleWinery, snapshot

DAY = {"from": "2026-06-05", "to": "2026-06-05"}
START = "POST /v1/order-syncs"


def sync(winery: ExampleWinery) -> None:
    """A preview, then a run."""
    winery.ask(START, "preview", body={**DAY, "dry_run": True})
    once = {"Idempotency-Key": "sync-2026-06-05"}
    run = winery.ask(START, "start", body=DAY, headers=once, expect=202)
    other = {"from": "2026-06-04"}
    winery.ask(START, "idempotency_key_reused", body=other, headers=once, expect=409)
    winery.run_orders()
    winery.ask("GET /v1/order-syncs", "runs")
    path = {"run_id": run["run_id"]}
    winery.ask("GET /v1/order-syncs/{run_id}", "run", path=path)
    winery.ask("GET /v1/order-syncs/{run_id}", "not_found", path={"run_id": "none"}, expect=404)
    synced = {"reservation_id": "r-1001"}
    choice = {"order": "send_again"}
    winery.ask(
        "POST /v1/reservations/{reservation_id}/retry", "not_in_review", path=synced, body=choice, expect=409
    )
    winery.ask("POST /v1/reservations/{reservation_id}/exclude", "already_synced", path=synced, expect=409)


def adjustments(winery: ExampleWinery) -> None:
    """A visit changes after its order was sent."""
    changed = snapshot(sequence=2, party_size=3, tax=866, total=11366, paid=11366)
    winery.ask(
        "PUT /v1/reservations/{reservation_id}",
        "changed after sync",
        role=Role.ENGINE,
        path={"reservation_id": "r-1001"},
        body=changed,
    )
    found = winery.ask("GET /v1/adjustments", "open")["adjustments"][0]
    path = {"adjustment_id": found["adjustment_id"]}
    resolve = "POST /v1/adjustments/{adjustment_id}/resolve"
    stale = {"note": "Third guest added.", "revision": found["revision"] + 1}
    winery.ask(resolve, "adjustment_changed", path=path, body=stale, expect=409)
    done = {"note": "Third guest added.", "revision": found["revision"]}
    winery.ask(resolve, "carried over", path=path, body=done)


def reconciliation(winery: ExampleWinery) -> None:
    """Our orders against the CRM's."""
    winery.ask("GET /v1/reconciliation", "one day", query=DAY)
    winery.ask("GET /v1/reconciliation", "as a file", query={**DAY, "format": "csv"})
