"""A peer on this machine that answers each request with the next scripted step, good or bad."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from cellarhand.adapters.crm.vinsuite.wire.node import Node
from cellarhand.adapters.crm.vinsuite.wire.reply import parse

type Step = Callable[[socket.socket], None]


class Received(NamedTuple):
    """One request as it came over the wire."""

    head: str
    body: bytes

    @property
    def call(self) -> str:
        """The name of the operation."""
        return parse(self.body).children[0].children[0].name

    @property
    def fields(self) -> Node:
        """The request object."""
        return parse(self.body).children[0].children[0].children[0]


class Loopback:
    """`url` to call, `received` to look at. The last step is repeated."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.scheme = "https" if tls else "http"
        self._tls = tls
        self.received: list[Received] = []
        self.connections = 0
        self._steps: list[Step] = []
        self._conversations: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """The address as a gateway takes it."""
        return f"{self.scheme}://127.0.0.1:{self.port}/2.00/EWSWebServices.asmx"

    def answers(self, *steps: Step) -> None:
        """What to do with the next requests."""
        self._steps = list(steps)

    def wait_until_all_hung_up(self) -> None:
        """Return when no connection is open any more; only for steps that close theirs."""
        for conversation in self._conversations:
            conversation.join(timeout=5)

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            with suppress(OSError):
                connection, _ = self._listener.accept()
                self.connections += 1
                conversation = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._conversations.append(conversation)
                conversation.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            self._converse(self._tls.wrap_socket(connection, server_side=True) if self._tls else connection)

    def _converse(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, ValueError), connection.makefile("rb") as stream:
            while received := _read_request(stream.readline, stream.read):
                self.received.append(received)
                step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
                step(connection)


def _read_request(readline: Callable[[], bytes], read: Callable[[int], bytes]) -> Received | None:
    lines: list[str] = []
    while (line := readline().decode("latin-1").strip()) or not lines:
        if not line:
            return None
        lines.append(line)
    lengths = [int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length")]
    return Received("\n".join(lines), read(lengths[0])) if lengths else None


@contextmanager
def running_loopback(tls: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """A peer for the block, behind TLS if a context is given."""
    loopback = Loopback(tls)
    try:
        yield loopback
    finally:
        loopback.stop()


def head(length: int, status: int = 200, more: str = "") -> bytes:
    """The head of an answer."""
    return f"HTTP/1.1 {status} x\r\nContent-Length: {length}\r\n{more}\r\n".encode()


def answer(body: str | bytes, status: int = 200, more: str = "") -> Step:
    """Answer properly; the connection stays open."""
    raw = body.encode() if isinstance(body, str) else body
    return lambda connection: connection.sendall(head(len(raw), status, more) + raw)


def cut(body: str) -> Step:
    """Promise all of it, send half, close."""

    def step(connection: socket.socket) -> None:
        raw = body.encode()
        connection.sendall(head(len(raw)) + raw[: len(raw) // 2])
        connection.shutdown(socket.SHUT_RDWR)

    return step


def answer_and_close(body: str) -> Step:
    """Answer properly, then close without having said so."""

    def step(connection: socket.socket) -> None:
        answer(body)(connection)
        raise ConnectionAbortedError

    return step


def reset(connection: socket.socket) -> None:
    """Break the connection hard."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise ConnectionAbortedError


def hang_up(connection: socket.socket) -> None:
    """Close without a word."""
    connection.shutdown(socket.SHUT_RDWR)


def silence(connection: socket.socket) -> None:
    """Say nothing until the caller is gone."""
    connection.recv(1)


def silence_after_the_first_byte(connection: socket.socket) -> None:
    """Begin to answer, then say nothing."""
    connection.sendall(b"H")
    connection.recv(1)


def drip(raw: bytes, at_once: int = 0) -> Step:
    """Send `at_once` bytes, then one every few milliseconds."""

    def step(connection: socket.socket) -> None:
        connection.sendall(raw[:at_once])
        for byte in raw[at_once:]:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)

    return step
