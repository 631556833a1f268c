"""What every step has at hand: the login, the limits, the journal, and the time that is left."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from cellarhand.adapters.crm.vinsuite.wire.assumptions import DEFAULT_ASSUMPTIONS
from cellarhand.adapters.crm.vinsuite.wire.attempt import Attempt
from cellarhand.adapters.crm.vinsuite.wire.envelope import Fields
from cellarhand.adapters.crm.vinsuite.wire.node import Node
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError, Seen
from cellarhand.adapters.crm.vinsuite.wire.service import WebService
from cellarhand.domain.orders.order import OrderNumber

from .journal import Notebook
from .limits import Limits, Site
from .wire import Wire

PREFIX = "UAT-"
_TRIES = 5
_A_SECOND = 1.1
_MAX_WAIT = 120
_PASSING = {Seen.NEVER_LEFT_US, Seen.TIMED_OUT, Seen.CONNECTION_LOST, Seen.THROTTLED, Seen.OTHER_STATUS}


class OutOfTimeError(Exception):
    """This run's time is over; what was found is kept, and another run goes on."""


class Session:
    """One run of the probe."""

    def __init__(self, site: Site, limits: Limits, notebook: Notebook, report: Callable[[str], None]) -> None:
        self.limits = limits
        self.notebook = notebook
        self.journal = notebook.journal
        self.report = report
        self.wire = Wire(site.address, site.credentials, limits.call_timeout)
        self._service = WebService(site.address, site.credentials, DEFAULT_ASSUMPTIONS)
        self._ends_at = time.monotonic() + limits.minutes * 60

    def pause(self, seconds: float) -> None:
        """Wait. Raises `OutOfTimeError` once the run's time is over."""
        if time.monotonic() + seconds > self._ends_at:
            raise OutOfTimeError
        time.sleep(seconds)

    def wait_as_told(self, retry_after: str | None) -> None:
        """As long as the CRM asked for, where it named seconds."""
        asked = retry_after or ""
        self.pause(min(int(asked), _MAX_WAIT) + _A_SECOND if asked.isdecimal() else 2 * _A_SECOND)

    def polls(self, bound: float) -> Iterator[float]:
        """The seconds passed, at every turn to look, until the bound; the first at once."""
        began = time.monotonic()
        while (passed := time.monotonic() - began) <= bound:
            yield passed
            self.pause(self.limits.poll)

    def read(self, call: str, fields: Fields) -> Node:
        """The result of a read, tried again when it fails for a passing reason. Raises `CallFailedError`."""
        for last in (*(False for _ in range(_TRIES - 1)), True):
            try:
                return self._service.call(call, fields, Attempt(self.limits.call_timeout))
            except CallFailedError as failure:
                if last or failure.seen not in _PASSING:
                    raise
            self.pause(2 * self.limits.poll)
        raise AssertionError

    def is_unknown_call(self, failure: CallFailedError) -> bool:
        """Whether there is no such call."""
        return self._service.is_unknown_call(failure)

    def next_number(self) -> OrderNumber:
        """A number of ours, written down as used before anything is sent under it."""
        number = self.journal.next_number
        self.journal.next_number = number + 1
        self.journal.orders_sent += 1
        self.notebook.save()
        return OrderNumber(prefix=PREFIX, number=number)

    @property
    def guest(self) -> str:
        """The e-mail of the one guest of most orders."""
        return f"probe-{self.journal.token}@example.com"

    def next_guest(self) -> str:
        """An e-mail that no guest had before, written down as used."""
        self.journal.customers_sent += 1
        self.notebook.save()
        return f"probe-{self.journal.token}-{self.journal.customers_sent}@example.com"

    def server_window(self, since: datetime) -> tuple[datetime, datetime]:
        """From `since` until now in the server's clock, with 5 minutes to spare, or 26 h."""
        first = self.journal.findings.first_order
        minutes = first.clock_minutes if first else None
        spare = timedelta(hours=26) if minutes is None else timedelta(minutes=5)
        shift = timedelta(minutes=minutes or 0)
        return since + shift - spare, datetime.now(UTC) + shift + spare
