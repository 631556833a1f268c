"""Workflows that begin with a guest: quotes, snapshots, look-ups, and the queue's upsert."""

from typing import Any

from cellarhand.adapters.system import InvocationDeadline
from cellarhand.bootstrap import guest_upsert
from cellarhand.domain.tenants.access_key import Role
from functions.customer_lookup import app as customer_lookup
from functions.customer_upsert import app as customer_upsert
from functions.discount_evaluation import app as discount_evaluation
from tests.fakes.crm import Step
from tests.fakes.http import TENANT, Answered, FakeContext
from tests.integration.lost_replies.workflow import Workflow
from tests.integration.lost_replies.world import World, answer_of
from tests.unit.guest_upsert.winery import ADA, GUEST, PUT, snapshot

EVE = {**GUEST, "email": "eve@example.com", "first_name": "Eve"}
WITH_CODE = {"promo_code": "half", "discounts": [{"rule": "half", "guests": 2, "amount": 4000}]}
HALF_PRICE = {**WITH_CODE, "total": 4000, "paid": 4000}
FREE_FOR_ONE = {"discounts": [{"rule": "free", "guests": 1, "amount": 4000}], "total": 4000, "paid": 4000}
VISIT = {
    "event_id": "tasting",
    "starts_at": "2026-06-20T14:00",
    "party_size": 2,
    "channel": "widget",
    "guest": {"email": GUEST["email"]},
}


def book(world: World, reservation_id: str = "r-1", **changes: Any) -> Answered:
    """The engine reports a reservation."""
    path = {"reservation_id": reservation_id}
    body = snapshot(**changes)
    return answer_of(customer_upsert.lambda_handler, PUT, role=Role.ENGINE, path=path, body=body)


def quote(world: World) -> Answered:
    """The engine asks for a price."""
    route = "POST /v1/discounts/evaluate"
    return answer_of(discount_evaluation.lambda_handler, route, role=Role.ENGINE, body=VISIT)


def book_as_quoted(world: World) -> Answered:
    """Quoted, then booked at that price, with what it takes of an allowance."""
    quoted = quote(world).body
    if "quote_id" not in quoted:
        return quote(world)
    lines = [{name: line[name] for name in ("rule", "guests", "amount")} for line in quoted["discounts"]]
    money = {"discounts": lines, "total": quoted["total"], "paid": quoted["total"]}
    return book(world, **money, quote_id=quoted["quote_id"])


def find(world: World) -> Answered:
    """The engine looks a guest up by e-mail."""
    body = {"email": GUEST["email"]}
    return answer_of(customer_lookup.lambda_handler, "POST /v1/customers/search", role=Role.ENGINE, body=body)


def sync_groups(world: World) -> list[Answered]:
    """Staff keep the CRM's contact types, and look at their invite lists."""
    kept = answer_of(customer_lookup.lambda_handler, "POST /v1/contact-types/sync")
    return [kept, answer_of(customer_lookup.lambda_handler, "GET /v1/invite-lists")]


def looked_up_often(world: World) -> None:
    """Once more within this minute, and the key's count is written down."""
    for _ in range(9):
        find(world)


def knows_ada(world: World) -> None:
    world.book.put_customer(ADA)


def changed_meanwhile(world: World) -> None:
    """While the CRM creates the guest, the engine sends the next snapshot."""
    happening = [lambda: book(world, sequence=2, guest_note="No nuts")]

    def before_call(method: str) -> None:
        if method == "upsert_customer" and happening:
            happening.pop()()

    world.before_call = before_call


def crm_was_away(world: World) -> None:
    world.book.script("find_customers", Step.UNAVAILABLE)
    book(world)
    world.clock.advance(seconds=15)


def creation_was_not_answered(world: World) -> None:
    world.book.script("upsert_customer", Step.UNKNOWN_EXECUTED)
    book(world)
    world.clock.advance(seconds=world.timers.settle.total_seconds())


def crm_is_away(world: World) -> None:
    """One more failure, and the breaker opens."""
    world.book.always("*", Step.UNAVAILABLE)
    for number in range(4):
        book(world, f"r-{number}", guest={**GUEST, "email": f"guest-{number}@example.com"})


def login_was_refused(world: World) -> None:
    world.book.script("find_customers", Step.LOGIN_REFUSED)
    book(world)
    world.clock.advance(seconds=120)


def wake(world: World) -> int:
    """The queue says that the winery's login was mended."""
    return guest_upsert.resume_after_login()(TENANT, InvocationDeadline(FakeContext()))


def answers_no_creation(world: World) -> None:
    world.book.script("upsert_customer", Step.UNKNOWN_EXECUTED)


def refuses_the_guest(world: World) -> None:
    world.book.script("upsert_customer", Step.REFUSED)


def open_and_probe(world: World) -> list[Answered]:
    """The breaker opens; then the CRM is back, which a probe finds out."""
    refused = book(world, "r-4")
    world.book.always("*", Step.NORMAL)
    world.clock.advance(seconds=35)
    return [refused, book(world, "r-5", guest=EVE)]


WORKFLOWS = [
    Workflow("a new guest books", book),
    Workflow("a mended login wakes a guest", wake, login_was_refused),
    Workflow("a guest books whom the CRM knows", book, knows_ada),
    Workflow("a guest books again", lambda w: book(w, "r-2"), book),
    Workflow("a reservation gets another guest", lambda w: book(w, sequence=2, guest=EVE), book),
    Workflow("a reservation is cancelled", lambda w: book(w, sequence=2, state="cancelled"), book),
    Workflow("the creation of a guest is not answered", book, answers_no_creation),
    Workflow("a guest is refused", book, refuses_the_guest),
    Workflow("a guest is quoted", quote),
    Workflow("a guest books as quoted", book_as_quoted),
    Workflow("a code is used", lambda w: book(w, **HALF_PRICE)),
    Workflow(
        "an allowance is given back",
        lambda w: book(w, sequence=2, state="cancelled", **FREE_FOR_ONE),
        lambda w: book(w, **FREE_FOR_ONE),
    ),
    Workflow("an outage is over", World.retry, crm_was_away),
    Workflow("an unanswered creation has settled", World.retry, creation_was_not_answered),
    Workflow("the breaker opens and closes", open_and_probe, crm_is_away),
    Workflow("a guest is looked up", find, knows_ada),
    Workflow("a key looks guests up often", find, looked_up_often),
    Workflow("contact types are kept", sync_groups),
    Workflow("a snapshot comes while its guest is created", book, changed_meanwhile),
]
