"""List adjustments, and resolve one when staff say that they have applied it in the CRM.

Why: docs/decisions.md#at-most-one-open-adjustment
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from cellarhand.domain.adjustments.adjustment import (
    ADJUSTMENT_PREFIX,
    Adjustment,
    AdjustmentState,
    Resolution,
    VisitAmounts,
    adjustment_key,
    adjustments_worklist,
    is_adjustment_id,
    resolve_adjustment,
)
from cellarhand.domain.adjustments.advice import advice_text, remedy_of
from cellarhand.domain.errors import ConflictError, NotFoundError, StaleRecordError
from cellarhand.domain.orders.order_diff import OrderChange, OrderContext
from cellarhand.domain.orders.remedy import Remedy
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reservations.changes_after_sync import applied_in_crm
from cellarhand.domain.reservations.reservation import ReservationRecord, reservation_key
from cellarhand.domain.tenants.access_key import Caller
from cellarhand.ports.records import Page, Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.cursor import broken_cursor, cursor_text, read_cursor
from cellarhand.use_cases.tenants.audit_trail import AuditTrail
from cellarhand.use_cases.tenants.read_tenant import settings_of, tenant_record
from cellarhand.use_cases.update_record import update_record

ADJUSTMENTS_PER_PAGE = 50
_FIRST, _LAST = "0", "~"
"""Worklist positions before and after every adjustment."""
_NEXT = "!"
"""Appended to an adjustment's id, gives the position right after it."""

WantedState = AdjustmentState | Literal["all"]


class AdjustmentView(BaseModel):
    """An adjustment as shown to staff; `what_to_do` and `advice` are for today, and only if it is open.

    `revision` changes whenever the adjustment's content does.
    """

    adjustment_id: str
    state: AdjustmentState
    reservation_id: str
    sequence: int
    revision: int
    crm_order_id: str | None
    order_number: str | None
    changes: tuple[OrderChange, ...]
    in_crm: VisitAmounts
    wanted: VisitAmounts
    to_pay_back: int
    what_to_do: Remedy | None
    advice: str | None
    opened_at: datetime
    changed_at: datetime
    resolution: Resolution | None


class AdjustmentList(BaseModel):
    """A page of adjustments, oldest first."""

    adjustments: list[AdjustmentView]
    next: str | None


