"""Orders that went out, or were settled, long after the visit: the nights would pass them over by its day."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.local_time import local_date
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.tenants.tenant import TenantRecord

from .checks import night_of

LATE_DAYS = 3
"""So many local days after the visit. What comes sooner is met by a night that compares the visit's day."""
COMPARED_FOR = timedelta(days=3)
"""On so many nights, as any other visit."""
MAX_LOOK_BACK = timedelta(days=92)
"""Back to an order: a look into the CRM is a call a week, and a night must end."""
KEPT = timedelta(days=5)
"""A night may be late, too."""

LATE_PREFIX = "LATE_SYNCS#"


class LateSyncs(Record):
    """Reservations to be compared on the nights after `confirmed_at`. `name` tells those of one time apart.

    `look_from`: the local date from which on the CRM may have their orders; absent: since they were sent.
    """

    tenant_id: str
    confirmed_at: datetime
    name: str
    reservation_ids: tuple[str, ...]
    look_from: date | None = None

    @property
    def key(self) -> Key:
        """By time."""
        instant = self.confirmed_at.astimezone(UTC).isoformat(timespec="seconds")
        return Key(tenant_partition(self.tenant_id), f"{LATE_PREFIX}{instant}#{self.name}")

    @property
    def expires_at(self) -> datetime:
        """No night asks for it any more."""
        return self.confirmed_at + KEPT


def late_syncs(
    tenant: TenantRecord, name: str, visits: Iterable[tuple[str, date]], now: datetime
) -> list[LateSyncs]:
    """What is to be kept of reservations and the local dates of their visits; if none is late, nothing."""
    last = local_date(now, tenant.timezone) - timedelta(days=LATE_DAYS)
    ids = tuple(id_ for id_, visit in visits if visit <= last)
    late = LateSyncs(tenant_id=tenant.tenant_id, confirmed_at=now, name=name, reservation_ids=ids)
    return [late] if ids else []


def compared_since(tenant: TenantRecord, night: datetime) -> datetime:
    """What was told before has had its nights. They are a day apart by the winery's clock alone."""
    day = local_date(night, tenant.timezone) - COMPARED_FOR
    return night_of(tenant.tenant_id, tenant.timezone, day)


def late_settlement(
    tenant: TenantRecord, reservation_id: str, snapshot: Snapshot, now: datetime
) -> list[LateSyncs]:
    """Of one that staff settled: the order that they found may be older than what was sent, or the visit."""
    visit, booked_on = snapshot.visit_date, local_date(snapshot.booked_at, tenant.timezone)
    longest = local_date(now, tenant.timezone) - MAX_LOOK_BACK
    if visit < longest:
        return []
    late = late_syncs(tenant, reservation_id, [(reservation_id, visit)], now)
    look_from = max(longest, min(visit, booked_on))
    return [each.model_copy(update={"look_from": look_from}) for each in late]
