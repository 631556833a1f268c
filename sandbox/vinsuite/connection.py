"""One caller's connection: answering it, keeping it waiting, cutting it off."""

import asyncio
from contextlib import suppress

from starlette.types import Receive, Scope, Send

from sandbox.vinsuite.service import Reply

ABORT = "vinsuite.abort"
"""Name of the ASGI extension with which the server lets us break a connection."""


class Connection:
    """Ways to treat the caller, good and bad. The request body must have been read before."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the three of ASGI."""
        self._receive, self._send = receive, send
        self._abort = scope["extensions"][ABORT]

    async def answer(self, reply: Reply, headers: dict[str, str] | None = None) -> None:
        """Send the whole reply; a caller who is gone makes no difference."""
        await self._start(reply, headers or {})
        await self._send({"type": "http.response.body", "body": reply.body})

    async def answer_half(self, reply: Reply) -> None:
        """Promise the whole body, send half, and close."""
        await self._start(reply, {})
        half = reply.body[: len(reply.body) // 2]
        await self._send({"type": "http.response.body", "body": half, "more_body": True})
        await self.close()

    async def hold(self, seconds: float) -> None:
        """Say nothing until the caller hangs up, at most so long; then the connection is closed."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._caller_gone(), seconds)
        await self.close()

    async def close(self) -> None:
        """Close once what was sent is out."""
        self._abort(reset=False)
        await self._caller_gone()

    async def reset(self) -> None:
        """Break the connection so that the caller sees a reset."""
        self._abort(reset=True)
        await self._caller_gone()

    async def _caller_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _start(self, reply: Reply, headers: dict[str, str]) -> None:
        every = {"content-type": reply.content_type, "content-length": str(len(reply.body)), **headers}
        pairs = [(name.encode(), value.encode()) for name, value in every.items()]
        await self._send({"type": "http.response.start", "status": reply.status, "headers": pairs})
