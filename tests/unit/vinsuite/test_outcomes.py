"""What a write and a read make of each way in which a call can end: the table of the design, over sockets."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from cellarhand.domain.errors import CrmError, CrmLoginRefusedError, CrmRefusedError, CrmUnavailableError
from cellarhand.ports.crm import Outcome, WriteResult
from tests.unit.vinsuite.loopback import (
    Loopback,
    Step,
    answer,
    cut,
    hang_up,
    reset,
    silence,
    silence_after_the_first_byte,
)
from tests.unit.vinsuite.replies import (
    ANN,
    MEMBER_ID,
    ORDER,
    ORDER_ID,
    WORKING,
    fault,
    gateway,
    identities,
    refusal,
    success,
)

type Steps = Callable[[str], list[Step]]
"""What the peer does, given the name of the call."""

IDS = f"<OrderID>{ORDER_ID}</OrderID><MemberID>{MEMBER_ID}</MemberID>"
ZERO_IDS = "<OrderID>00000000-0000-0000-0000-000000000000</OrderID>"
HTML = "<html><body>We'll be back</body></html>"


class Row(NamedTuple):
    """What happens, and what it means for a write and for a read."""

    steps: Steps
    write: Outcome
    read: type[CrmError]
    login_refused: bool = False


def just(step: Step) -> Steps:
    return lambda _call: [step]


def refused(text: str, identity: str = WORKING, content: str = "") -> Steps:
    return lambda call: [answer(refusal(call, text, content)), answer(identity)]


UNCLEAR = (Outcome.UNKNOWN, CrmUnavailableError)
TURNED_AWAY = (Outcome.NOT_DONE, CrmUnavailableError)
LOGIN = (Outcome.NOT_DONE, CrmLoginRefusedError, True)

ROWS = {
    "silence": Row(just(silence), *UNCLEAR),
    "silence after the first byte": Row(just(silence_after_the_first_byte), *UNCLEAR),
    "reset": Row(just(reset), *UNCLEAR),
    "hung up without a word": Row(just(hang_up), *UNCLEAR),
    "cut body": Row(lambda call: [cut(success(call, IDS))], *UNCLEAR),
    "empty body": Row(just(answer("")), *UNCLEAR),
    "HTML page with 200": Row(just(answer(HTML)), *UNCLEAR),
    "foreign body": Row(just(answer(success("GetWines"))), *UNCLEAR),
    "neither yes nor no": Row(
        lambda call: [answer(success(call, IDS).replace("IsSuccessful", "Else"))], *UNCLEAR
    ),
    "server fault": Row(just(answer(fault("Server"), 500)), *UNCLEAR),
    "client fault": Row(just(answer(fault("Client"), 500)), *UNCLEAR),
    "fault with 200": Row(just(answer(fault("Server"))), *UNCLEAR),
    "500 with a page": Row(just(answer(HTML, 500)), *UNCLEAR),
    "500 with a good reply": Row(lambda call: [answer(success(call, IDS), 500)], *UNCLEAR),
    "502": Row(just(answer(HTML, 502)), *UNCLEAR),
    "503 that anybody may have sent": Row(just(answer(HTML, 503)), *UNCLEAR),
    "redirect": Row(just(answer("", 302, "Location: http://127.0.0.1:9/\r\n")), *UNCLEAR),
    "404": Row(just(answer(HTML, 404)), *UNCLEAR),
    "429": Row(just(answer("", 429, "Retry-After: 5\r\n")), *TURNED_AWAY),
    "401": Row(just(answer("", 401)), *LOGIN),
    "403": Row(just(answer("", 403)), *LOGIN),
    "refused with a reason": Row(refused("BillingLastName is required."), Outcome.REFUSED, CrmRefusedError),
    "refused without a reason": Row(refused(""), *UNCLEAR),
    "refused in words of a crash": Row(refused("Timeout expired."), *UNCLEAR),
    "refused with an id all the same": Row(refused("Not valid.", content=IDS), *UNCLEAR),
    "refused, and the login can't be tried": Row(refused("No.", HTML), *UNCLEAR),
    "bad login in known words": Row(refused("Invalid username or password."), *LOGIN),
    "bad login in unknown words": Row(refused("No.", identities("INVALID", successful=False)), *LOGIN),
    "inactive account": Row(refused("No.", identities("ANONYMOUS", successful=False)), *LOGIN),
    "wrong partner key in known words": Row(refused("Invalid partner key."), *TURNED_AWAY),
    "wrong partner key in unknown words": Row(
        refused("No.", identities("WINERY", "INVALID", successful=False)), *TURNED_AWAY
    ),
}
UNTIL_TIMEOUT = {"silence", "silence after the first byte"}


def budget(name: str) -> float:
    return 0.15 if name in UNTIL_TIMEOUT else 5


@pytest.mark.parametrize("name", ROWS)
def test_what_an_order_makes_of_it(peer: Loopback, name: str):
    row = ROWS[name]
    peer.answers(*row.steps("AddOrder"))
    result = gateway(peer.url).create_order(ORDER, timeout=budget(name))
    assert (result.outcome, result.login_refused, result.id) == (row.write, row.login_refused, None)
    assert result.message


@pytest.mark.parametrize("name", ROWS)
def test_what_an_upsert_makes_of_it(peer: Loopback, name: str):
    row = ROWS[name]
    peer.answers(*row.steps("AddUpdateMember"))
    result = gateway(peer.url).upsert_customer(ANN, timeout=budget(name))
    assert (result.outcome, result.login_refused, result.id) == (row.write, row.login_refused, None)


@pytest.mark.parametrize("name", ROWS)
def test_what_a_look_up_makes_of_it(peer: Loopback, name: str):
    row = ROWS[name]
    peer.answers(*row.steps("GetMembers"))
    with pytest.raises(CrmError) as error:
        gateway(peer.url).find_customers(email="ann@example.com", timeout=budget(name))
    assert type(error.value) is row.read


@pytest.mark.parametrize("ids", ["", ZERO_IDS])
def test_a_yes_without_an_id_is_unknown(peer: Loopback, ids: str):
    peer.answers(answer(success("AddOrder", ids)))
    assert gateway(peer.url).create_order(ORDER, timeout=5).outcome is Outcome.UNKNOWN


def test_a_yes_with_an_id_is_done(peer: Loopback):
    peer.answers(answer(success("AddOrder", IDS)))
    assert gateway(peer.url).create_order(ORDER, timeout=5) == WriteResult(Outcome.DONE, ORDER_ID)


def test_a_refusal_is_told_in_the_crms_own_words(peer: Loopback):
    peer.answers(*ROWS["refused with a reason"].steps("AddOrder"))
    assert gateway(peer.url).create_order(ORDER, timeout=5).message == "BillingLastName is required."


NEVER_LEFT_US = {
    "nobody listens": "http://127.0.0.1:9/x",
    "the name does not resolve": "https://no-such-host.invalid/x",
}


@pytest.mark.parametrize("address", NEVER_LEFT_US.values(), ids=NEVER_LEFT_US.keys())
def test_what_never_left_us_is_not_done(address: str):
    assert gateway(address).create_order(ORDER, timeout=5).outcome is Outcome.NOT_DONE
    with pytest.raises(CrmUnavailableError):
        gateway(address).find_customers(email="ann@example.com", timeout=5)


def test_failed_tls_is_not_done(peer: Loopback):
    peer.answers(hang_up)
    result = gateway(peer.url.replace("http:", "https:")).create_order(ORDER, timeout=0.3)
    assert result.outcome is Outcome.NOT_DONE
    assert peer.received == []


def test_without_time_left_nothing_is_sent(peer: Loopback):
    assert gateway(peer.url).create_order(ORDER, timeout=0).outcome is Outcome.NOT_DONE
    assert peer.connections == 0


def test_no_call_is_repeated_by_the_adapter(peer: Loopback):
    peer.answers(reset)
    gateway(peer.url).create_order(ORDER, timeout=5)
    assert [received.call for received in peer.received] == ["AddOrder"]
