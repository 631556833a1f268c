"""Orders sent or settled long after the visit: a nightly check selects by visit date and would miss them.

Why: docs/decisions.md#late-orders-are-compared-on-three-nights
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.local_time import local_date
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.tenants.tenant import TenantRecord

from .checks import night_of

LATE_DAYS = 3
"""Local days after the visit from which on an order is late; earlier ones are compared by visit date."""
COMPARED_FOR = timedelta(days=3)
"""They are compared on as many nights as any other visit."""
MAX_READ_BACK = timedelta(days=92)
"""How far back orders are read: each week costs a CRM call, and the nightly check must end."""
KEPT = timedelta(days=5)
"""Longer than `COMPARED_FOR`, because a nightly check may run late."""

LATE_PREFIX = "LATE_SYNCS#"


class LateSyncs(Record):
    """Reservations to compare on the nights after `confirmed_at`. `name` keeps keys of the same time apart.

    `look_from`: the local date from which the CRM may have their orders; absent: since they were sent.
    """

    tenant_id: str
    confirmed_at: datetime
    name: str
    reservation_ids: tuple[str, ...]
    look_from: date | None = None

    @property
    def key(self) -> Key:
        """Sorted by time."""
        instant = self.confirmed_at.astimezone(UTC).isoformat(timespec="seconds")
        return Key(tenant_partition(self.tenant_id), f"{LATE_PREFIX}{instant}#{self.name}")

    @property
    def expires_at(self) -> datetime:
        """No nightly check reads it after this."""
        return self.confirmed_at + KEPT


def late_syncs(
    tenant: TenantRecord, name: str, visits: Iterable[tuple[str, date]], now: datetime
) -> list[LateSyncs]:
    """The record of the reservations that are late, by the local dates of their visits; empty if none is."""
    last = local_date(now, tenant.timezone) - timedelta(days=LATE_DAYS)
    ids = tuple(reservation_id for reservation_id, visit in visits if visit <= last)
    late = LateSyncs(tenant_id=tenant.tenant_id, confirmed_at=now, name=name, reservation_ids=ids)
    return [late] if ids else []


def compared_since(tenant: TenantRecord, night: datetime) -> datetime:
    """Records before this instant were compared on all their nights. Nights follow the local calendar."""
    day = local_date(night, tenant.timezone) - COMPARED_FOR
    return night_of(tenant.tenant_id, tenant.timezone, day)


def late_settlement(
    tenant: TenantRecord, reservation_id: str, snapshot: Snapshot, now: datetime
) -> list[LateSyncs]:
    """For a reservation that staff settled late: the order they found may be older than send and visit."""
    visit, booked_on = snapshot.visit_date, local_date(snapshot.booked_at, tenant.timezone)
    earliest = local_date(now, tenant.timezone) - MAX_READ_BACK
    if visit < earliest:
        return []
    late = late_syncs(tenant, reservation_id, [(reservation_id, visit)], now)
    look_from = max(earliest, min(visit, booked_on))
    return [record.model_copy(update={"look_from": look_from}) for record in late]
