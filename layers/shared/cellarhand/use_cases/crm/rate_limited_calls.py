"""Limits the CRM calls of a lease's holder: how many at once, and how many per second.

Why: docs/decisions.md#the-lease-holds-the-token-bucket
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from cellarhand.domain.reliability.lease import Lease
from cellarhand.domain.reliability.token_bucket import CallRate, TokenBucket
from cellarhand.ports.runtime import Clock, Deadline
from cellarhand.ports.workers import Workers

from .time_budget import OutOfTimeError

SECONDS_TO_RECORD = 2.0
"""Reserved after a call's timeout, to store its outcome."""


class Permit:
    """A call that the rate limiter allows. It may still have to wait for a slot among those in flight."""

    def __init__(self, calls: "RateLimitedCalls", timeout: float) -> None:
        self._calls = calls
        self._timeout = timeout
        self.is_used = False

    @contextmanager
    def use(self) -> Iterator[None]:
        """Make the call. Raises `OutOfTimeError` if it could outlive the invocation."""
        with self._calls.slots:
            self._calls.need(self._timeout)
            self.is_used = True
            self._calls.release()
            yield


class RateLimitedCalls:
    """Safe to use from several threads. A call that would end too late raises `OutOfTimeError` at once."""

    def __init__(
        self,
        lease: Lease,
        pace: CallRate | None,
        at_once: int,
        deadline: Deadline,
        clock: Clock,
        workers: Workers,
    ) -> None:
        """`pace` None: no limit per second. `at_once`: the most calls in flight."""
        self.slots = workers.turns(at_once)
        self._pace = pace
        self._deadline = deadline
        self._clock = clock
        self._workers = workers
        self._queue = workers.turns(1)
        self._changing = Lock()
        self._bucket = lease.bucket
        self._not_sent = 0

    @property
    def bucket(self) -> TokenBucket | None:
        """The tokens that the next holder of the lease starts with."""
        return self._bucket if self._pace else None

    @contextmanager
    def permit(self, timeout: float) -> Iterator[Permit]:
        """Wait for the rate limiter before the intent is stored.

        Raises `OutOfTimeError` at once if there is no time left for the wait and the call.
        """
        self.need(timeout)
        self._take(timeout)
        call = Permit(self, timeout)
        try:
            yield call
        finally:
            if not call.is_used:
                self._put_back()

    @contextmanager
    def call(self, timeout: float) -> Iterator[None]:
        """A call that needs no preparation."""
        with self.permit(timeout) as call, call.use():
            yield

    def need(self, timeout: float, wait: float = 0) -> None:
        """Raises `OutOfTimeError` if a call could outlive the invocation."""
        if self._deadline.seconds_left() < wait + timeout + SECONDS_TO_RECORD:
            raise OutOfTimeError("There was not enough time left to call the CRM.")

    def release(self) -> None:
        """A permit is used: its token no longer counts as not sent."""
        if self._pace:
            now = self._clock.now()
            with self._changing:
                self._fill(self._pace, now)
                self._not_sent -= 1

    def _take(self, timeout: float) -> None:
        if self._pace:
            with self._queue:
                while (wait := self._wait_or_take(self._pace)) > 0:
                    self.need(timeout, wait)
                    self._workers.pause(wait)

    def _wait_or_take(self, pace: CallRate) -> float:
        now = self._clock.now()
        with self._changing:
            bucket = self._fill(pace, now)
            wait = pace.wait(bucket)
            if not wait:
                self._bucket = bucket.without(1)
                self._not_sent += 1
            return wait

    def _put_back(self) -> None:
        if self._pace:
            now = self._clock.now()
            with self._changing:
                self._bucket = self._fill(self._pace, now).without(-1)
                self._not_sent -= 1

    def _fill(self, pace: CallRate, now: datetime) -> TokenBucket:
        self._bucket = pace.refill(self._bucket or pace.full(now), now, not_sent=self._not_sent)
        return self._bucket
