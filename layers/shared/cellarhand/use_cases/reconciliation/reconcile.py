"""Holding a period's reservations against the CRM's orders, in records and in money. Reads only."""

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

from .crm_order_reader import Ask, Listed, Window, orders_in
from .ledger_reader import (
    NONE,
    ExtraReservations,
    LedgerEntries,
    Period,
    ledger_entries,
    with_extra,
)

LATE = timedelta(days=1)
"""So long after the last send, a second order of the same number would show."""

AskOf = Callable[[CrmGateway], Ask]


class CrmSide(FrozenModel):
    """Whether the CRM could be compared with, and what it has. `reason` and `message` say why not."""

    state: Literal["compared", "nothing_to_compare", "not_readable", "unavailable"]
    reason: str | None = None
    message: str | None = None
    sums: CrmSums = CrmSums()


class Reconciliation(NamedTuple):
    """What was found. `differences` are in the order of their kinds, then of the days."""

    period: Period
    currency: str
    books: LedgerSums
    crm: CrmSide
    differences: Sequence[Difference]

    @property
    def figure(self) -> Sum:
        """What somebody has to look into: how many differences, and by how much money they are off."""
        found = [each for each in self.differences if each.kind in ACTIONABLE_KINDS]
        return Sum(records=len(found), money=sum(each.deviation for each in found))


