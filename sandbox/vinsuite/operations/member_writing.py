"""AddUpdateMember: the only call that writes customers on purpose."""

from typing import Any
from uuid import UUID

from sandbox.vinsuite.operations.context import Context, RefusedError
from sandbox.vinsuite.state.book import Member, MemberType, folded
from sandbox.vinsuite.wire.payloads import AddUpdateMemberRequest, MemberAdd
from sandbox.vinsuite.wire.reply_xml import Fields
from sandbox.vinsuite.wire.values import wire_name


def add_update_member(context: Context, request: AddUpdateMemberRequest) -> Fields:
    """Update the member named by id or e-mail, else add one."""
    sent = request.member
    if sent is None:
        raise RefusedError("Member is required.")
    target = _target(context, sent)
    if target is None:
        _require(sent, "email", "first_name", "last_name")
    member = _changed(context, target, sent) if target else _new(context, sent)
    context.book.keep_member(member)
    return {"MemberID": member.member_id}


def _target(context: Context, sent: MemberAdd) -> Member | None:
    """Find whom to update; None means that a new member is to be added."""
    if sent.member_id is not None:
        if sent.member_id not in context.book.members:
            raise RefusedError("MemberID is not a member of this winery.")
        return context.book.members[sent.member_id]
    known = context.book.members_with_email(sent.email)
    return _known_by_email(context, known[0]) if known else None


def _known_by_email(context: Context, member: Member) -> Member | None:
    answer = context.behaviours.repeated_email
    if answer == "updates":
        return member
    context.faults.behaved(f"repeated_email={answer}")
    if answer == "refused":
        raise RefusedError("Email already belongs to a member.")
    return None


def _require(sent: MemberAdd, *fields: str) -> None:
    for field in fields:
        if not folded(getattr(sent, field)):
            raise RefusedError(f"{wire_name(field)} is required.")


def _new(context: Context, sent: MemberAdd) -> Member:
    given = sent.model_dump(exclude_none=True, exclude={"member_id"})
    born: dict[str, Any] = {"modified_at": context.now, "added_at": context.now}
    return Member(member_id=context.new_id(), came_by="AddUpdateMember", **born, **given)


def _changed(context: Context, member: Member, sent: MemberAdd) -> Member:
    given: dict[str, Any] = sent.model_dump(exclude_none=True, exclude={"member_id"})
    if context.behaviours.empty_strings == "change_nothing":
        given = {name: value for name, value in given.items() if value != ""}
    return member.model_copy(update={**given, "modified_at": context.now})


def buyer_of_order(context: Context, email: str, details: dict[str, Any]) -> UUID | None:
    """Link an order's buyer by e-mail, else create that member where the service does so."""
    known = context.book.members_with_email(email)
    if not known and not context.behaviours.order_creates_member:
        context.faults.behaved("order_creates_member=false")
        return None
    member = known[0] if known else _buyer(context, email, details)
    purchasers = _purchasers(context)
    if not known or purchasers not in member.member_type_ids:
        types = (*member.member_type_ids, purchasers)
        context.book.keep_member(
            member.model_copy(update={"member_type_ids": types, "modified_at": context.now})
        )
    return member.member_id


def _buyer(context: Context, email: str, details: dict[str, Any]) -> Member:
    born: dict[str, Any] = {"modified_at": context.now, "added_at": context.now}
    return Member(member_id=context.new_id(), email=email, came_by="AddOrder", **born, **details)


def _purchasers(context: Context) -> UUID:
    """Find the built-in type that a purchase gives; a book without it gets it."""
    for each in context.book.member_types.values():
        if folded(each.member_type_description) == "purchasers":
            return each.member_type_id
    new = MemberType(member_type_id=context.new_id(), member_type_description="Purchasers")
    context.book.keep_member_type(new)
    return new.member_type_id
