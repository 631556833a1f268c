"""When a run's orders were sent, and which reservations they are of."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cellarhand.domain.models import FrozenModel

MAX_SPAN = timedelta(hours=1)
"""What was sent within so long is looked at together, when the first of it is due."""


class SentEvidence(FrozenModel):
    """When a reservation's order was first sent, and when it was last sent or confirmed.

    `visit_date`: the local date of its visit.
    `unanswered`: the reservation, if its run ended before anybody knew what became of the order.
    """

    first_sent_at: datetime
    confirmed_at: datetime
    visit_date: date
    unanswered: str | None = None


class SentSpan(FrozenModel):
    """What a run has sent and is not planned to be looked at again.

    `sent_from`: where that look must begin. `since` and `until`: the first and the last of it to be told.
    `unanswered`: reservations of which nobody knew what became of the order.
    """

    sent_from: datetime
    since: datetime
    until: datetime
    unanswered: tuple[str, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether its first orders can't wait for later ones."""
        return self.until - self.since >= MAX_SPAN

    def is_over_before(self, told: Sequence[SentEvidence]) -> bool:
        """Whether these come too late to be looked at together with its first."""
        return any(told) and min(one.confirmed_at for one in told) - self.since >= MAX_SPAN


def widened(span: SentSpan | None, told: Sequence[SentEvidence]) -> SentSpan | None:
    """With these, too."""
    firsts = [one.first_sent_at for one in told]
    times = [one.confirmed_at for one in told]
    unanswered = [one.unanswered for one in told if one.unanswered]
    if span is not None:
        firsts.append(span.sent_from)
        times += [span.since, span.until]
        unanswered = [*span.unanswered, *unanswered]
    if not firsts:
        return None
    first, last = min(times), max(times)
    return SentSpan(sent_from=min(firsts), since=first, until=last, unanswered=tuple(unanswered))
