"""Compare a period's reservations with the CRM's orders, in records and in money. Reads only.

Why: docs/decisions.md#a-reconciliation-is-computed-for-each-page
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from cellarhand.domain.errors import CrmError, NotSupportedByCrmError, SettingsIncompleteError
from cellarhand.domain.local_time import local_date
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.orders.order import ListedOrder
from cellarhand.domain.orders.order_number import OrderNumberClaim, order_number_key
from cellarhand.domain.reconciliation.comparison import Comparison, CrmSums, late_changes
from cellarhand.domain.reconciliation.difference import (
    ACTIONABLE_KINDS,
    Difference,
    DifferenceKind,
    difference_of,
    unanswered,
)
from cellarhand.domain.reconciliation.late_syncs import MAX_READ_BACK
from cellarhand.domain.reconciliation.ledger_side import LedgerEntry, LedgerSums, Sum, ledger_sums
from cellarhand.domain.reconciliation.order_matching import CrmOrders
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.ports.crm import CrmGateway, CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.ledger.winery_context import WineryContext
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .crm_order_reader import Listed, ListOrders, Window, read_window
from .ledger_reader import (
    NO_EXTRA,
    ExtraReservations,
    Period,
    ledger_entries,
    with_extra,
)

LATE_ORDER_MARGIN = timedelta(days=1)
"""By this time after the last send, a duplicate order would show in the CRM."""

ListOrdersOf = Callable[[CrmGateway], ListOrders]


class CrmSide(FrozenModel):
    """The CRM's sums, or why they could not be compared (`reason` and `message`)."""

    state: Literal["compared", "nothing_to_compare", "not_readable", "unavailable"]
    reason: str | None = None
    message: str | None = None
    sums: CrmSums = CrmSums()


class Reconciliation(NamedTuple):
    """The result. `differences` are sorted by kind, then by day."""

    period: Period
    currency: str
    ledger: LedgerSums
    crm: CrmSide
    differences: Sequence[Difference]

    @property
    def actionable(self) -> Sum:
        """The differences that somebody has to look into: how many, and by how much money they are off."""
        found = [difference for difference in self.differences if difference.kind in ACTIONABLE_KINDS]
        return Sum(records=len(found), money=sum(difference.deviation for difference in found))


