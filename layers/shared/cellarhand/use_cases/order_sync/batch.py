"""A batch of a sync run: what its orders share, and the outcome and result of each.

Why: docs/decisions.md#a-crowded-run-doesnt-wait-for-guests
"""

from dataclasses import dataclass
from datetime import datetime

from cellarhand.domain.errors import FAILED_ON_OUR_SIDE, CellarhandError
from cellarhand.domain.order_sync.run_results import ALREADY_SYNCED, OrderResult
from cellarhand.domain.order_sync.sent_span import SentEvidence
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.reservations.eligibility import SkuKnowledge
from cellarhand.domain.reservations.order_lifecycle import settles_at
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.crm import CrmGateway
from cellarhand.ports.runtime import Deadline
from cellarhand.use_cases.crm.rate_limited_calls import RateLimitedCalls
from cellarhand.use_cases.ledger.read_reservation import NO_SUCH_RESERVATION
from cellarhand.use_cases.ledger.winery_context import WineryContext


@dataclass(frozen=True)
class Batch:
    """`calls` limits the calls to the tenant's CRM, however many threads prepare orders."""

    run: SyncRun
    winery: WineryContext
    crm: CrmGateway
    skus: frozenset[str] | SkuKnowledge
    fence: int
    deadline: Deadline
    calls: RateLimitedCalls

    @property
    def is_crowded(self) -> bool:
        """Whether `waiting` was already full at the start. Then the batch doesn't wait for pending guests."""
        return not (self.run.walked or self.run.may_walk)


@dataclass(frozen=True)
class OrderOutcome:
    """How far one reservation came: a `result` if it is finished for this run, else when to try again.

    `no_answer`: the CRM was called and did not answer. `login_refused`: it refuses the winery's login.
    `out_of_time`: the invocation ends too soon for a call. `made_progress`: an answer of the CRM was saved,
    so that the next try need not ask for it again.
    """

    reservation_id: str
    result: OrderResult | None = None
    again_at: datetime | None = None
    no_answer: bool = False
    login_refused: bool = False
    out_of_time: bool = False
    made_progress: bool = False


def finish(result: OrderResult) -> OrderOutcome:
    """The outcome of a reservation that is finished in this run."""
    return OrderOutcome(result.reservation_id, result)


def result_of(record: ReservationRecord, run: SyncRun) -> OrderResult:
    """The current state of its order; what another run synced is `already_synced` and adds no money."""
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
    """When the CRM may have received it: whatever came of the send, a duplicate check must include it."""
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


def not_found_result(reservation_id: str) -> OrderResult:
    """The result of an id that a selection names and no reservation has."""
    return OrderResult(
        reservation_id=reservation_id, order_state=None, reason="not_found", message=NO_SUCH_RESERVATION
    )


def internal_error_result(reservation_id: str, record: ReservationRecord | None) -> OrderResult:
    """The result of a reservation on which our own code failed; the log has the error."""
    return OrderResult(
        reservation_id=reservation_id,
        order_state=record.order.state if record else None,
        reason=CellarhandError.code,
        message=FAILED_ON_OUR_SIDE,
    )
