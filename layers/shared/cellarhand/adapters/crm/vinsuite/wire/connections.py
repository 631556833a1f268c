"""Connections under `requests` that keep to one total time budget and know when a request has left.

`requests` and urllib3 only bound each single wait, so that a peer which sends a byte now and then could
hold a call for ever; and they can't say whether a failed request was sent. Both are settled at the socket.
"""

import io
import socket
import ssl
import time
from functools import cache
from http.client import HTTPResponse
from typing import Any

import certifi
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .attempt import current_attempt

IDLE_LIMIT_SECONDS = 30
"""A connection idle for longer is not used again, so that no write meets one that has died unseen."""


@cache
def tls_context() -> ssl.SSLContext:
    """The one context of this process: reading the CA bundle costs 20 ms of CPU, once."""
    return ssl.create_default_context(cafile=certifi.where())


class _Replies(io.RawIOBase):
    """Bytes from a socket, each wait cut to what the attempt has left."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._raw: io.RawIOBase = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Raises `TimeoutError` when the budget is used up."""
        self._socket.settimeout(current_attempt.get().seconds_for_waiting())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class _PunctualSocket:
    """All of a socket that `http.client` uses to read a response."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        """The stream of the response."""
        return io.BufferedReader(_Replies(self._socket))


class _PunctualResponse(HTTPResponse):
    """A response that is read within the attempt's budget, head and body."""

    def __init__(self, sock: socket.socket, *arguments: Any, **named: Any) -> None:
        super().__init__(_PunctualSocket(sock), *arguments, **named)  # type: ignore[arg-type]


class _Punctual:
    """Mixed into urllib3's connections."""

    response_class = _PunctualResponse
    _used_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether the pool may hand this connection out again."""
        fresh = time.monotonic() - self._used_at < IDLE_LIMIT_SECONDS
        return bool(super().is_connected) and fresh  # type: ignore[misc]

    def _new_conn(self) -> socket.socket:
        """Connect to the first address that answers, all of them within the budget."""
        failure = OSError("the name has no address")
        for family, kind, protocol, _, address in self._addresses():
            connecting = socket.socket(family, kind, protocol)
            try:
                connecting.settimeout(current_attempt.get().seconds_for_waiting())
                connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connecting.connect(address)
            except OSError as error:
                connecting.close()
                failure = error
            else:
                return connecting
        raise failure

    def _addresses(self) -> list[Any]:
        connection: Any = self
        return socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)

    def send(self, data: Any) -> None:
        """Send, noting that from here on the request may have reached its goal."""
        connection: Any = self
        if connection.sock is None:
            connection.connect()
        attempt = current_attempt.get()
        connection.sock.settimeout(attempt.seconds_for_waiting())
        attempt.may_have_left = True
        self._used_at = time.monotonic()
        super().send(data)  # type: ignore[misc]


class _Connection(_Punctual, HTTPConnection):  # type: ignore[misc]
    pass


class _TlsConnection(_Punctual, HTTPSConnection):  # type: ignore[misc]
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class PunctualAdapter(HTTPAdapter):
    """Makes `requests` use all of the above."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Put our pools in place of urllib3's."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """Every TLS connection gets the one context, which verifies certificate and name."""
        place, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return place, {"ssl_context": tls_context()} if place["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to add: with a path here, the CA bundle would be read anew for each connection."""
