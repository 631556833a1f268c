"""The book of one winery: what a seed puts in, what the calls change, what the tests read."""

from typing import Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, model_validator

from sandbox.vinsuite.wire.payloads import OrderAdd, OrderFlags
from sandbox.vinsuite.wire.values import WireDateTime, WireDecimal

MembershipState = Literal["active", "on_hold", "cancelled"]


class Entry(BaseModel):
    """One record of the book; instants are UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Club(Entry):
    """A club level."""

    club_level_id: UUID
    title: str
    is_active: bool = True
    description: str = ""
    sort_order: int = 0


class MemberType(Entry):
    """A group that members belong to."""

    member_type_id: UUID
    member_type_description: str


class Membership(Entry):
    """A member's place in a club."""

    club_membership_id: UUID
    club_level_id: UUID
    state: MembershipState = "active"
    signup_date: WireDateTime | None = None
    cancel_date: WireDateTime | None = None
    hold_until_date: WireDateTime | None = None
    is_pickup: bool = False


class MemberNote(Entry):
    """A note on a member; system notes are shown only when asked for."""

    notes: str
    date_added: WireDateTime
    is_system: bool = False


class Member(Entry):
    """A customer. `memberships` None is a null list on the wire, an empty tuple an empty one."""

    member_id: UUID
    email: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    zip_code: str | None = None
    country_code: str | None = None
    phone1: str | None = None
    alt_account_number: str | None = None
    sales_associate_id: UUID | None = None
    modified_at: AwareDatetime
    memberships: tuple[Membership, ...] | None = ()
    member_type_ids: tuple[UUID, ...] = ()
    notes: tuple[MemberNote, ...] = ()
    came_by: Literal["seed", "AddUpdateMember", "AddOrder"] = "seed"
    added_at: AwareDatetime | None = None


class Product(Entry):
    """A SKU; `came_by_order` marks those that AddOrder made because nobody had."""

    product_id: UUID
    sku: str
    title: str
    is_active: bool = True
    price: WireDecimal | None = None
    stock: int = 0
    came_by_order: bool = False


class OrderNote(Entry):
    """A note that was added after the order."""

    notes: str
    added_at: AwareDatetime


class Order(Entry):
    """An order: `payload` and `flags` as read, `received` as it stood on the wire, without credentials.

    `number_is_ours`: the service chose it.
    """

    order_id: UUID
    order_number: int
    displayed_number: str
    number_is_ours: bool = False
    status: Literal["Completed", "Pending"]
    order_type: Literal["Admin"] = "Admin"
    billed: bool = False
    member_id: UUID | None
    added_at: AwareDatetime
    modified_at: AwareDatetime
    payload: OrderAdd
    flags: OrderFlags
    notes: tuple[OrderNote, ...] = ()
    warnings: tuple[str, ...] = ()
    received: dict[str, Any]


class Book(Entry):
    """Everything one winery has; orders and members stand in the order they came."""

    winery_id: UUID
    title: str
    clubs: tuple[Club, ...] = ()
    member_types: tuple[MemberType, ...] = ()
    members: tuple[Member, ...] = ()
    products: tuple[Product, ...] = ()
    orders: tuple[Order, ...] = ()

    @model_validator(mode="after")
    def _members_refer_to_known_clubs_and_types(self) -> Self:
        clubs = {club.club_level_id for club in self.clubs}
        types = {member_type.member_type_id for member_type in self.member_types}
        for member in self.members:
            if not {place.club_level_id for place in member.memberships or ()} <= clubs:
                raise ValueError(f"member {member.member_id} is in a club that the book lacks")
            if not set(member.member_type_ids) <= types:
                raise ValueError(f"member {member.member_id} has a member type that the book lacks")
        return self

    def members_with_email(self, email: str) -> tuple[Member, ...]:
        """Find members by e-mail the way the service compares it: trimmed, case ignored."""
        wanted = folded(email)
        return tuple(member for member in self.members if folded(member.email) == wanted)

    def orders_numbered(self, displayed_number: str) -> tuple[Order, ...]:
        """Find orders by prefix and number together, as the admin panel shows it."""
        return tuple(order for order in self.orders if order.displayed_number == displayed_number)


class Seed(Entry):
    """A winery to load: its account and its book. The password is never given out again."""

    username: str = Field(min_length=1)
    password: SecretStr
    active: bool = True
    book: Book


class Password(Entry):
    """What an account is to be opened with from now on."""

    password: SecretStr


def folded(text: str | None) -> str:
    """Trim and ignore case, as the service is assumed to compare e-mails and names."""
    return (text or "").strip().casefold()
