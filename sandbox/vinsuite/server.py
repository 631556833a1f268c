"""The simulator on a loopback port, with the one thing plain ASGI can't do: breaking a connection."""

import asyncio
import socket
import struct
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.vinsuite.connection import ABORT

HOST = "127.0.0.1"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER on, with no time to linger: closing sends a reset."""


class PortTakenError(Exception):
    """Something else listens there."""


def listen(port: int) -> socket.socket:
    """Take a loopback port, 0 for a free one; raises PortTakenError."""
    listener = socket.socket(proto=socket.IPPROTO_TCP)  # named, or asyncio leaves small writes waiting
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise PortTakenError(f"port {port} can't be used: {error.strerror}") from error
    return listener


def make_server(app: Starlette) -> uvicorn.Server:
    """Make a server that is to be run with a socket from `listen`."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=BreakableProtocol,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_level="critical",
            access_log=False,
            timeout_keep_alive=75,  # an idle connection closed under a caller's hand would look like a fault
            timeout_graceful_shutdown=1,
        )
    )


class BreakableProtocol(H11Protocol):
    """HTTP/1.1 whose scope carries a function that closes or resets the connection."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        """Put the function into every scope on its way to the application."""
        super().__init__(*args, **settings)
        self.app = self._with_abort(self.app)

    def _with_abort(self, app: ASGIApp) -> Any:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "extensions": {ABORT: self._break_off}}, receive, send)

        return serve

    def _break_off(self, *, reset: bool) -> None:
        transport: asyncio.Transport = self.transport
        if reset:
            peer = transport.get_extra_info("socket")
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            transport.abort()
        else:
            transport.close()
