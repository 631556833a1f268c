"""A call ends within its budget, whatever the peer does; connections are kept, but not trusted for ever."""

import time

import pytest

from cellarhand.adapters.crm.vinsuite.wire import connections
from cellarhand.adapters.crm.vinsuite.wire.connections import tls_context
from cellarhand.adapters.crm.vinsuite.wire.reply import REPLY_LIMIT_BYTES
from cellarhand.domain.errors import CrmUnavailableError
from cellarhand.ports.crm import Outcome
from tests.unit.vinsuite.loopback import Loopback, Step, answer, answer_and_close, drip, head, silence
from tests.unit.vinsuite.replies import ORDER, ORDER_ID, gateway, refusal, success

BUDGET = 0.3
SLACK = 0.4
"""For a busy machine; a reply below would take 8 s and more if each wait were bounded alone."""

BODY = success("AddOrder", "<x/>" * 100).encode()
WHOLE = head(len(BODY)) + BODY

SLOW = {
    "not a word": silence,
    "head in drips": drip(WHOLE),
    "body in drips": drip(WHOLE, at_once=len(WHOLE) - len(BODY)),
    "chunks in drips": drip(
        b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 400, at_once=60
    ),
}


@pytest.mark.parametrize("step", SLOW.values(), ids=SLOW.keys())
def test_a_slow_reply_ends_within_the_budget_as_unknown(peer: Loopback, step: Step):
    peer.answers(step)
    before = time.monotonic()
    result = gateway(peer.url).create_order(ORDER, timeout=BUDGET)
    assert time.monotonic() - before < BUDGET + SLACK
    assert (result.outcome, result.message) == (Outcome.UNKNOWN, "VinSuite did not answer in time.")


def test_asking_about_a_refusal_stays_within_the_same_budget(peer: Loopback):
    peer.answers(answer(refusal("AddOrder", "No.")), silence)
    before = time.monotonic()
    assert gateway(peer.url).create_order(ORDER, timeout=BUDGET).outcome is Outcome.UNKNOWN
    assert time.monotonic() - before < BUDGET + SLACK


def test_a_reply_over_the_limit_is_not_read_to_its_end(peer: Loopback):
    peer.answers(answer(b" " * (REPLY_LIMIT_BYTES + 100_000)))
    with pytest.raises(CrmUnavailableError, match="too large"):
        gateway(peer.url).list_clubs(timeout=5)


def test_a_reply_just_under_the_limit_is_read(peer: Loopback):
    reply = success("GetClubs", "<WineClubs/>")
    peer.answers(answer(reply + " " * (REPLY_LIMIT_BYTES - len(reply) - 1)))
    assert gateway(peer.url).list_clubs(timeout=5) == []


def test_two_gateways_share_one_connection(peer: Loopback):
    peer.answers(answer(success("GetClubs")))
    for _ in range(3):
        gateway(peer.url).list_clubs(timeout=5)
    assert (len(peer.received), peer.connections) == (3, 1)


def test_a_connection_that_was_idle_for_too_long_is_not_used_again(
    peer: Loopback, monkeypatch: pytest.MonkeyPatch
):
    peer.answers(answer(success("GetClubs")))
    gateway(peer.url).list_clubs(timeout=5)
    monkeypatch.setattr(connections, "IDLE_LIMIT_SECONDS", 0)
    gateway(peer.url).list_clubs(timeout=5)
    assert peer.connections == 2


def test_a_connection_that_the_peer_closed_meanwhile_is_not_used_again(peer: Loopback):
    peer.answers(answer_and_close(success("AddOrder", f"<OrderID>{ORDER_ID}</OrderID>")))
    outcomes = []
    for _ in range(3):
        outcomes.append(gateway(peer.url).create_order(ORDER, timeout=5).outcome)
        peer.wait_until_all_hung_up()
    assert outcomes == [Outcome.DONE] * 3


def test_the_certificates_are_read_once_for_the_process():
    assert tls_context() is tls_context()


def test_proxies_of_the_environment_are_ignored(peer: Loopback, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    peer.answers(answer(success("GetClubs")))
    assert gateway(peer.url).list_clubs(timeout=5) == []


def test_cookies_are_never_sent_back(peer: Loopback):
    peer.answers(answer(success("GetClubs"), more="Set-Cookie: tenant=1\r\n"))
    for _ in range(2):
        gateway(peer.url).list_clubs(timeout=5)
    assert "cookie" not in peer.received[-1].head.lower()
