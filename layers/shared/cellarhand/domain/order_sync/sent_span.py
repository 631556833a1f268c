"""The orders that a sync run has sent and that no duplicate check is planned for yet.

Why: docs/decisions.md#one-duplicate-check-for-each-hour-of-a-run
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cellarhand.domain.models import FrozenModel

MAX_SPAN = timedelta(hours=1)
"""Orders sent within this time share one duplicate check, due a day after the first of them."""


class SentEvidence(FrozenModel):
    """When a reservation's order was first sent, and when it was last sent or confirmed.

    `visit_date`: the local date of its visit.
    `unanswered`: the reservation id, if its run ended without a known result of the send.
    """

    first_sent_at: datetime
    confirmed_at: datetime
    visit_date: date
    unanswered: str | None = None


class SentSpan(FrozenModel):
    """The orders of a run that wait for a duplicate check to be planned.

    `sent_from`: the first send, from where the check must read the CRM. `since` and `until`: the first and
    the last `confirmed_at`. `unanswered`: ids of reservations whose send has no known result.
    """

    sent_from: datetime
    since: datetime
    until: datetime
    unanswered: tuple[str, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether its check must be planned now, without waiting for later orders."""
        return self.until - self.since >= MAX_SPAN

    def is_over_before(self, evidence: Sequence[SentEvidence]) -> bool:
        """Whether all of these came too late to share a check with its first order."""
        return any(evidence) and min(sent.confirmed_at for sent in evidence) - self.since >= MAX_SPAN


def widen(span: SentSpan | None, evidence: Sequence[SentEvidence]) -> SentSpan | None:
    """The span that covers these, too; None while nothing was sent."""
    firsts = [sent.first_sent_at for sent in evidence]
    times = [sent.confirmed_at for sent in evidence]
    unanswered = [sent.unanswered for sent in evidence if sent.unanswered]
    if span is not None:
        firsts.append(span.sent_from)
        times += [span.since, span.until]
        unanswered = [*span.unanswered, *unanswered]
    if not firsts:
        return None
    first, last = min(times), max(times)
    return SentSpan(sent_from=min(firsts), since=first, until=last, unanswered=tuple(unanswered))
