"""What the orders of one round of a sync run share, and what is told of each of them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from cellarhand.domain.eligibility import SkuKnowledge
from cellarhand.domain.reservation import OrderState, ReservationRecord
from cellarhand.domain.sync_run import ALREADY_SYNCED, OrderResult, SyncRun
from cellarhand.ports import CrmGateway, Deadline
from cellarhand.use_cases.time_budget import OutOfTimeError
from cellarhand.use_cases.winery_basis import WineryBasis

SECONDS_TO_RECORD = 2.0
"""Kept free after a call's time-out, to write down how it ended."""


@dataclass(frozen=True)
class Round:
    """`allowance` bounds the calls in flight at the tenant's CRM, however many threads prepare them."""

    run: SyncRun
    winery: WineryBasis
    crm: CrmGateway
    skus: frozenset[str] | SkuKnowledge
    fence: int
    deadline: Deadline
    allowance: AbstractContextManager[object]

    @contextmanager
    def call(self, timeout: float) -> Iterator[None]:
        """A call to the CRM, in its turn. Raises `OutOfTimeError` if it could outlive the invocation."""
        with self.allowance:
            if self.deadline.seconds_left() < timeout + SECONDS_TO_RECORD:
                raise OutOfTimeError("There was not enough time left to call the CRM.")
            yield


@dataclass(frozen=True)
class Handled:
    """How far one reservation came: a `result` if it is finished for this run, else when to look again.

    `no_answer`: the CRM was asked and gave none; `login_refused`: it lets nobody in.
    """

    reservation_id: str
    result: OrderResult | None = None
    again_at: datetime | None = None
    no_answer: bool = False
    login_refused: bool = False


def finished(result: OrderResult) -> Handled:
    """Nothing is left to do for it in this run."""
    return Handled(result.reservation_id, result)


def result_of(record: ReservationRecord, run: SyncRun) -> OrderResult:
    """How its order stands; what another run synced is `already_synced` and brings no money."""
    order = record.order
    synced = order.state is OrderState.SYNCED
    by_this_run = synced and order.run_id == run.run_id
    return OrderResult(
        reservation_id=record.reservation_id,
        order_state=order.state,
        reason=ALREADY_SYNCED if synced and not by_this_run else order.reason,
        crm_order_id=order.crm_order_id,
        message=order.message,
        total=order.sent.total if by_this_run and order.sent else None,
    )


def unknown_reservation(reservation_id: str) -> OrderResult:
    """An id that was asked for by name, and is nobody's."""
    text = "There is no such reservation."
    return OrderResult(reservation_id=reservation_id, order_state=None, reason="not_found", message=text)


def failed_on_our_side(reservation_id: str, record: ReservationRecord | None) -> OrderResult:
    """Our own code could not handle it; its failure is in the log."""
    return OrderResult(
        reservation_id=reservation_id,
        order_state=record.order.state if record else None,
        reason="internal_error",
        message="Something failed on our side; it is recorded.",
    )
