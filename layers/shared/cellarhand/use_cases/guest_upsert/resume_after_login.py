"""A winery's login was mended: the guests who wait for just that are due at once, not within the hour."""

from contextlib import suppress
from datetime import timedelta
from itertools import batched

from cellarhand.domain.errors import StaleRecordError
from cellarhand.domain.reservations.guest_progress import awaits_login, due_now
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock, Deadline
from cellarhand.ports.signals import Hints
from cellarhand.use_cases.ledger.visit_walk import VisitWalk, readable

LOOKED_BACK = timedelta(days=35)
"""Older visits wait for their own next attempt: so the walk does not grow with the history."""
PER_HINT = 100
SECONDS_TO_SPARE = 10.0


class ResumeAfterLogin:
    """What is not woken in time keeps its next attempt. Raises `StorageUnavailableError`."""

    def __init__(self, ledger: Records, hints: Hints, clock: Clock) -> None:
        self._ledger = ledger
        self._hints = hints
        self._clock = clock

    def __call__(self, tenant_id: str, deadline: Deadline) -> int:
        """Answers how many were woken."""
        walk = VisitWalk(self._ledger, tenant_id, ("open", "out"))
        since = self._clock.now().date() - LOOKED_BACK
        woken: list[str] = []
        place: str | None = None
        while deadline.seconds_left() > SECONDS_TO_SPARE:
            keys, place = walk.page(since, None, place)
            woken += [id_ for record in readable(self._ledger, keys) if (id_ := self._wake(record))]
            if place is None:
                break
        for some in batched(woken, PER_HINT, strict=False):
            self._hints.customer_upsert(tenant_id, *some)
        return len(woken)

    def _wake(self, record: ReservationRecord) -> str | None:
        if awaits_login(record):
            # Changed by somebody else: they have just looked after the guest.
            with suppress(StaleRecordError):
                return self._ledger.save(due_now(record, self._clock.now())).reservation_id
        return None
