"""How the CRM says no: to wrong logins, to wrong orders, and whether wrong passwords lock the account."""

from uuid import uuid4

from cellarhand.adapters.crm.vinsuite.orders.catalogue import GET_CLUBS
from cellarhand.adapters.crm.vinsuite.orders.orders import ADD_ORDER
from cellarhand.adapters.crm.vinsuite.wire.assumptions import DEFAULT_ASSUMPTIONS
from cellarhand.adapters.crm.vinsuite.wire.envelope import Credentials, Fields
from cellarhand.adapters.crm.vinsuite.wire.identities import TEST_CALL
from operations.uat_probe.findings import Refusal, Refusals
from operations.uat_probe.orders import order_fields, without
from operations.uat_probe.session import Session
from operations.uat_probe.wire import Reply

_WRONG = "not-the-password"
_NO_SUCH_CALL = "CellarhandProbe"
_NEVER_SENT = "number too large"
"""The adapter refuses it itself."""
_TOO_LARGE = 2**31


def refusals(session: Session) -> Refusals:
    """The last step, for it may lock the account."""
    right = session.wire.credentials
    logins = {
        "wrong password": right._replace(password=_WRONG),
        "wrong partner key": right._replace(partner_key=str(uuid4())),
    }
    seen = [_of_login(session, what, login) for what, login in logins.items()]
    seen += [_of_order(session, what, fields) for what, fields in _wrong_orders(session).items()]
    unknown = session.wire.post(_NO_SUCH_CALL, [])
    seen.append(
        _refusal("unknown call", unknown, known=unknown.ended == "fault" and "Client" in str(unknown.text))
    )
    return Refusals(
        seen=tuple(seen),
        wrong_logins_tried=session.limits.wrong_logins,
        locks_after=_locks_after(session),
    )


def _of_login(session: Session, what: str, login: Credentials) -> Refusal:
    """A good call after each, so that nobody counts two bad ones in a row."""
    tested = session.wire.post(TEST_CALL, [], login)
    session.wire.post(TEST_CALL, [])
    refused = session.wire.post(GET_CLUBS, [], login)
    session.wire.post(TEST_CALL, [])
    texts = DEFAULT_ASSUMPTIONS.login_refused_texts + DEFAULT_ASSUMPTIONS.partner_key_refused_texts
    known = any(text in (refused.text or "").lower() for text in texts)
    return _refusal(what, refused, known=known).model_copy(update={"identities": _identities(tested)})


def _identities(reply: Reply) -> tuple[str | None, str | None]:
    infos = [reply.result.child(name) if reply.result else None for name in _IDENTITIES]
    primary, secondary = (info.value("Type") if info else None for info in infos)
    return primary, secondary


_IDENTITIES = ("PrimaryAuthInfo", "SecondaryAuthInfo")


def _wrong_orders(session: Session) -> dict[str, Fields]:
    """Each lacks something, so that none should be taken."""
    good = order_fields(session.next_number(), session.guest)
    huge = session.next_number().model_copy(update={"number": _TOO_LARGE})
    return {
        "no lines": without(good, "OrderItems"),
        "no e-mail": without(good, "BillingEmail"),
        _NEVER_SENT: order_fields(huge, session.guest),
    }


def _of_order(session: Session, what: str, fields: Fields) -> Refusal:
    reply = session.wire.post(ADD_ORDER, fields)
    doubtful = any(word in (reply.text or "").lower() for word in DEFAULT_ASSUMPTIONS.doubtful_refusal_texts)
    known = reply.ended == "fault" if what == _NEVER_SENT else reply.ended == "refused" and not doubtful
    return _refusal(what, reply, known=known)


def _refusal(what: str, reply: Reply, *, known: bool) -> Refusal:
    return Refusal(what=what, ended=reply.ended, text=reply.text, known=known)


def _locks_after(session: Session) -> int | None:
    """Wrong passwords in a row, until the words change; then the right one shows whether that was a lock."""
    wrong = session.wire.credentials._replace(password=_WRONG)
    texts: list[str | None] = []
    for _ in range(session.limits.wrong_logins):
        texts.append(session.wire.post(GET_CLUBS, [], wrong).text)
        if texts[-1] != texts[0]:
            break
    if not texts or session.wire.post(GET_CLUBS, []).ended == "accepted":
        return None
    return len(texts) - 1 if texts[-1] != texts[0] else len(texts)
