"""What changed after its order was sent: staff know of it, and carry it over."""

from collections.abc import Iterator, Sequence

from .comparison import Difference, DifferenceKind, about
from .ledger_side import Booked


def late_changes(entries: Sequence[Booked]) -> Iterator[Difference]:
    """Reservations that changed after their order was sent: what it should show, and what it was."""
    for entry in entries:
        if entry.locked:
            kind, named = DifferenceKind.OPEN_ADJUSTMENT, entry.adjustment_id
            theirs = entry.sent_total if entry.carried_over is None else entry.carried_over
            yield about(entry, kind, ours=entry.wanted, theirs=theirs, adjustment_id=named)
        elif entry.carried_over is not None:
            yield about(entry, DifferenceKind.LATE_CHANGE, ours=entry.carried_over, theirs=entry.sent_total)