class Reconcile:
    """Reconcile one period of one tenant."""

    def __init__(
        self, settings: Records, ledger: Records, crm: CrmGateways, clock: Clock, timers: Timers
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._crm = crm
        self._clock = clock
        self._timers = timers

    def today(self, tenant_id: str) -> date:
        """The winery's local date."""
        tenant = tenant_record(self._settings, tenant_id)
        return local_date(self._clock.now(), tenant.timezone)

    def __call__(
        self,
        tenant_id: str,
        period: Period,
        list_orders_of: ListOrdersOf,
        extra: ExtraReservations = NO_EXTRA,
    ) -> Reconciliation:
        """Raises `NotFoundError`, `PeriodTooLargeError`. A failure of the CRM is part of the result.

        `extra`: reservations to compare besides those of the period.
        """
        winery = WineryContext(self._settings, tenant_id)
        in_period = ledger_entries(self._ledger, tenant_id, period)
        oldest = self._clock.now() - MAX_READ_BACK
        bookings = in_period | with_extra(self._ledger, tenant_id, in_period, extra, oldest)
        first_day = min(period.from_date, extra.look_from or date.max)
        begin, end = self._window(winery, first_day, bookings.entries)
        window = Window(begin, self._window(winery, period.from_date, in_period.entries)[0], end)
        side, differences = self._compare(winery, period, bookings.entries, window, list_orders_of)
        differences += late_changes(bookings.entries)
        differences += [_unreadable(reservation_id) for reservation_id in bookings.unreadable]
        return Reconciliation(
            period=period,
            currency=winery.tenant.currency,
            ledger=ledger_sums(bookings.named, bookings.entries),
            crm=side,
            differences=sorted(differences, key=sort_key),
        )

    def _compare(
        self,
        winery: WineryContext,
        period: Period,
        entries: Sequence[LedgerEntry],
        window: Window,
        list_orders_of: ListOrdersOf,
    ) -> tuple[CrmSide, list[Difference]]:
        if window.begin >= window.end:
            return CrmSide(state="nothing_to_compare"), []
        try:
            list_orders = list_orders_of(self._crm.of(winery.tenant))
            listed = read_window(list_orders, window, self._stop_condition(winery, period, entries))
        except NotSupportedByCrmError as failure:
            side = CrmSide(state="not_readable", reason=failure.stable_code, message=failure.message)
            return side, self._without_comparison(winery, entries, DifferenceKind.CRM_NOT_READABLE)
        except (CrmError, SettingsIncompleteError) as failure:
            side = CrmSide(state="unavailable", reason=failure.stable_code, message=failure.message)
            return side, self._without_comparison(winery, entries, DifferenceKind.CRM_UNAVAILABLE)
        return self._compare_with(listed, winery, period, entries)

    def _compare_with(
        self, listed: Listed, winery: WineryContext, period: Period, entries: Sequence[LedgerEntry]
    ) -> tuple[CrmSide, list[Difference]]:
        comparison = Comparison(CrmOrders(listed.orders, prefixes(winery, entries)), self._shown_by(winery))
        for entry in entries:
            comparison.add(entry)
        by_visit = winery.settings.pickup_date == "event_date"
        unknown = [
            order
            for order in self._unclaimed(winery.tenant.tenant_id, comparison)
            if order.crm_order_id in listed.period_ids
            and (not by_visit or order.pickup_date is None or period.holds(order.pickup_date))
        ]
        comparison.add_unknown(unknown)
        return CrmSide(state="compared", sums=comparison.sums), comparison.differences

    def _without_comparison(
        self, winery: WineryContext, entries: Sequence[LedgerEntry], kind: DifferenceKind
    ) -> list[Difference]:
        """The differences known without the CRM: each synced order, and each send without an answer."""
        synced = [difference_of(e, kind, ours=e.sent_total) for e in entries if e.state is OrderState.SYNCED]
        shown_by = self._shown_by(winery)
        return [*synced, *(unanswered(entry) for entry in entries if entry.is_unanswered(shown_by))]

    def _unclaimed(self, tenant_id: str, comparison: Comparison) -> list[ListedOrder]:
        """Orders with our prefix whose numbers belong to no reservation of any day."""
        numbers = comparison.unknown_numbers()
        keys = [order_number_key(tenant_id, number) for number in sorted(numbers)]
        claimed = {claim.number for claim in self._ledger.get_many(OrderNumberClaim, keys)}
        return [order for number, orders in numbers.items() if number not in claimed for order in orders]

    def _window(
        self, winery: WineryContext, day: date, entries: Sequence[LedgerEntry]
    ) -> tuple[datetime, datetime]:
        """From the first send or this day, whichever is earlier, until now."""
        skew = timedelta(seconds=self._timers.clock_skew)
        sent = [entry.first_sent_at for entry in entries if entry.first_sent_at]
        first_day = datetime.combine(day, time(0), ZoneInfo(winery.tenant.timezone))
        now = self._clock.now()
        if not sent and first_day > now:
            return now, now
        return min([*sent, first_day]) - skew, now + skew

    def _stop_condition(
        self, winery: WineryContext, period: Period, entries: Sequence[LedgerEntry]
    ) -> Callable[[datetime, Collection[ListedOrder]], bool]:
        """Read past the needed time only until every synced order is found.

        The CRM lists an order by its last change, so one that staff changed later is found only later.
        """
        last_day = datetime.combine(
            period.to_date + LATE_ORDER_MARGIN, time(0), ZoneInfo(winery.tenant.timezone)
        )
        times = [entry.synced_at or entry.settles_at for entry in entries]
        times += [entry.adjusted_at for entry in entries if entry.may_remain_after_refund]
        needed = max([last_day, *(time for time in times if time)]) + LATE_ORDER_MARGIN
        synced = [entry for entry in entries if entry.state is OrderState.SYNCED]
        known = prefixes(winery, entries)

        def is_enough(until: datetime, found: Collection[ListedOrder]) -> bool:
            return until >= needed and all(map(CrmOrders(found, known).of, synced))

        return is_enough

    def _shown_by(self, winery: WineryContext) -> datetime:
        """Orders written before this instant are certain to show in the CRM."""
        timers = winery.tenant.timers(self._timers)
        return self._clock.now() - timedelta(seconds=timers.read_lag + timers.clock_skew)


def prefixes(winery: WineryContext, entries: Sequence[LedgerEntry] = ()) -> set[str]:
    """The prefixes of our orders: today's, and those that they were sent with."""
    sent = {entry.number.prefix for entry in entries if entry.number}
    return sent | {winery.settings.order_prefix}


def sort_key(difference: Difference) -> str:
    """A difference's position in the list: the same each time it is found, so that a page can start there."""
    kind = list(DifferenceKind).index(difference.kind)
    names = (difference.visit_date, difference.reservation_id or difference.crm_order_id)
    return "|".join([f"{kind:02d}", *(str(name or "") for name in names)])


def _unreadable(reservation_id: str) -> Difference:
    return Difference(kind=DifferenceKind.UNREADABLE, reservation_id=reservation_id)
