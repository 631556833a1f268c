"""How customers are found by e-mail and last name, and whether one e-mail can have two."""

from typing import Literal, NamedTuple

from cellarhand.adapters.crm.vinsuite.customers.member_writing import ADD_UPDATE_MEMBER, member_fields
from cellarhand.adapters.crm.vinsuite.customers.members import GET_MEMBERS
from cellarhand.adapters.crm.vinsuite.wire.assumptions import DEFAULT_ASSUMPTIONS
from cellarhand.adapters.crm.vinsuite.wire.envelope import Fields
from cellarhand.domain.customers.customer import CustomerData
from operations.uat_probe.findings import Members
from operations.uat_probe.session import Session
from operations.uat_probe.wire import Reply


class _Again(NamedTuple):
    outcome: Literal["updates", "creates_second", "refused", "unclear"]
    text: str | None


def members(session: Session) -> Members:
    """Add one with capital letters in the e-mail, look for them, add them again; then add a crowd."""
    email = _with_capitals(session.next_guest())
    last_name = f"Probe{session.journal.token}{session.journal.customers_sent}"
    added = _add(session, email, last_name)
    member_id = added.guid("MemberID") or ""
    found_after = _found_after(session, email, member_id)
    again = _add_again(session, email, last_name, member_id)
    crowd = f"{last_name}crowd"
    for _ in range(session.limits.members):
        _add(session, session.next_guest(), crowd)
    return Members(
        found_after=found_after,
        case_ignored=None if found_after is None else _finds(session, email.lower(), member_id),
        finds_parts=None if found_after is None else _finds(session, email.partition("@")[0], member_id),
        repeated_email=again.outcome,
        text=again.text,
        added=session.limits.members,
        listed=_listed(session, crowd),
    )


def _with_capitals(email: str) -> str:
    return email.replace("probe", "Probe", 1)


def _add(session: Session, email: str, last_name: str) -> Reply:
    data = CustomerData(email=email, first_name="Test", last_name=last_name)
    return session.wire.post(ADD_UPDATE_MEMBER, [("Member", member_fields(data, DEFAULT_ASSUMPTIONS))])


def _found_after(session: Session, email: str, member_id: str) -> float | None:
    for passed in session.polls(session.limits.read_bound):
        if _finds(session, email, member_id):
            return round(passed, 3)
    return None


def _finds(session: Session, email: str, member_id: str) -> bool:
    return member_id in _ids(session, [("Email", email)])


def _add_again(session: Session, email: str, last_name: str, member_id: str) -> _Again:
    reply = _add(session, email, last_name)
    if reply.ended == "refused":
        return _Again("refused", reply.text)
    if reply.ended != "accepted":
        return _Again("unclear", reply.text)
    return _Again("updates" if reply.guid("MemberID") == member_id else "creates_second", None)


def _listed(session: Session, last_name: str) -> int:
    """How many of the crowd one search lists, once it lists no more than before."""
    most = 0
    for _ in session.polls(min(session.limits.read_bound, _CROWD_BOUND)):
        most = max(most, len(_ids(session, [("LastName", last_name)])))
        if most >= session.limits.members:
            break
    return most


_CROWD_BOUND = 60


def _ids(session: Session, search: Fields) -> set[str | None]:
    rows = session.read(GET_MEMBERS, search).items(DEFAULT_ASSUMPTIONS.members_list, "MemberID")
    return {row.guid("MemberID") for row in rows}
