"""A winery's staff, and the support that sets its schedule."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.access_key import Role
from functions.order_sync import app as order_sync
from functions.settings import app as settings
from tests.fakes.http import Answered
from tests.simulation.stateful.engine import emails, processes, which, whose
from tests.simulation.stateful.world import World

writes = st.integers(2, 10)

DAILY = {"daily_at": "05:00"}
EVERYTHING = {"from": "2026-01-01", "to": "2027-12-31"}


class StaffRules:
    """They are honest: whoever settles a review has looked into the CRM."""

    world: World

    @rule(tenant=whose, key=st.sampled_from([None, "k-1"]))
    def start_run(self, tenant: str, key: str | None) -> None:
        """Of everything; with a key of theirs, it is the first one's run again."""
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.ask(tenant, "POST /v1/order-syncs", body=EVERYTHING, headers=headers)
        assert answer.status == 202

    @rule(tenant=whose, process=processes, writes=st.one_of(st.none(), writes), written=st.booleans())
    def sync(self, tenant: str, process: int, writes: int | None, written: bool) -> None:
        """A run, drained at once, perhaps by a runner that dies at one of its writes."""
        self.start_run(tenant, None)
        if writes is not None:
            self.world.mortality.at(writes, written=written)
        self.world.receive(self.world.hints.message("order_sync_runner", tenant, {}), process)

    @rule(tenant=whose, id_=which, what=st.sampled_from(["exclude", "include", "include"]))
    def decide(self, tenant: str, id_: str, what: str) -> None:
        """Out of order sync, or in again."""
        answer = self.on_reservation(tenant, id_, what)
        assert answer.status in {200, 404, 409}

    @rule(tenant=whose, id_=which)
    def exclude_during_a_call(self, tenant: str, id_: str) -> None:
        """The next call of the CRM has not ended yet."""
        self.world.crms[tenant].meanwhile.append(lambda: self.decide_now(tenant, id_))

    @rule(tenant=whose, id_=which, email=st.one_of(st.none(), emails))
    def retry(self, tenant: str, id_: str, email: str | None) -> None:
        """After a fix, perhaps of the guest; of a review, what the CRM's book says."""
        record = next((r for r in self.world.reservations() if _is(r, tenant, id_)), None)
        if record is not None and record.order.state is OrderState.REVIEW:
            self.settle(record)
            return
        body = {"guest": {"email": email}} if email else None
        assert self.on_reservation(tenant, id_, "retry", body).status in {200, 404}

    @rule(tenant=whose, enabled=st.booleans(), applied=st.integers(0, 2))
    def set_schedule_twice(self, tenant: str, enabled: bool, applied: int) -> None:
        """Support says it twice; the stream tells of it late, once or twice."""
        for _ in range(2):
            body = {**DAILY, "enabled": enabled}
            route = "PUT /v1/schedule"
            self.world.ask(settings.lambda_handler, route, tenant, role=Role.SUPPORT, body=body)
        for _ in range(applied):
            self.world.apply_schedule(tenant)

    def settle(self, record: ReservationRecord) -> None:
        """It is there, or it is sent again."""
        found = self.world.orders_of(record)
        crm = self.world.crms[record.tenant_id]
        there = {"order": "it_is_there", "crm_order_id": crm.order_id_of(found[0])} if found else None
        body = there or {"order": "send_again"}
        assert self.on_reservation(record.tenant_id, record.reservation_id, "retry", body).status == 200

    def decide_now(self, tenant: str, id_: str) -> None:
        """Exclude."""
        self.on_reservation(tenant, id_, "exclude")

    def on_reservation(self, tenant: str, id_: str, what: str, body: Any = None) -> Answered:
        """One of the routes of a reservation."""
        route = f"POST /v1/reservations/{{reservation_id}}/{what}"
        return self.ask(tenant, route, path={"reservation_id": id_}, body=body)

    def ask(self, tenant: str, route: str, **parts: Any) -> Answered:
        """Of the function that knows order sync."""
        answer = self.world.ask(order_sync.lambda_handler, route, tenant, **parts)
        assert answer is not None
        assert answer.status < 500, answer.body
        return answer


def _is(record: ReservationRecord, tenant: str, id_: str) -> bool:
    return (record.tenant_id, record.reservation_id) == (tenant, id_)
