"""Which reservations of a tenant need attention, found through the same list that staff see."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from operations.api import Api

Kind = Literal["guest", "rejected", "review"]
KINDS: tuple[Kind, ...] = ("guest", "rejected", "review")
_LISTS = ("not_eligible", "rejected", "review")
"""A guest who needs attention makes a reservation not eligible, unless its order has gone out already."""


class Case(NamedTuple):
    """A reservation that waits for a person, and why."""

    reservation_id: str
    kind: Kind
    reason: str


def cases(api: Api, visits: Mapping[str, str]) -> list[Case]:
    """All of them once each; `visits` may bound the local dates by `from` and `to`."""
    found = (case for state in _LISTS for row in _rows(api, state, visits) for case in _cases(row))
    return list({(case.reservation_id, case.kind): case for case in found}.values())


def _rows(api: Api, order_state: str, visits: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    query = {"order_state": order_state, **visits}
    while True:
        page = api.ask("GET", "/v1/reservations", query=query)
        yield from page["reservations"]
        if page["next"] is None:
            return
        query = {**query, "cursor": page["next"]}


def _cases(row: dict[str, Any]) -> Iterator[Case]:
    """What staff keep out, and what the guest has cancelled, is no case."""
    if row["excluded"] or row["reservation_state"] == "cancelled":
        return
    guest, order = row["customer"], row["order"]
    if guest["state"] == "needs_attention":
        yield Case(row["reservation_id"], "guest", str(guest["reason"]))
    if order["state"] in {"rejected", "review"}:
        yield Case(row["reservation_id"], order["state"], str(order["reason"]))
