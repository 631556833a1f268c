"""Workflows of the books: the second look at what was sent, the night's comparison, and staff's."""

from functions.order_sync import app as order_sync
from tests.fakes.crm import Step
from tests.fakes.http import Answered
from tests.integration.lost_replies.orders import one_waits
from tests.integration.lost_replies.workflow import Workflow
from tests.integration.lost_replies.world import World, answer_of

JUNE = {"from": "2026-06-01", "to": "2026-06-30"}


def run_checks(world: World) -> None:
    world.run_checks()


def ask(world: World) -> Answered:
    """Staff ask for June."""
    return answer_of(order_sync.lambda_handler, "GET /v1/reconciliation", query=JUNE)


def a_day_later(world: World, *steps: Step) -> None:
    """An order was sent; the night's comparison and the second look are both due."""
    one_waits(world)
    world.drain()
    world.clock.advance(days=1)
    world.book.script("list_orders", *steps)


def executed_twice(world: World) -> None:
    a_day_later(world)
    [order] = world.book.orders
    world.book.put_order(order)


def voided_since(world: World) -> None:
    """Staff have voided the second order, and the next look is due."""
    executed_twice(world)
    world.run_checks()
    world.book.void_order("order-2")
    world.clock.advance(days=1)


def nothing_left(world: World) -> None:
    """The visit is too long ago for another night."""
    a_day_later(world)
    world.clock.advance(days=7)


WORKFLOWS = [
    Workflow("books agree", run_checks, a_day_later),
    Workflow("an order is found twice", run_checks, executed_twice),
    Workflow("staff have voided the second order", run_checks, voided_since),
    Workflow("the CRM is away at night", run_checks, lambda w: a_day_later(w, Step.UNAVAILABLE)),
    Workflow("the nights end", run_checks, nothing_left),
    Workflow("staff compare", ask, executed_twice),
]
