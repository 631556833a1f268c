"""The SOAP address: HTTP in, a call through, HTTP out, one line in the log."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from sandbox.vinsuite.connection import Connection
from sandbox.vinsuite.service import Reply, Service
from sandbox.vinsuite.wire.delivery import Delivery
from sandbox.vinsuite.wire.soap import Call, UnreadableCallError, named_operation, read_call

MAX_BYTES = 4 * 1024 * 1024
"""Requests above this are refused, as ASP.NET does by default."""


class SoapEndpoint:
    """An ASGI application for one address."""

    def __init__(self, service: Service, delivery: Delivery, log: Callable[[str], None]) -> None:
        """Log lines carry operation, winery, outcome and time, and nothing of a body."""
        self._service, self._delivery, self._log = service, delivery, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        began = monotonic()
        request, connection = Request(scope, receive), Connection(scope, receive, send)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return
        operation, winery, outcome = await self._serve(request, body, connection)
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "operation": operation,
            "winery": winery,
            "outcome": outcome,
            "milliseconds": round((monotonic() - began) * 1000),
        }
        self._log(json.dumps(line))

    async def _serve(
        self, request: Request, body: bytes | None, connection: Connection
    ) -> tuple[str | None, str | None, str]:
        """Answer a request; gives operation, winery and outcome."""
        if body is None or not request.headers.get("content-type", "").startswith("text/xml"):
            status = 413 if body is None else 415
            await connection.answer(Reply(status, b"", "not_soap", "text/plain"))
            return None, None, "not_soap"
        try:
            call = self._read(request, body)
        except UnreadableCallError as error:
            reply = self._service.fault("Client", str(error))
            await connection.answer(reply)
            return None, None, reply.outcome
        outcome = await self._delivery.deliver(call, connection)
        return call.operation, self._service.subject(call).winery, outcome

    def _read(self, request: Request, body: bytes) -> Call:
        operation = named_operation(request.headers.get("soapaction", ""))
        self._service.refuse_unknown(operation)
        return read_call(operation, body)


async def _body(request: Request) -> bytes | None:
    """Read the body; None when it is too large."""
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > MAX_BYTES:
            return None
    return bytes(chunks)
