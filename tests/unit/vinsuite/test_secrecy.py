"""Nothing of a request's body shows in logs, results, exceptions or representations, however a call fails."""

import logging
import traceback

import pytest

from cellarhand.domain.customers.customer import Address, CustomerData
from cellarhand.domain.errors import CrmError, CrmRefusedError
from cellarhand.domain.orders.order import Buyer, Order
from cellarhand.ports.crm import Outcome
from tests.unit.vinsuite.loopback import Loopback, Step, answer, cut, reset, silence
from tests.unit.vinsuite.replies import ORDER, PARTNER_KEY, WORKING, fault, gateway, refusal, success

CANARIES = {
    "email": "canary-mail@example.com",
    "first_name": "Canaryfirst",
    "last_name": "Canarylast",
    "phone": "707555canary",
    "line1": "Canarystreet 1",
    "line2": "Canaryfloor 2",
    "city": "Canarytown",
    "state": "Canarystate",
    "zip_code": "canaryzip",
    "note": "Canarynote by the window",
}
SECRETS = [*CANARIES.values(), PARTNER_KEY, "winery-user", "winery-password"]
ADDRESS = Address(**{name: CANARIES[name] for name in ("line1", "line2", "city", "state", "zip_code")})
NAMED = {name: CANARIES[name] for name in ("email", "first_name", "last_name", "phone")}
GUEST = CustomerData(**NAMED, address=ADDRESS)
CANARY_ORDER: Order = ORDER.model_copy(
    update={"buyer": Buyer(customer_id="x", **NAMED, address=ADDRESS), "note": CANARIES["note"]}
)
ECHO = " | ".join(SECRETS)

FAILURES = {
    "reset": [reset],
    "silence": [silence],
    "cut": [cut(success("AddOrder", ECHO))],
    "fault that repeats it all": [answer(fault("Server", ECHO), 500)],
    "page that repeats it all": [answer(ECHO, 500)],
    "broken values": [answer(success("GetMembers", f"<Members><M><Email>{ECHO}</Email></M></Members>"))],
}


def leaked(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.lower() in text.lower()]


def everything_told(error: BaseException) -> str:
    """All that could be printed of an exception and of whatever is chained to it, attributes included."""
    chain: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        link = queue.pop()
        if link is not None and link not in chain:
            chain.append(link)
            queue += [link.__cause__, link.__context__]
    told = [f"{link!r} {link} {link.args} {vars(link)}" for link in chain]
    return "\n".join([*told, *traceback.format_exception(error)])


@pytest.mark.parametrize("steps", FAILURES.values(), ids=FAILURES.keys())
def test_nothing_that_was_sent_is_told(peer: Loopback, steps: list[Step], caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    crm = gateway(peer.url)
    told = [repr(crm), str(vars(crm))]
    peer.answers(*steps)
    told.append(repr(crm.create_order(CANARY_ORDER, timeout=0.3)))
    peer.answers(*steps)
    told.append(repr(crm.upsert_customer(GUEST, timeout=0.3)))
    peer.answers(*steps)
    with pytest.raises(CrmError) as error:
        crm.find_customers(email=CANARIES["email"], timeout=0.3)
    told.append(everything_told(error.value))
    told += [f"{record.getMessage()} {record.exc_text} {record.args}" for record in caplog.records]
    assert all(received.body for received in peer.received)
    assert leaked("\n".join(told)) == []


@pytest.mark.parametrize("echo", [ECHO, ECHO.upper()])
def test_a_refused_order_repeats_nothing_that_was_sent(peer: Loopback, echo: str):
    peer.answers(answer(refusal("AddOrder", echo)), answer(WORKING))
    result = gateway(peer.url).create_order(CANARY_ORDER, timeout=5)
    assert result.outcome is Outcome.REFUSED
    assert leaked(repr(result)) == []


def test_a_refused_upsert_repeats_nothing_that_was_sent(peer: Loopback):
    echo = ECHO.replace(CANARIES["note"], "")
    peer.answers(answer(refusal("AddUpdateMember", echo)), answer(WORKING))
    result = gateway(peer.url).upsert_customer(GUEST, timeout=5)
    assert result.outcome is Outcome.REFUSED
    assert leaked(repr(result)) == []


def test_a_refused_look_up_repeats_nothing_that_was_sent(peer: Loopback):
    peer.answers(answer(refusal("GetMembers", f"{CANARIES['email']} of winery-user")), answer(WORKING))
    with pytest.raises(CrmRefusedError) as error:
        gateway(peer.url).find_customers(email=CANARIES["email"], timeout=5)
    assert leaked(everything_told(error.value)) == []


def test_the_canaries_are_really_sent(peer: Loopback):
    peer.answers(answer(fault("Server"), 500))
    gateway(peer.url).create_order(CANARY_ORDER, timeout=5)
    body = peer.received[0].body.decode()
    assert leaked(body) == SECRETS


def test_a_connection_that_can_not_be_made_tells_nothing(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CrmError) as error:
        gateway("http://127.0.0.1:9/x").find_customers(email=CANARIES["email"], timeout=1)
    assert "canary" not in everything_told(error.value) + caplog.text


def test_the_login_test_tells_no_login(peer: Loopback):
    peer.answers(answer(refusal("TestConnection", "The user winery-user can't log in.")))
    assert gateway(peer.url).test_connection(timeout=5).message == "The user … can't log in."
