"""The two delays that the settle time rests on: how late reads are, and how late a call is still executed."""

from datetime import UTC, datetime

from cellarhand.adapters.crm.vinsuite.orders.orders import ADD_ORDER
from operations.uat_probe.findings import Delays
from operations.uat_probe.journal import Cut
from operations.uat_probe.orders import order_fields, row_of, rows_since, send_taken, shown_number
from operations.uat_probe.session import PREFIX, Session

from .order_steps import row_is_readable

_HANG_UP_AFTER = (0.05, 0.2, 1.0)
"""Seconds; by turns, so that some are cut before the work begins and some in the midst of it."""
_TOLD_EVERY = 20


def read_lag(session: Session) -> Delays:
    """Send and look until it is shown, so many times."""
    journal = session.journal
    while row_is_readable(session) and len(journal.read_lags) + journal.never_read < session.limits.reads:
        sent = send_taken(session)
        found = row_of(session, sent, session.limits.read_bound)
        if found:
            journal.read_lags.append(round(found[1], 3))
        else:
            journal.never_read += 1
        session.notebook.save()
        _report(session, "reads", len(journal.read_lags) + journal.never_read, session.limits.reads)
    return Delays(seconds=tuple(sorted(journal.read_lags)), not_seen=journal.never_read)


def late_execution(session: Session) -> Delays:
    """Send and hang up, so many times; then look until all are there or the bound has passed."""
    if not row_is_readable(session):
        return Delays(seconds=(), not_seen=0)
    cuts = session.journal.cuts
    while len(cuts) < session.limits.cuts:
        cuts.append(_cut(session, _HANG_UP_AFTER[len(cuts) % len(_HANG_UP_AFTER)]))
        session.notebook.save()
        _report(session, "cuts", len(cuts), session.limits.cuts)
        _look_for(session, cuts)
        session.pause(session.limits.spacing)
    while _open(session, cuts):
        session.pause(session.limits.poll)
        _look_for(session, cuts)
    seen = sorted(each.seen_after for each in cuts if each.seen_after is not None)
    return Delays(seconds=tuple(seen), not_seen=len(cuts) - len(seen))


def _cut(session: Session, after: float) -> Cut:
    number = session.next_number()
    session.wire.hang_up(ADD_ORDER, order_fields(number, session.guest), after)
    return Cut(number=number.number, at=datetime.now(UTC))


def _look_for(session: Session, cuts: list[Cut]) -> None:
    """Write down which of those that are open are there now."""
    looked_for = _open(session, cuts)
    if not looked_for:
        return
    rows = rows_since(session, min(each.at for each in looked_for))
    there, now = {shown_number(row).removeprefix(PREFIX) for row in rows}, datetime.now(UTC)
    for each in looked_for:
        if str(each.number) in there:
            each.seen_after = round((now - each.at).total_seconds(), 3)
    session.notebook.save()


def _open(session: Session, cuts: list[Cut]) -> list[Cut]:
    now = datetime.now(UTC)
    return [
        each
        for each in cuts
        if each.seen_after is None and (now - each.at).total_seconds() <= session.limits.late_bound
    ]


def _report(session: Session, what: str, done: int, wanted: int) -> None:
    if done % _TOLD_EVERY == 0 or done == wanted:
        session.report(f"  {done} of {wanted} {what}")
