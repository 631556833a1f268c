"""TLS: certificate and name are verified, with one context, and connections are kept."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cellarhand.adapters.crm.vinsuite.wire import connections
from cellarhand.ports.crm import Outcome
from tests.unit.vinsuite.certificates import self_signed, server_context
from tests.unit.vinsuite.loopback import Loopback, answer, drip, head, running_loopback
from tests.unit.vinsuite.replies import ORDER, gateway, success


@pytest.fixture
def address() -> str:
    """The address that the peer's certificate is for."""
    return "127.0.0.1"


@pytest.fixture
def certificate(tmp_path: Path, address: str) -> Path:
    return self_signed(tmp_path, address)


@pytest.fixture
def tls_peer(certificate: Path) -> Iterator[Loopback]:
    with running_loopback(server_context(certificate)) as loopback:
        yield loopback


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(connections, "tls_context", lambda: context)


def test_a_certificate_of_an_unknown_authority_stops_the_call(tls_peer: Loopback):
    assert gateway(tls_peer.url).create_order(ORDER, timeout=5).outcome is Outcome.NOT_DONE
    assert tls_peer.received == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("address", ["192.0.2.1"])
def test_a_certificate_of_another_name_stops_the_call(tls_peer: Loopback):
    assert gateway(tls_peer.url).create_order(ORDER, timeout=5).outcome is Outcome.NOT_DONE
    assert tls_peer.received == []


@pytest.mark.usefixtures("trusted")
def test_calls_share_one_handshake(tls_peer: Loopback):
    tls_peer.answers(answer(success("GetClubs")))
    for _ in range(3):
        assert gateway(tls_peer.url).list_clubs(timeout=5) == []
    assert (len(tls_peer.received), tls_peer.connections) == (3, 1)


@pytest.mark.usefixtures("trusted")
def test_the_budget_holds_behind_tls_too(tls_peer: Loopback):
    tls_peer.answers(drip(head(5000) + b"x" * 5000))
    before = time.monotonic()
    assert gateway(tls_peer.url).create_order(ORDER, timeout=0.3).outcome is Outcome.UNKNOWN
    assert time.monotonic() - before < 1
