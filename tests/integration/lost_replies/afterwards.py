"""Workflows of what shows only after an order or a guest was sent: adjustments, and a second look."""

from typing import Any

from cellarhand.domain.customers.customer import Customer
from functions.order_sync import app as order_sync
from tests.fakes.crm import ALL_CAPABILITIES, Step
from tests.fakes.http import Answered
from tests.integration.lost_replies.guests import book
from tests.integration.lost_replies.orders import drain, one_was_sent, start
from tests.integration.lost_replies.workflow import Workflow
from tests.integration.lost_replies.world import World, answer_of
from tests.unit.guest_upsert.winery import EMAIL

THREE = {"sequence": 2, "party_size": 3, "total": 12000, "paid": 12000}


def synced(world: World) -> None:
    book(world)
    start(world)
    world.drain()


def adjusted(world: World) -> None:
    """One guest more than the order says."""
    synced(world)
    book(world, **THREE)


def change_back(world: World) -> Answered:
    """As the order has it."""
    return book(world, sequence=3)


def resolve(world: World) -> list[Answered]:
    """Staff have carried over what is open."""
    listed = answer_of(order_sync.lambda_handler, "GET /v1/adjustments")
    return [listed, *(_resolved(each) for each in listed.body.get("adjustments", ()))]


def cannot_be_read(world: World) -> None:
    one_was_sent(world, Step.UNKNOWN_EXECUTED)
    world.book._capabilities = ALL_CAPABILITIES._replace(finds_orders=False)


def refuses_what_it_has(world: World) -> None:
    cannot_be_read(world)
    refusing = {"finds_orders": False, "refuses_repeated_order_numbers": True}
    world.book._capabilities = ALL_CAPABILITIES._replace(**refusing)


def added_by_hand_too(world: World) -> None:
    """At the same time as by us, so that neither saw the other."""
    book(world)
    world.book.put_customer(Customer(customer_id="by-hand", email=EMAIL))
    world.clock.advance(days=1)
    start(world)


def looked_for_long(world: World) -> None:
    """The look took all the time that the runner had."""
    added_by_hand_too(world)

    def spend(method: str) -> None:
        if method == "find_customers":
            world.context.seconds_left = 20

    world.before_call = spend


def drain_twice(world: World) -> None:
    """The second runner has its time."""
    world.drain()
    world.context.seconds_left = 60
    world.drain()


def _resolved(shown: Any) -> Answered:
    route = "POST /v1/adjustments/{adjustment_id}/resolve"
    body = {"note": "Added one.", "revision": shown["revision"]}
    path = {"adjustment_id": shown["adjustment_id"]}
    return answer_of(order_sync.lambda_handler, route, path=path, body=body)


WORKFLOWS = [
    Workflow("a synced reservation changes", lambda w: book(w, **THREE), synced),
    Workflow("it changes back", change_back, adjusted),
    Workflow("staff carry it over", resolve, adjusted),
    Workflow("a CRM can't be read", drain, cannot_be_read),
    Workflow("a CRM can't be read, and refuses what it has", drain, refuses_what_it_has),
    Workflow("a guest was added by hand too", drain, added_by_hand_too),
    Workflow("a second look takes long", drain_twice, looked_for_long),
]
