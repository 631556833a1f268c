"""Who wants something of us: a booking engine and staff. Both ask again until they are answered."""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cellarhand.domain.order_sync.sync_run import RunState, SyncRun, run_key
from cellarhand.domain.orders.order import FoundOrder, OrderNumber
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Role
from tests.fakes.http import http_event
from tests.simulation.kernel.people.told import Told
from tests.simulation.kernel.platform.environment import BEGINNING
from tests.simulation.kernel.platform.invocation import NoAnswer

if TYPE_CHECKING:
    from tests.simulation.kernel.platform.world import World

ASKS_AGAIN_AFTER = 10.0
MAX_ASKS = 30
LOOKS_AFTER = 300.0
MAX_STARTS = 10
CLOCK_CALLS_AGAIN_AFTER = 60.0
BAD_REQUEST = 400
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})


class People:
    """Requests over the HTTP API, repeated with the same body as long as they fail for a passing reason."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.unanswered: list[str] = []

    def ask(
        self,
        function: str,
        event: dict[str, Any],
        tenant_id: str,
        then: Callable[[Any], object],
        *,
        may_be_declined: bool = False,
    ) -> None:
        """`then` gets the body of the first answer that stands, even of a refusal if it `may_be_declined`."""
        times = 0

        def answered(answer: Any) -> None:
            status, body = _read(answer)
            if _may_pass(status, body):
                if times < MAX_ASKS:
                    self._world.hub.after(ASKS_AGAIN_AFTER, ask)
                    return
                self.unanswered.append(f"{event['routeKey']} was never answered; at last with {status}")
            elif status >= BAD_REQUEST and not may_be_declined:
                self.unanswered.append(f"{event['routeKey']} was declined with {status} {body.get('code')}")
            else:
                then(body)

        def ask() -> None:
            nonlocal times
            times += 1
            self._world.platform.start(function, event, tenant_id, answered)

        ask()


def _read(answer: Any) -> tuple[int, Any]:
    if not isinstance(answer, dict):
        return 500, None
    return answer["statusCode"], json.loads(answer["body"] or "null")


def _may_pass(status: int, body: Any) -> bool:
    if status == HTTPStatus.CONFLICT:
        return bool(body["code"] == "changed_meanwhile")
    return status in _TRY_AGAIN


class Clockwork:
    """EventBridge Scheduler: calls at its time, and again until the call has gone through."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def strike(self, tenant_id: str) -> None:
        """The time of a tenant's schedule has come."""
        event = {
            "job": "order_sync",
            "tenant_id": tenant_id,
            "scheduled_time": self._world.clock.now().isoformat(),
        }
        self._call(event, tenant_id)

    def _call(self, event: dict[str, Any], tenant_id: str) -> None:
        def ended(answer: object) -> None:
            if isinstance(answer, NoAnswer):
                self._world.hub.after(CLOCK_CALLS_AGAIN_AFTER, lambda: self._call(event, tenant_id))

        self._world.platform.start("order_sync", event, tenant_id, ended)


class Engine:
    """The booking engine of all wineries."""

    def __init__(self, world: "World", people: People) -> None:
        self._world = world
        self._people = people
        self.told: list[Told] = []
        self._guests: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def put(self, tenant_id: str, reservation_id: str, body: dict[str, Any]) -> None:
        """Report a snapshot until it is accepted."""
        guests = self._guests[tenant_id, reservation_id]
        told = Told(tenant_id, reservation_id, body, self._world.hub.now, guests)
        self.told.append(told)
        event = http_event(
            "PUT /v1/reservations/{reservation_id}",
            role=Role.ENGINE,
            tenant=tenant_id,
            path={"reservation_id": reservation_id},
            body=body,
        )

        def accepted(_: Any) -> None:
            told.accepted_at = self._world.hub.now

        self._people.ask("customer_upsert", event, tenant_id, accepted)

    def newest(self) -> dict[tuple[str, str], Told]:
        """The newest accepted snapshot of each reservation."""
        newest: dict[tuple[str, str], Told] = {}
        for told in self.told:
            key = (told.tenant_id, told.reservation_id)
            is_newer = key not in newest or told.body["sequence"] > newest[key].body["sequence"]
            if told.accepted_at is not None and is_newer:
                newest[key] = told
        return newest


class Staff:
    """The wineries' staff."""

    def __init__(self, world: "World", people: People, engine: Engine) -> None:
        self._world = world
        self._people = people
        self._engine = engine
        self._asked = 0
        self.found_there: dict[tuple[str, str], FoundOrder] = {}
        self.runs: list[tuple[str, str]] = []

    def sync(self, tenant_id: str, times: int = 1, **selection: Any) -> None:
        """Start a run; look later how it went, and if it did not go well, start another."""
        self._asked += 1
        event = http_event(
            "POST /v1/order-syncs",
            tenant=tenant_id,
            body=selection or {"from": "2026-01-01"},
            headers={"idempotency-key": f"staff-{self._asked}"},
        )

        def started(run: Any) -> None:
            self.runs.append((tenant_id, run["run_id"]))
            self._look_later(tenant_id, run["run_id"], times, selection)

        self._people.ask("order_sync", event, tenant_id, started)

    def send(
        self,
        function: str,
        route: str,
        tenant_id: str,
        then: Callable[[Any], object] = lambda _: None,
        **parts: Any,
    ) -> None:
        """Any other request; it may be declined."""
        event = http_event(route, tenant=tenant_id, **parts)
        self._people.ask(function, event, tenant_id, then, may_be_declined=True)

    def settle_reviews(self, tenant_id: str) -> None:
        """Look into the CRM for every order that waits for a choice, and choose."""
        ours = [key for key in self._engine.newest() if key[0] == tenant_id]
        for key in ours:
            record = self._world.ledger.get(ReservationRecord, reservation_key(*key))
            if record and record.order.state is OrderState.REVIEW:
                self._settle(tenant_id, record)

    def _settle(self, tenant_id: str, record: ReservationRecord) -> None:
        number = OrderNumber(prefix=record.order.prefix or "", number=record.order.number or 0)
        ever = (BEGINNING - timedelta(days=1), BEGINNING + timedelta(days=2))
        found = self._world.crms[tenant_id].find_orders(number, around=ever, timeout=1)
        if found:
            self.found_there[tenant_id, record.reservation_id] = found[0]
        choice = {"order": "it_is_there", "crm_order_id": found[0].crm_order_id} if found else {}
        self.send(
            "order_sync",
            "POST /v1/reservations/{reservation_id}/retry",
            tenant_id,
            path={"reservation_id": record.reservation_id},
            body=choice or {"order": "send_again"},
        )

    def _look_later(self, tenant_id: str, run_id: str, times: int, selection: dict[str, Any]) -> None:
        def look() -> None:
            run = self._world.ledger.get(SyncRun, run_key(tenant_id, run_id))
            if run is None or not run.is_over:
                self._look_later(tenant_id, run_id, times, selection)
            elif run.state in {RunState.FAILED, RunState.PARTLY_DONE} and times < MAX_STARTS:
                self.sync(tenant_id, times + 1, **selection)

        self._world.hub.after(LOOKS_AFTER, look)
