"""The calls that a lease lets its holder make at the tenant's CRM: so many at once, and so many a second."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from cellarhand.domain.reliability.lease import Lease
from cellarhand.domain.reliability.token_bucket import CallBucket, CrmPace
from cellarhand.ports.runtime import Clock, Deadline
from cellarhand.ports.workers import Workers

from .time_budget import OutOfTimeError

SECONDS_TO_RECORD = 2.0
"""Kept free after a call's time-out, to write down how it ended."""


class CallAhead:
    """A call that the pace allows. It may only have to wait for its turn among those in flight."""

    def __init__(self, calls: "PacedCalls", timeout: float) -> None:
        self._calls = calls
        self._timeout = timeout
        self.has_left = False

    @contextmanager
    def made(self) -> Iterator[None]:
        """Make it now. Raises `OutOfTimeError` if it could outlive the invocation."""
        with self._calls.turns:
            self._calls.need(self._timeout)
            self.has_left = True
            self._calls.leave()
            yield


class PacedCalls:
    """Safe to use from several threads. Nobody waits for the pace with less time left than a call takes."""

    def __init__(
        self,
        lease: Lease,
        pace: CrmPace | None,
        at_once: int,
        deadline: Deadline,
        clock: Clock,
        workers: Workers,
    ) -> None:
        """`pace` None: as fast as the CRM answers."""
        self.turns = workers.turns(at_once)
        self._pace = pace
        self._deadline = deadline
        self._clock = clock
        self._workers = workers
        self._queue = workers.turns(1)
        self._changing = Lock()
        self._bucket = lease.bucket
        self._not_left = 0

    @property
    def bucket(self) -> CallBucket | None:
        """What the next holder of the lease goes on with."""
        return self._bucket if self._pace else None

    @contextmanager
    def ahead(self, timeout: float) -> Iterator[CallAhead]:
        """Wait until the pace allows a call, before anything is promised for it.

        Raises `OutOfTimeError`, there and then, if there is no time left for the wait and the call.
        """
        self.need(timeout)
        self._take(timeout)
        call = CallAhead(self, timeout)
        try:
            yield call
        finally:
            if not call.has_left:
                self._put_back()

    @contextmanager
    def call(self, timeout: float) -> Iterator[None]:
        """A call that needs no preparation."""
        with self.ahead(timeout) as call, call.made():
            yield

    def need(self, timeout: float, wait: float = 0) -> None:
        """Raises `OutOfTimeError` if a call could outlive the invocation."""
        if self._deadline.seconds_left() < wait + timeout + SECONDS_TO_RECORD:
            raise OutOfTimeError("There was not enough time left to call the CRM.")

    def leave(self) -> None:
        """One of the calls ahead is on its way."""
        if self._pace:
            now = self._clock.now()
            with self._changing:
                self._fill(self._pace, now)
                self._not_left -= 1

    def _take(self, timeout: float) -> None:
        if self._pace:
            with self._queue:
                while (wait := self._wait_or_take(self._pace)) > 0:
                    self.need(timeout, wait)
                    self._workers.pause(wait)

    def _wait_or_take(self, pace: CrmPace) -> float:
        now = self._clock.now()
        with self._changing:
            bucket = self._fill(pace, now)
            wait = pace.wait(bucket)
            if not wait:
                self._bucket = bucket.without(1)
                self._not_left += 1
            return wait

    def _put_back(self) -> None:
        if self._pace:
            now = self._clock.now()
            with self._changing:
                self._bucket = self._fill(self._pace, now).without(-1)
                self._not_left -= 1

    def _fill(self, pace: CrmPace, now: datetime) -> CallBucket:
        self._bucket = pace.filled(self._bucket or pace.full(now), now, not_left=self._not_left)
        return self._bucket
