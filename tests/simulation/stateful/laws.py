"""What must hold after every step, judged by the CRMs' books and by what the engine was told."""

from collections import Counter

from hypothesis.stateful import invariant

from cellarhand.domain.order_sync.sync_run import ActiveRun
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import CustomerState, ReservationRecord
from tests.simulation.stateful.engine import EMAILS, EngineRules, Which
from tests.simulation.stateful.world import World

IN_DOUBT = frozenset({OrderState.SENDING, OrderState.UNKNOWN, OrderState.REVIEW})
PRIVATE = (*EMAILS, "Berg", "secret-")


class Laws(EngineRules):
    """`seen`: the sequence that each reservation had last."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[Which, int] = {}

    def check_laws(self) -> None:
        """All of them, now."""
        for law in LAWS:
            law(self)

    @invariant()
    def one_order_for_a_reservation_at_most(self) -> None:
        for record in self.world.reservations():
            assert len(self.world.orders_of(record)) <= 1, record.reservation_id

    @invariant()
    def one_customer_of_ours_for_an_email_at_most(self) -> None:
        for crm in self.world.crms.values():
            ours = Counter(each.email for each in crm.customers if each.customer_id in crm.ours)
            assert max(ours.values(), default=0) <= 1, ours

    @invariant()
    def what_was_accepted_is_confirmed_rejected_in_review_waiting_or_excluded(self) -> None:
        """And the book agrees: what is synced is there, and what is there is synced or in doubt."""
        stored = {_which(record): record for record in self.world.reservations()}
        assert self.answered.keys() <= stored.keys()
        for record in stored.values():
            if self.world.orders_of(record):
                assert record.order.state in {OrderState.SYNCED, *IN_DOUBT}, record.order
            else:
                assert record.order.state is not OrderState.SYNCED, record.order

    @invariant()
    def the_applied_sequence_never_falls(self) -> None:
        for record in self.world.reservations():
            which, sequence = _which(record), record.snapshot.sequence
            assert sequence >= max(self.seen.get(which, 0), self.answered.get(which, 0))
            self.seen[which] = sequence

    @invariant()
    def whatever_is_not_final_has_a_next_action(self) -> None:
        for record in self.world.reservations():
            is_pending = record.customer.state is CustomerState.PENDING
            assert is_pending is (record.due_at is not None), record.customer
        active = {marker.run_id for marker in self.world.ledger.peek(ActiveRun, "ACTIVE_RUN#")}
        for run in self.world.runs():
            assert run.is_over is (run.due is None), run
            assert run.is_over or run.run_id in active, run

    @invariant()
    def nobody_touches_what_is_another_winerys(self) -> None:
        assert self.world.touch.foreign == []

    @invariant()
    def nothing_private_is_told(self) -> None:
        """In logs, messages or metrics; what was found clean once is not read again."""
        told = [self.world.log.getvalue(), *self.world.hints.told, str(self.world.metrics.counted)]
        assert [word for word in PRIVATE if any(word in each for each in told)] == []
        assert '"unforeseen failure"' not in told[0]
        self.world.forget_told()


LAWS = (
    Laws.one_order_for_a_reservation_at_most,
    Laws.one_customer_of_ours_for_an_email_at_most,
    Laws.what_was_accepted_is_confirmed_rejected_in_review_waiting_or_excluded,
    Laws.the_applied_sequence_never_falls,
    Laws.whatever_is_not_final_has_a_next_action,
    Laws.nobody_touches_what_is_another_winerys,
    Laws.nothing_private_is_told,
)


def _which(record: ReservationRecord) -> Which:
    return record.tenant_id, record.reservation_id
