"""Workflows of order sync: runs, what the runner does, what staff decide, and the sweeper."""

from typing import Any

from cellarhand.adapters.system import InvocationDeadline
from cellarhand.bootstrap import schedules
from cellarhand.domain.orders.order_number import OrderNumberClaim
from cellarhand.domain.reservations.order_lifecycle import review
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from functions.order_sync import app as order_sync
from tests.fakes.crm import Step
from tests.fakes.http import TENANT, Answered, FakeContext
from tests.integration.lost_replies.guests import book
from tests.integration.lost_replies.workflow import Workflow
from tests.integration.lost_replies.world import World, answer_of
from tests.unit.order_sync.given import NOW, order

JUNE = {"from": "2026-06-01", "to": "2026-06-30"}
DAILY = {"enabled": True, "daily_at": "05:00"}
ANNA = {"email": "anna@example.com", "first_name": "Anna", "last_name": "Berg"}


def start(world: World, key: str | None = None, **selection: Any) -> Answered:
    """Staff start a run."""
    headers = {"Idempotency-Key": key} if key else {}
    body = selection or JUNE
    return answer_of(order_sync.lambda_handler, "POST /v1/order-syncs", body=body, headers=headers)


def start_scheduled(world: World) -> object:
    """The clock starts a run."""
    event = {"job": "order_sync", "tenant_id": TENANT, "scheduled_time": NOW.isoformat()}
    return order_sync.lambda_handler(event, FakeContext())


def act(what: str, **body: Any) -> Answered:
    """Staff do something to the reservation r-1."""
    route = f"POST /v1/reservations/{{reservation_id}}/{what}"
    return answer_of(order_sync.lambda_handler, route, path={"reservation_id": "r-1"}, body=body or None)


def exclude_and_include(world: World) -> list[Answered]:
    """Out, and in again."""
    return [act("exclude"), act("include")]


def look_around(world: World) -> list[Answered]:
    """Everything that staff may read of order sync."""
    query = {"order_state": "pending", "from": "2026-06-01", "to": "2026-06-30"}
    one = {"path": {"reservation_id": "r-1"}}
    return [
        answer_of(order_sync.lambda_handler, "GET /v1/reservations", query=query),
        answer_of(order_sync.lambda_handler, "GET /v1/reservations/{reservation_id}", **one),
        answer_of(order_sync.lambda_handler, "GET /v1/order-syncs"),
        answer_of(order_sync.lambda_handler, "POST /v1/order-syncs", body={**JUNE, "dry_run": True}),
    ]


def sweep(world: World) -> object:
    """The clock looks for work that lost its message."""
    return schedules.sweep_due_work()(InvocationDeadline(FakeContext())), list(world.hints.left)


def two_wait(world: World) -> None:
    """One has a number of the engine's, one gets its own."""
    world.keep("r-1", snapshot={"number": 7})
    world.keep("r-2")
    start(world)


def one_waits(world: World, *steps: Step) -> None:
    world.book.script("create_order", *steps)
    world.keep("r-1")
    start(world)


def one_was_sent(world: World, *steps: Step) -> None:
    """Without an answer; by now it has settled."""
    one_waits(world, *steps)
    world.drain()
    world.clock.advance(seconds=world.timers.settle.total_seconds())


def sender_was_lost(world: World) -> None:
    """It wrote its intent, and died."""
    one_waits(world)
    with_intent = OrderProgress(state=OrderState.SENDING, number=1, prefix="CH-", first_sent_at=NOW)
    stored = _record(world)
    intent = {"fence": 0, "order": order(number=1), "sent_at": NOW, "settle_until": NOW}
    sending = with_intent.model_validate({**with_intent.model_dump(), "intent": intent})
    world.ledger.save(stored.model_copy(update={"order": sending}))


def number_was_claimed(world: World) -> None:
    """For the same reservation, whose record forgot it."""
    world.keep("r-1", snapshot={"number": 7})
    world.ledger.save(OrderNumberClaim(tenant_id=TENANT, number=7, reservation_id="r-1"))
    start(world)


