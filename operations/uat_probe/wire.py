"""Calls as they go over the wire, for what the adapter hides: statuses, headers, words, and hanging up."""

import http.client
import re
import time
from http import HTTPStatus
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from cellarhand.adapters.crm.vinsuite.wire.connections import tls_context
from cellarhand.adapters.crm.vinsuite.wire.envelope import (
    Credentials,
    Fields,
    base_fields,
    soap_action,
    write_request,
)
from cellarhand.adapters.crm.vinsuite.wire.messages import fit_for_people
from cellarhand.adapters.crm.vinsuite.wire.node import Node
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError
from cellarhand.adapters.crm.vinsuite.wire.reply import parse, read_reply

Ended = Literal["accepted", "refused", "fault", "status", "unreadable"]


class Reply(NamedTuple):
    """An answer. `result` is there when the call was accepted or refused; `text` repeats nothing we sent."""

    ended: Ended
    status: int
    result: Node | None = None
    text: str | None = None
    retry_after: str | None = None

    def guid(self, name: str) -> str | None:
        """An id of the result."""
        return self.result.guid(name) if self.result else None


class Wire:
    """One login; a new connection for every call, so that one cut does not touch the next."""

    def __init__(self, address: str, credentials: Credentials, timeout: float) -> None:
        self._address = urlsplit(address)
        self.credentials = credentials
        self._timeout = timeout

    def post(self, call: str, fields: Fields, credentials: Credentials | None = None) -> Reply:
        """Call and read the whole answer. Raises `OSError` when there is none."""
        login = credentials or self.credentials
        connection = self._sent(call, fields, login)
        try:
            response = connection.getresponse()
            body = response.read()
        except http.client.HTTPException as broken:
            raise ConnectionError("the answer broke off") from broken
        finally:
            connection.close()
        reply = _read(call, response.status, body)
        words = fit_for_people(reply.text, [*base_fields(login), *fields]) if reply.text else None
        return reply._replace(text=words, retry_after=response.getheader("Retry-After"))

    def hang_up(self, call: str, fields: Fields, after: float) -> None:
        """Send the whole call, and cut the connection so many seconds later, whatever has come by then."""
        connection = self._sent(call, fields, self.credentials)
        time.sleep(after)
        connection.close()

    def _sent(self, call: str, fields: Fields, login: Credentials) -> http.client.HTTPConnection:
        connection = self._connection()
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": soap_action(call)}
        connection.request("POST", self._address.path, write_request(call, login, fields), headers)
        return connection

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if self._address.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=tls_context())
        return http.client.HTTPConnection(host, port, timeout=self._timeout)


def _read(call: str, status: int, body: bytes) -> Reply:
    fault = _fault_text(body)
    if fault is not None:
        return Reply("fault", status, text=fault)
    if status != HTTPStatus.OK:
        return Reply("status", status, text=_words_of_page(body))
    try:
        result = read_reply(call, body)
    except CallFailedError as failure:
        return Reply("unreadable", status, text=failure.message)
    ended: Ended = "accepted" if result.flag("IsSuccessful") else "refused"
    return Reply(ended, status, result, result.value("ErrorMessage"))


def _fault_text(body: bytes) -> str | None:
    try:
        content = parse(body).child("Body")
    except CallFailedError:
        return None
    fault = content.child("Fault") if content else None
    return f"{fault.value('faultcode')}: {fault.value('faultstring')}" if fault else None


def _words_of_page(body: bytes) -> str:
    return re.sub(r"<[^>]*>", " ", body.decode(errors="replace"))