class Reconcile:
    """One tenant, one period."""

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
        self, tenant_id: str, period: Period, ask_of: AskOf, also: ExtraReservations = NONE
    ) -> Reconciliation:
        """Raises `NotFoundError`, `PeriodTooLargeError`. What the CRM fails in is part of the answer.

        `also`: reservations to be held against the CRM beside those of the period.
        """
        winery = WineryContext(self._settings, tenant_id)
        in_period = ledger_entries(self._ledger, tenant_id, period)
        oldest = self._clock.now() - MAX_READ_BACK
        bookings = in_period | with_extra(self._ledger, tenant_id, in_period, also, oldest)
        begin, end = self._window(winery, min(period.from_date, also.look_from or date.max), bookings.entries)
        window = Window(begin, self._window(winery, period.from_date, in_period.entries)[0], end)
        side, differences = self._compared(winery, period, bookings.entries, window, ask_of)
        differences += late_changes(bookings.entries)
        differences += [_unreadable(id_) for id_ in bookings.unreadable]
        return Reconciliation(
            period=period,
            currency=winery.tenant.currency,
            books=_books(bookings),
            crm=side,
            differences=sorted(differences, key=place_of),
        )

    def _compared(
        self,
        winery: WineryContext,
        period: Period,
        entries: Sequence[LedgerEntry],
        window: Window,
        ask_of: AskOf,
    ) -> tuple[CrmSide, list[Difference]]:
        if window.begin >= window.end:
            return CrmSide(state="nothing_to_compare"), []
        try:
            ask = ask_of(self._crm.of(winery.tenant))
            listed = orders_in(ask, window, self._enough(winery, period, entries))
        except NotSupportedByCrmError as lacking:
            side = CrmSide(state="not_readable", reason=lacking.stable_code, message=lacking.message)
            return side, self._not_compared(winery, entries, DifferenceKind.CRM_NOT_READABLE)
        except (CrmError, SettingsIncompleteError) as failure:
            side = CrmSide(state="unavailable", reason=failure.stable_code, message=failure.message)
            return side, self._not_compared(winery, entries, DifferenceKind.CRM_UNAVAILABLE)
        return self._held_against(winery, period, entries, listed)

    def _held_against(
        self, winery: WineryContext, period: Period, entries: Sequence[LedgerEntry], listed: Listed
    ) -> tuple[CrmSide, list[Difference]]:
        comparison = Comparison(CrmOrders(listed.orders, prefixes(winery, entries)), self._shown_by(winery))
        for entry in entries:
            comparison.add(entry)
        by_visit = winery.settings.pickup_date == "event_date"
        strangers = [
            order
            for order in self._unclaimed(winery.tenant.tenant_id, comparison)
            if order.crm_order_id in listed.own_ids
            and (not by_visit or order.pickup_date is None or period.holds(order.pickup_date))
        ]
        comparison.add_unknown(strangers)
        return CrmSide(state="compared", sums=comparison.sums), comparison.differences

    def _not_compared(
        self, winery: WineryContext, entries: Sequence[LedgerEntry], kind: DifferenceKind
    ) -> list[Difference]:
        """What was sent and got no answer is known without the CRM."""
        synced = [difference_of(e, kind, ours=e.sent_total) for e in entries if e.state is OrderState.SYNCED]
        by = self._shown_by(winery)
        return [*synced, *(unanswered(entry) for entry in entries if entry.is_unanswered(by))]

    def _unclaimed(self, tenant_id: str, comparison: Comparison) -> list[ListedOrder]:
        """Orders with our prefix whose numbers are no reservation's, of whatever day."""
        numbers = comparison.unknown_numbers()
        keys = [order_number_key(tenant_id, number) for number in sorted(numbers)]
        claimed = {claim.number for claim in self._ledger.get_many(OrderNumberClaim, keys)}
        return [order for number, orders in numbers.items() if number not in claimed for order in orders]

    def _window(
        self, winery: WineryContext, day: date, entries: Sequence[LedgerEntry]
    ) -> tuple[datetime, datetime]:
        """From the first send, or this day, until now."""
        skew = timedelta(seconds=self._timers.clock_skew)
        sent = [entry.first_sent_at for entry in entries if entry.first_sent_at]
        first_day = datetime.combine(day, time(0), ZoneInfo(winery.tenant.timezone))
        now = self._clock.now()
        if not sent and first_day > now:
            return now, now
        return min([*sent, first_day]) - skew, now + skew

    def _enough(
        self, winery: WineryContext, period: Period, entries: Sequence[LedgerEntry]
    ) -> Callable[[datetime, Collection[ListedOrder]], bool]:
        """An order that staff changed later is read later; when all are there, nothing later is needed."""
        last_day = datetime.combine(period.to_date + LATE, time(0), ZoneInfo(winery.tenant.timezone))
        times = [entry.synced_at or entry.settles_at for entry in entries]
        times += [entry.adjusted_at for entry in entries if entry.may_remain_after_refund]
        needed = max([last_day, *(time for time in times if time)]) + LATE
        synced = [entry for entry in entries if entry.state is OrderState.SYNCED]
        known = prefixes(winery, entries)

        def is_enough(until: datetime, found: Collection[ListedOrder]) -> bool:
            return until >= needed and all(map(CrmOrders(found, known).of, synced))

        return is_enough

    def _shown_by(self, winery: WineryContext) -> datetime:
        """Until when what was written is certain to show."""
        timers = winery.tenant.timers(self._timers)
        return self._clock.now() - timedelta(seconds=timers.read_lag + timers.clock_skew)


def prefixes(winery: WineryContext, entries: Sequence[LedgerEntry] = ()) -> set[str]:
    """Those that our orders carry by today's settings, or did when they were sent."""
    sent = {entry.number.prefix for entry in entries if entry.number}
    return sent | {winery.settings.order_prefix}


def place_of(difference: Difference) -> str:
    """Where a difference stands in the list: the same whenever it is found again."""
    kind = list(DifferenceKind).index(difference.kind)
    names = (difference.visit_date, difference.reservation_id or difference.crm_order_id)
    return "|".join([f"{kind:02d}", *(str(name or "") for name in names)])


def _books(bookings: LedgerEntries) -> LedgerSums:
    return ledger_sums(bookings.named, bookings.entries)


def _unreadable(reservation_id: str) -> Difference:
    return Difference(kind=DifferenceKind.UNREADABLE, reservation_id=reservation_id)
