"""How many calls are let through, one after the other and at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from cellarhand.adapters.crm.vinsuite.orders.catalogue import GET_CLUBS
from operations.uat_probe.findings import Pace, TurnedAway
from operations.uat_probe.session import Session
from operations.uat_probe.wire import Reply

_A_SECOND = 1.1


def pace(session: Session) -> Pace:
    """Reads that cost little: first in a row, then by twos, threes and more."""
    a_second = _in_a_row(session)
    most = min(session.limits.in_flight, a_second.let_through if a_second else session.limits.in_flight)
    return Pace(
        tried_a_second=session.limits.burst,
        tried_in_flight=most,
        a_second=a_second,
        in_flight=_at_once(session, most),
    )


def _in_a_row(session: Session) -> TurnedAway | None:
    through: list[float] = []
    for _ in range(session.limits.burst):
        reply = _call(session)
        now = time.monotonic()
        if is_turned_away(reply):
            session.wait_as_told(reply.retry_after)
            return _turned_away(reply, sum(now - at < 1 for at in through))
        through.append(now)
    return None


def _at_once(session: Session, most: int) -> TurnedAway | None:
    for width in range(2, most + 1):
        session.pause(_A_SECOND)
        barrier = Barrier(width)

        def together(_: int, barrier: Barrier = barrier) -> Reply:
            barrier.wait()
            return _call(session)

        with ThreadPoolExecutor(width) as pool:
            replies = list(pool.map(together, range(width)))
        away = [reply for reply in replies if is_turned_away(reply)]
        if away:
            session.wait_as_told(away[0].retry_after)
            return _turned_away(away[0], width - len(away))
    return None


def is_turned_away(reply: Reply) -> bool:
    """Whether a harmless read was answered with a status of its own."""
    return reply.ended == "status"


def _turned_away(reply: Reply, let_through: int) -> TurnedAway:
    return TurnedAway(let_through=let_through, status=reply.status, retry_after=reply.retry_after)


def _call(session: Session) -> Reply:
    return session.wire.post(GET_CLUBS, [("IncludeInactiveClubs", False)])
