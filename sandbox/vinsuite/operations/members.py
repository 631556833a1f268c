"""GetMembers and GetMemberNotes: reading customers."""

from sandbox.vinsuite.operations.context import Context, RefusedError, or_nil
from sandbox.vinsuite.state.book import Member, Membership, folded
from sandbox.vinsuite.wire.payloads import GetMemberNotesRequest, GetMembersRequest
from sandbox.vinsuite.wire.reply_xml import NIL, Fields, Listing, Value
from sandbox.vinsuite.wire.values import wire_name

_TEXTS = (
    *("email", "username", "first_name", "last_name", "address1", "address2", "city", "state", "zip_code"),
    *("country_code", "phone1", "alt_account_number"),
)


def get_members(context: Context, request: GetMembersRequest) -> Fields:
    """Give the members that meet every filter; none is a successful answer too."""
    if not request.model_dump(exclude_none=True, exclude={"include_club_memberships"}):
        raise RefusedError("Email, LastName, MemberID or a DateModified window is required.")
    found = [member for member in _candidates(context, request) if _meets(context, request, member)]
    memberships = bool(request.include_club_memberships)
    rows = tuple(_member(context, member, memberships) for member in context.capped(found))
    return {"Members": Listing("Member", rows)}


def get_member_notes(context: Context, request: GetMemberNotesRequest) -> Fields:
    """Give a member's notes; system notes only when asked for."""
    member = context.book.members.get(request.member_id) if request.member_id else None
    if member is None:
        raise RefusedError("MemberID is not a member of this winery.")
    rows = tuple(
        {"Notes": note.notes, "DateAdded": note.date_added}
        for note in member.notes
        if request.include_system_notes or not note.is_system
    )
    return {"MemberNotes": Listing("MemberNote", rows)}


def _candidates(context: Context, request: GetMembersRequest) -> list[Member]:
    if request.email is not None:
        return _with_email(context, request.email)
    return list(context.book.members.values())


def _with_email(context: Context, wanted: str) -> list[Member]:
    match context.behaviours.email_match:
        case "folded":
            return context.book.members_with_email(wanted)
        case "exact":
            return [each for each in context.book.members_with_email(wanted) if each.email == wanted]
        case "part":
            part = folded(wanted)
            return [each for each in context.book.members.values() if part in folded(each.email)]


def _meets(context: Context, request: GetMembersRequest, member: Member) -> bool:
    begin, end = request.date_modified_from, request.date_modified_to
    return (
        request.member_id in (None, member.member_id)
        and _has_last_name(context, request.last_name, member)
        and context.is_read_already(member.added_at)
        and context.in_window(member.modified_at, begin, end)
    )


def _has_last_name(context: Context, wanted: str | None, member: Member) -> bool:
    if wanted is None:
        return True
    name, sought = folded(member.last_name), folded(wanted)
    return name.startswith(sought) if context.behaviours.last_name_match == "prefix" else name == sought


def _member(context: Context, member: Member, with_memberships: bool) -> Fields:
    texts: dict[str, Value] = {wire_name(name): getattr(member, name) for name in _TEXTS}
    return {
        "MemberID": member.member_id,
        **texts,
        "SalesAssociateID": or_nil(member.sales_associate_id),
        "DateModified": context.server_time(member.modified_at),
        "ClubMemberships": _memberships(context, member) if with_memberships else NIL,
        "MemberTypes": Listing("MemberType", tuple(_types(context, member))),
    }


def _memberships(context: Context, member: Member) -> Value:
    if member.memberships is None:
        return NIL
    rows = tuple(_membership(context, member, place) for place in member.memberships)
    return Listing("ClubMembership", rows)


def _membership(context: Context, member: Member, place: Membership) -> Fields:
    hold: dict[str, Value] = {
        "IsOnHold": place.state == "on_hold",
        "HoldUntilDate": or_nil(place.hold_until_date),
    }
    return {
        "ClubMembershipID": place.club_membership_id,
        "MemberID": member.member_id,
        "ClubLevelID": place.club_level_id,
        "ClubLevel": context.book.clubs[place.club_level_id].title,
        "IsActive": _is_active(context, place),
        "SignupDate": or_nil(place.signup_date),
        "CancelDate": or_nil(place.cancel_date),
        **(hold if context.behaviours.dialect.hold_fields else {}),
        "IsPickup": place.is_pickup,
    }


def _is_active(context: Context, place: Membership) -> bool:
    if place.state != "on_hold":
        return place.state == "active"
    strike = context.draw("hold_means_inactive")
    if strike is not None:
        strike.took_effect()
    return strike is None


def _types(context: Context, member: Member) -> list[Fields]:
    known = (context.book.member_types[key] for key in member.member_type_ids)
    return [
        {"MemberTypeID": each.member_type_id, "MemberTypeDescription": each.member_type_description}
        for each in known
    ]
