"""What matters to the winery when all has come to rest, whatever ids, times and detours there were."""

import gzip
import json
from collections import Counter
from typing import Any

from cellarhand.domain.order_sync.sync_run import FINAL, SyncRun
from cellarhand.domain.records import Record
from cellarhand.domain.reservations.reservation import ReservationRecord
from tests.fakes.http import TENANT
from tests.integration.lost_replies.world import World, stored

_STORED_SMALL: dict[str, type[Record]] = {"RES#": ReservationRecord, "RUN#": SyncRun}


def facts(world: World) -> dict[str, Any]:
    """Our records, and the CRM's book, which is the judge."""
    ledger = _records("ledger")
    emails = {customer.customer_id: customer.email for customer in world.book.customers}
    reservations = {sort: _reservation(record, emails) for sort, record in _with(ledger, "RES#").items()}
    numbers = [order.order_number for order in world.book.orders]
    return {
        **reservations,
        **{sort: record["event"] for sort, record in _with(_records("settings"), "EVENT#").items()},
        "runs": {record["state"] in FINAL for record in _with(ledger, "RUN#").values()},
        "allowances": _used(_with(ledger, "ALLOWANCE#")),
        "customers": sorted(str(email) for email in emails.values()),
        "orders": sorted(order.model_dump_json(exclude={"order_number"}) for order in world.book.orders),
        "a number twice": len(set(numbers)) < len(numbers),
        "settings": _records("settings")["SETTINGS"]["settings"],
        "schedule": world.schedule_items.read(TENANT),
        "clock": world.schedules.wanted,
    }


def _records(table: str) -> dict[str, Any]:
    """Of our winery, as JSON; those that are stored without their defaults have them again."""
    items = [item for item in stored(table) if item["pk"]["S"] == f"T#{TENANT}" and "record" in item]
    return {item["sk"]["S"]: _whole(item["sk"]["S"], item["record"]) for item in items}


def _whole(sort: str, packed: dict[str, Any]) -> Any:
    text = gzip.decompress(packed["B"]) if "B" in packed else packed["S"].encode()
    kind = next((kind for prefix, kind in _STORED_SMALL.items() if sort.startswith(prefix)), None)
    return kind.model_validate_json(text).model_dump(mode="json") if kind else json.loads(text)


def _with(records: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {sort: record for sort, record in records.items() if sort.startswith(prefix)}


def _reservation(record: dict[str, Any], emails: dict[str, str | None]) -> dict[str, Any]:
    customer, order = record["customer"], record["order"]
    linked = customer["state"] in {"linked", "created"}
    return {
        "sequence": record["snapshot"]["sequence"],
        "state": record["snapshot"]["state"],
        "customer": emails.get(customer["customer_id"]) if linked else customer["state"],
        "reason": customer["reason"],
        "order": (order["state"], order["sent"] and order["sent"]["total"]),
        "excluded": record["excluded"] is not None,
        "correction": record["correction"] is not None,
        "granted": [(answer["rule"], answer["granted"]) for answer in record["allowances"]["answers"]],
    }


def _used(records: dict[str, Any]) -> dict[str, int]:
    used: Counter[str] = Counter()
    for record in records.values():
        used[f"{record['subject']} {record['period']}"] += record["used"]
    return dict(used)