def number_is_taken(world: World) -> None:
    world.keep("r-1", "r-2", snapshot={"number": 7})
    start(world)


def in_review(world: World) -> None:
    world.keep("r-1")
    sent = _record(world).model_copy(update={"order": OrderProgress(state=OrderState.UNKNOWN)})
    world.ledger.save(review(sent, "never_found", "Look there.", NOW))


def rejected(world: World) -> None:
    """The guest is known by e-mail, and the CRM declines their order."""
    world.book.script("create_order", Step.REFUSED)
    book(world)
    start(world)
    world.drain()
    world.clock.advance(days=1)


def sku_has_gone(world: World) -> None:
    """From the CRM, which shows only when a run asks."""
    world.keep("r-1")
    world.book.skus.clear()
    start(world)


def work_is_due(world: World) -> None:
    world.keep("r-1")
    start(world)
    world.clock.advance(seconds=90)


def scheduled(world: World) -> None:
    world.schedule_items.write(TENANT, DAILY)


def drain_twice(world: World) -> None:
    """The first has time for one call only, and hands over to the second."""

    def spend(method: str) -> None:
        if method == "create_order":
            world.context.seconds_left = 20

    world.before_call = spend
    world.drain()
    world.before_call = lambda _: None
    world.context.seconds_left = 60
    world.drain()


def drain(world: World) -> None:
    world.drain()


def _record(world: World) -> ReservationRecord:
    found = world.ledger.get(ReservationRecord, reservation_key(TENANT, "r-1"))
    assert found is not None
    return found


WORKFLOWS = [
    Workflow("staff start a run", start),
    Workflow("staff start a run by a key of theirs", lambda w: [start(w, "k-1"), start(w, "k-1")]),
    Workflow("the clock starts a run", start_scheduled, scheduled),
    Workflow("two orders are sent", drain, two_wait),
    Workflow("orders are chosen by id", drain, lambda w: (w.keep("r-1"), start(w, reservation_ids=["r-1"]))),
    Workflow("an order is rejected", drain, lambda w: one_waits(w, Step.REFUSED)),
    Workflow("an order is not answered", drain, lambda w: one_waits(w, Step.UNKNOWN_EXECUTED)),
    Workflow("the CRM lets nobody in", drain, lambda w: one_waits(w, Step.LOGIN_REFUSED)),
    Workflow("the CRM is away", drain, lambda w: one_waits(w, Step.NOT_DONE, Step.NOT_DONE, Step.NOT_DONE)),
    Workflow("a sent order is read back", drain, lambda w: one_was_sent(w, Step.UNKNOWN_EXECUTED)),
    Workflow("a lost order is sent again", drain, lambda w: one_was_sent(w, Step.UNKNOWN_NOT_EXECUTED)),
    Workflow("a lost sender's order is read back", drain, sender_was_lost),
    Workflow("a number was claimed before", drain, number_was_claimed),
    Workflow("a number is taken", drain, number_is_taken),
    Workflow("a runner hands over", drain_twice, two_wait),
    Workflow("nothing is selected", drain, start),
    Workflow("a SKU has gone", drain, sku_has_gone),
    Workflow("staff exclude and include", exclude_and_include, lambda w: w.keep("r-1")),
    Workflow("staff correct a guest", lambda _: act("retry", guest=ANNA), lambda w: w.keep("r-1")),
    Workflow("staff retry a rejected order", lambda _: act("retry"), rejected),
    Workflow("staff send again", lambda _: act("retry", order="send_again"), in_review),
    Workflow("staff found it", lambda _: act("retry", order="it_is_there", crm_order_id="o-1"), in_review),
    Workflow("staff look around", look_around, lambda w: (w.keep("r-1", "r-2"), start(w))),
    Workflow("the sweeper sweeps", sweep, work_is_due),
]
