"""What the orders of one round of a sync run share, and what is told of each of them."""

from dataclasses import dataclass
from datetime import datetime

from cellarhand.domain.order_sync.sent_span import SentEvidence
from cellarhand.domain.order_sync.sync_run import ALREADY_SYNCED, OrderResult, SyncRun
from cellarhand.domain.reservations.eligibility import SkuKnowledge
from cellarhand.domain.reservations.order_lifecycle import settles_at
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.crm import CrmGateway
from cellarhand.ports.runtime import Deadline
from cellarhand.use_cases.crm.rate_limited_calls import RateLimitedCalls
from cellarhand.use_cases.ledger.winery_context import WineryContext


@dataclass(frozen=True)
class Batch:
    """`calls` bounds those at the tenant's CRM, however many threads prepare them."""

    run: SyncRun
    winery: WineryContext
    crm: CrmGateway
    skus: frozenset[str] | SkuKnowledge
    fence: int
    deadline: Deadline
    calls: RateLimitedCalls

    @property
    def is_crowded(self) -> bool:
        """Whether it began with so many waiting that the walk stood still: no guest is waited for then."""
        return not (self.run.walked or self.run.may_walk)


@dataclass(frozen=True)
class OrderOutcome:
    """How far one reservation came: a `result` if it is finished for this run, else when to look again.

    `no_answer`: the CRM was asked and gave none; `login_refused`: it lets nobody in; `out_of_time`: the
    invocation ends too soon to ask it. `is_nearer`: it need not be asked again what it has told this time.
    """

    reservation_id: str
    result: OrderResult | None = None
    again_at: datetime | None = None
    no_answer: bool = False
    login_refused: bool = False
    out_of_time: bool = False
    is_nearer: bool = False


def finished(result: OrderResult) -> OrderOutcome:
    """Nothing is left to do for it in this run."""
    return OrderOutcome(result.reservation_id, result)


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
        sent=_sent(record) if order.run_id == run.run_id else None,
    )


def _sent(record: ReservationRecord) -> SentEvidence | None:
    """Since when the CRM may have it; it has to be looked at once more, whatever became of it."""
    order = record.order
    if order.first_sent_at is None:
        return None
    confirmed_at = order.intent.sent_at if order.intent else order.synced_at
    return SentEvidence(
        first_sent_at=order.first_sent_at,
        confirmed_at=confirmed_at or order.first_sent_at,
        visit_date=record.snapshot.visit_date,
        unanswered=record.reservation_id if settles_at(record) else None,
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
