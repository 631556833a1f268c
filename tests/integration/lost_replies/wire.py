"""The wire between botocore and DynamoDB (moto): every request is executed, and replies may be lost.

It stands where botocore sends, below botocore's own retries: so what comes back up is a time-out like any
other, and it is botocore that sends the same request again.
"""

import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ReadTimeoutError
from moto.core.models import botocore_stubber

from cellarhand.adapters import aws

OURS = f"{Path(aws.__file__).parents[1]}/"
STORE = "adapters/dynamodb/"
ASKING = "use_cases/"
UPDATING = f"{ASKING}update_record.py"
"""Saves whatever record it is given: its callers are who asks."""
WRITES = frozenset({"PutItem", "DeleteItem", "TransactWriteItems"})


class Site(NamedTuple):
    """A line of ours: the file is relative to the package."""

    file: str
    line: int


BY_HAND = Site("by hand", 0)


class Served(NamedTuple):
    """One request that the server has executed.

    `call` counts calls from 1, `attempt` is botocore's own count within one call. `site` is the line of the
    store that made the call, `asked_by` the line of the use case that the store worked for, `lines` all of
    ours that led there, innermost first.
    """

    call: int
    attempt: int
    operation: str
    body: bytes
    site: Site
    asked_by: Site | None
    lines: tuple[Site, ...] = ()

    @property
    def is_write(self) -> bool:
        """Whether it may change anything."""
        return self.operation in WRITES


class Wire:
    """Put into the client by `join`. Loses the replies of the calls named by `lose`."""

    def __init__(self) -> None:
        self.served: list[Served] = []
        self._lost: Collection[int] = ()
        self._times = 0
        self._calls = 0

    def join(self) -> None:
        """Stand between the DynamoDB client of this process and its server from now on."""
        events = aws.dynamodb().meta.events
        events.unregister("before-send", botocore_stubber)
        events.register("before-send.dynamodb", self._send)

    def lose(self, *calls: int, times: int = 0) -> None:
        """Count calls anew from 1, and lose the replies to the first `times` attempts of these."""
        self.served.clear()
        self._calls, self._lost, self._times = 0, calls, times

    def attempts(self, call: int) -> list[Served]:
        """The copies of one call that the server has executed."""
        return [served for served in self.served if served.call == call]

    def _send(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> Any:
        attempt = _attempt(request)
        self._calls += attempt == 1
        response = botocore_stubber(event_name, request)
        self._note(event_name.rpartition(".")[2], attempt, request)
        if self._calls in self._lost and attempt <= self._times:
            raise ReadTimeoutError(endpoint_url=request.url)
        return response

    def _note(self, operation: str, attempt: int, request: AWSPreparedRequest) -> None:
        lines = tuple(_our_lines())
        site = next((line for line in lines if line.file.startswith(STORE)), BY_HAND)
        asked_by = next((line for line in lines if _asks(line)), None)
        body = bytes(request.body)
        self.served.append(Served(self._calls, attempt, operation, body, site, asked_by, lines))


def _attempt(request: AWSPreparedRequest) -> int:
    """As botocore tells the server: `attempt=2; max=2`."""
    told = request.headers["amz-sdk-request"]
    text = told.decode() if isinstance(told, bytes) else told
    return int(text.partition("attempt=")[2].partition(";")[0])


def _asks(line: Site) -> bool:
    return line.file.startswith(ASKING) and line.file != UPDATING


def _our_lines() -> Iterator[Site]:
    """Where our own code stands, innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame := frame and frame.f_back:
        if frame.f_code.co_filename.startswith(OURS):
            yield Site(frame.f_code.co_filename.removeprefix(OURS), frame.f_lineno)
