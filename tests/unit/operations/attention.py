"""A winery with reservations that need attention, and its API: the functions themselves."""

from collections.abc import Mapping
from typing import Any

from cellarhand.domain.reservations.guest_progress import REFUSED_BY_CRM
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.reservations.reservation import (
    CustomerProgress,
    CustomerState,
    ReservationRecord,
    reservation_key,
)
from cellarhand.domain.tenants.access_key import Role
from functions.order_sync import app as order_sync
from functions.settings import app as settings
from operations.api import ApiRefusedError
from tests.fakes.http import TENANT, Handler, call
from tests.fakes.outside import FakeOutside
from tests.unit.order_sync.given import reservation

REFUSED_GUEST = CustomerProgress(state=CustomerState.NEEDS_ATTENTION, reason=REFUSED_BY_CRM)
NOT_ELIGIBLE = OrderProgress(state=OrderState.NOT_ELIGIBLE, reason="customer_needs_attention")
REJECTED = OrderProgress(state=OrderState.REJECTED, reason="refused_by_crm", number=7, prefix="CH-")
IN_REVIEW = OrderProgress(state=OrderState.REVIEW, reason="duplicates_found", number=8, prefix="CH-")


class HandlersApi:
    """Fills `Api` with the functions themselves, behind API Gateway's routes."""

    def __init__(self, role: Role = Role.STAFF) -> None:
        self._role = role
        self.calls: list[str] = []

    def ask(
        self, method: str, path: str, *, body: Any = None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        self.calls.append(f"{method} {path}")
        template, named = _template(path)
        handler: Handler = settings.lambda_handler if "access-keys" in path else order_sync.lambda_handler
        answer = call(handler, f"{method} {template}", role=self._role, path=named, query=query, body=body)
        if answer.status >= 400:
            raise ApiRefusedError(answer.status, answer.body["code"], answer.body["detail"])
        return dict(answer.body or {})


def _template(path: str) -> tuple[str, dict[str, str]]:
    parts = path.split("/")
    if len(parts) < 4:
        return path, {}
    name = "key_id" if parts[2] == "access-keys" else "reservation_id"
    return "/".join([*parts[:3], f"{{{name}}}", *parts[4:]]), {name: parts[3]}


def keep(outside: FakeOutside, reservation_id: str, **changes: Any) -> None:
    outside.ledger.save(reservation(reservation_id, tenant_id=TENANT, **changes))


def record(outside: FakeOutside, reservation_id: str) -> ReservationRecord:
    found = outside.ledger.get(ReservationRecord, reservation_key(TENANT, reservation_id))
    assert found is not None
    return found


def every_kind(outside: FakeOutside) -> None:
    keep(outside, "guest", customer=REFUSED_GUEST, order=NOT_ELIGIBLE)
    keep(outside, "rejected", order=REJECTED)
    keep(outside, "review", order=IN_REVIEW)
