"""Members: finding them, and reading one as a customer."""

from cellarhand.adapters.crm.vinsuite.wire.assumptions import Assumptions
from cellarhand.adapters.crm.vinsuite.wire.attempt import Attempt
from cellarhand.adapters.crm.vinsuite.wire.envelope import Fields
from cellarhand.adapters.crm.vinsuite.wire.node import Node, garbled
from cellarhand.adapters.crm.vinsuite.wire.service import WebService
from cellarhand.adapters.crm.vinsuite.wire.values import guid, is_guid
from cellarhand.domain.customers.customer import Address, ContactType, Customer, Membership, MembershipStatus
from cellarhand.domain.email import normalise_email
from cellarhand.domain.person_name import fold_name, without_accents

GET_MEMBERS = "GetMembers"


class Members:
    """Reads members; learns from them which contact types exist and whether VinSuite reports holds."""

    def __init__(self, service: WebService) -> None:
        self._service = service
        self._types_seen: dict[str, ContactType] = {}
        self.knows_hold = False

    @property
    def types_seen(self) -> list[ContactType]:
        """Contact types of the members read so far, by name."""
        seen = list(self._types_seen.values())
        return sorted(seen, key=lambda kind: fold_name(kind.name))

    def with_email(self, email: str, attempt: Attempt) -> list[Customer]:
        """Those with exactly this e-mail; whatever else the search returns is dropped."""
        found = self._read([("Email", email)], attempt)
        return [customer for customer in found if customer.email == email]

    def with_last_name(self, last_name: str, attempt: Attempt) -> list[Customer]:
        """Those with this last name, asked for with and without its accents, compared on our side."""
        found: dict[str, Customer] = {}
        for spelling in dict.fromkeys([last_name, without_accents(last_name)]):
            for customer in self._read([("LastName", spelling)], attempt):
                found[customer.customer_id] = customer
        wanted = fold_name(last_name)
        return [customer for customer in found.values() if fold_name(customer.last_name or "") == wanted]

    def with_id(self, customer_id: str, attempt: Attempt) -> Customer | None:
        """None for an empty list; a list of others only says that VinSuite did not search by id.

        What is no guid is no member's id: VinSuite is not asked, which would answer with a fault.
        """
        if not is_guid(customer_id):
            return None
        found = self._read([("MemberID", customer_id)], attempt)
        wanted = [customer for customer in found if customer.customer_id == guid(customer_id)]
        if found and not wanted:
            raise garbled("it holds other members than the one asked for")
        return wanted[0] if wanted else None

    def _read(self, search: Fields, attempt: Attempt) -> list[Customer]:
        assumptions = self._service.assumptions
        result = self._service.call(GET_MEMBERS, [*search, ("IncludeClubMemberships", True)], attempt)
        members = result.items(assumptions.members_list, "MemberID")
        customers = [read_customer(member, assumptions) for member in members]
        self._learn(members, customers)
        return customers

    def _learn(self, members: list[Node], customers: list[Customer]) -> None:
        for customer in customers:
            self._types_seen.update({kind.id: kind for kind in customer.contact_types})
        flag = self._service.assumptions.hold_field
        lists = [member.child(self._service.assumptions.memberships_list) for member in members]
        memberships = [membership for each in lists if each for membership in each.children]
        self.knows_hold = self.knows_hold or any(each.flag(flag) is not None for each in memberships)


def read_customer(member: Node, assumptions: Assumptions) -> Customer:
    """A member as a customer. Fields that we have no use for are dropped."""
    email = member.value("Email")
    return Customer(
        customer_id=member.guid("MemberID") or "",
        email=normalise_email(email) if email else None,
        first_name=member.value("FirstName"),
        last_name=member.value("LastName"),
        phone=member.value("Phone1"),
        address=_address(member),
        contact_types=read_types(member, assumptions),
        memberships=_memberships(member, assumptions),
        modified_at=member.moment("DateModified"),
    )


def read_types(parent: Node, assumptions: Assumptions) -> tuple[ContactType, ...]:
    """The member types listed under a member, or under a result."""
    return tuple(
        ContactType(id=kind.guid("MemberTypeID") or "", name=kind.value("MemberTypeDescription") or "")
        for kind in parent.items(assumptions.member_types_list, "MemberTypeID")
    )


def _address(member: Node) -> Address | None:
    address = Address(
        line1=member.value("Address1"),
        line2=member.value("Address2"),
        city=member.value("City"),
        state=member.value("State"),
        zip_code=member.value("ZipCode"),
        country=member.value("CountryCode"),
    )
    return None if address == Address() else address


def _memberships(member: Node, assumptions: Assumptions) -> tuple[Membership, ...]:
    return tuple(
        Membership(
            club_id=each.guid("ClubLevelID") or "",
            club=each.value("ClubLevel") or "",
            status=_status(each, assumptions),
        )
        for each in member.items(assumptions.memberships_list, "ClubLevelID")
    )


def _status(membership: Node, assumptions: Assumptions) -> MembershipStatus:
    if membership.flag(assumptions.hold_field):
        return MembershipStatus.ON_HOLD
    return MembershipStatus.ACTIVE if membership.flag("IsActive") else MembershipStatus.INACTIVE