class ManageAdjustments:
    """Raises `StorageUnavailableError`."""

    def __init__(self, settings: Records, ledger: Records, trail: AuditTrail, clock: Clock) -> None:
        self._settings = settings
        self._ledger = ledger
        self._trail = trail
        self._clock = clock

    def search(self, tenant_id: str, state: WantedState, cursor: str | None = None) -> AdjustmentList:
        """A page of adjustments in this state. Raises `InvalidRequestError` for a broken cursor."""
        page = _page(self._ledger, tenant_id, state, _place(cursor) if cursor else None)
        timezone = tenant_record(self._settings, tenant_id).timezone
        views = [self._view(adjustment, timezone) for adjustment in page.items]
        return AdjustmentList(adjustments=views, next=cursor_text(page.next) if page.next else None)

    def resolve(
        self, caller: Caller, tenant_id: str, adjustment_id: str, note: str, revision: int
    ) -> AdjustmentView:
        """Record that staff have applied it in the CRM; a repeat changes nothing and returns the same.

        `revision`: the one that they were shown. Raises `NotFoundError`, and `ConflictError` if it is not
        the stored one, or if the adjustment was withdrawn.
        """
        closed = self._close(caller, tenant_id, adjustment_id, note, revision)
        self._trail.note(tenant_id, caller, "adjustment_resolved", adjustment_id=adjustment_id)
        return self._view(closed, tenant_record(self._settings, tenant_id).timezone)

    def _close(
        self, caller: Caller, tenant_id: str, adjustment_id: str, note: str, revision: int
    ) -> Adjustment:
        def close(stored: Adjustment) -> Adjustment:
            if stored.state is AdjustmentState.RESOLVED:
                return stored
            _check(stored, revision)
            now = self._clock.now()
            remedy = remedy_of(stored, now, tenant_record(self._settings, tenant_id).timezone)
            return resolve_adjustment(stored, Resolution(by=caller.key_id, at=now, note=note, remedy=remedy))

        return update_record(lambda: self._stored(tenant_id, adjustment_id), close, self._save_closed)

    def _save_closed(self, closed: Adjustment) -> Adjustment:
        self._ledger.save_all([self._adjusted_reservation(closed), closed])
        return closed.model_copy(update={"version": closed.version + 1})

    def _stored(self, tenant_id: str, adjustment_id: str) -> Adjustment:
        stored = self._ledger.get(Adjustment, adjustment_key(tenant_id, adjustment_id))
        if stored is None:
            raise NotFoundError("There is no such adjustment.")
        return stored

    def _adjusted_reservation(self, adjustment: Adjustment) -> ReservationRecord:
        resolution, tenant_id = adjustment.resolution, adjustment.tenant_id
        if resolution is None or resolution.remedy is None:
            raise ValueError("a resolved adjustment names the remedy that staff applied")
        key = reservation_key(tenant_id, adjustment.reservation_id)
        record = self._ledger.get(ReservationRecord, key)
        if record is None or record.adjustment_id != adjustment.adjustment_id:
            raise StaleRecordError("The reservation has another adjustment by now.")
        tenant = tenant_record(self._settings, tenant_id)
        terms = OrderContext(settings_of(self._settings, tenant_id), tenant.timezone)
        return applied_in_crm(record, resolution.remedy, terms, self._clock.now())

    def _view(self, adjustment: Adjustment, timezone: str) -> AdjustmentView:
        is_open = adjustment.state is AdjustmentState.OPEN
        remedy = remedy_of(adjustment, self._clock.now(), timezone) if is_open else None
        number = adjustment.order_number
        same = AdjustmentView.model_fields.keys() - {"order_number", "revision", "what_to_do", "advice"}
        return AdjustmentView(
            **{name: getattr(adjustment, name) for name in same},
            order_number=str(number) if number else None,
            revision=adjustment.version,
            what_to_do=remedy,
            advice=advice_text(adjustment, remedy) if remedy else None,
        )


def _check(adjustment: Adjustment, revision: int) -> None:
    if adjustment.state is AdjustmentState.WITHDRAWN:
        text = "The reservation matches its order in the CRM again: nothing is left to do."
        raise ConflictError(text, code="adjustment_withdrawn")
    if revision != adjustment.version:
        text = f"The adjustment has changed since you read it: check revision {adjustment.version}."
        raise ConflictError(text, code="adjustment_changed")


def _place(cursor: str) -> str:
    place = read_cursor(cursor)
    if not is_adjustment_id(place):
        raise broken_cursor()
    return place


def _page(ledger: Records, tenant_id: str, state: WantedState, after: str | None) -> Page[Adjustment]:
    """`after` and the page's `next` are ids: that of the last adjustment shown."""
    if state == "all":
        begin = f"{ADJUSTMENT_PREFIX}{after}" if after else None
        page = ledger.list_records(
            Adjustment,
            tenant_partition(tenant_id),
            ADJUSTMENT_PREFIX,
            limit=ADJUSTMENTS_PER_PAGE,
            after=begin,
        )
        return page._replace(next=page.next.removeprefix(ADJUSTMENT_PREFIX) if page.next else None)
    start = f"{after}{_NEXT}" if after else _FIRST
    keys = ledger.worklist(
        adjustments_worklist(tenant_id, state), start=start, end=_LAST, limit=ADJUSTMENTS_PER_PAGE
    )
    found = ledger.get_many(Adjustment, [key for key, _ in keys.items])
    # The index may lag behind: leave out adjustments whose state has changed meanwhile.
    current = [adjustment for adjustment in found if adjustment.state is state]
    return Page(current, keys.items[-1][1].position if keys.next else None)
