"""The forty members in the demo winery's VinSuite book, and what its catalogue holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_DNS, UUID, uuid5

from pydantic import SecretStr

from sandbox.vinsuite.state.book import (
    Book,
    Club,
    Member,
    Membership,
    MembershipState,
    MemberType,
    Product,
    Seed,
)

USERNAME = "larkspur-web-services"
PASSWORD = "demo-only-password"

_FIRST = ("Ada", "Ben", "Cleo", "Dario", "Elin", "Farid", "Greta", "Hugo")
_LAST = ("Abernathy", "Bellweather", "Carrow", "Dunmore", "Eastlake")
_CLUBS = ("Founders Circle", "Estate Club", "Explorer Club")
_OWN_TYPE = "Trade"
_TYPES = ("Club Members", "Purchasers", "Subscribers", "Unsubscribers", _OWN_TYPE)
_SKUS = (
    ("TASTE-ESTATE", "Estate Tasting"),
    ("TASTE-RESERVE", "Reserve Flight"),
    ("TOUR-CAVE", "Cave Tour"),
    ("SEMINAR-BLEND", "Blending Seminar"),
    ("PICNIC-LAWN", "Picnic on the Lawn"),
    ("DINNER-LIBRARY", "Library Dinner"),
    ("CHEESE-BOARD", "Cheese Board"),
    ("GRATUITY", "Gratuity"),
)
_CLUB_AT: dict[int, tuple[str, MembershipState]] = {
    0: ("Founders Circle", "active"),
    1: ("Estate Club", "active"),
    2: ("Explorer Club", "active"),
    3: ("Estate Club", "on_hold"),
    5: ("Explorer Club", "active"),
    6: ("Estate Club", "cancelled"),
}
_TRADE_AT = 4
_FOUNDED = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)

FOUNDER = "ada.abernathy@example.com"
ESTATE_MEMBER = "ben.abernathy@example.com"
EXPLORER = "cleo.abernathy@example.com"
ON_HOLD = "dario.abernathy@example.com"
TRADE = "elin.abernathy@example.com"
TWICE_ON_FILE = "farid.abernathy@example.com"


def seed() -> Seed:
    """The account and the book to load into the simulator."""
    return Seed(username=USERNAME, password=SecretStr(PASSWORD), book=_book())


def _id(kind: str, name: str) -> UUID:
    return uuid5(NAMESPACE_DNS, f"{kind}.{name}.larkspur-ridge.example.com")


def _book() -> Book:
    return Book(
        winery_id=_id("winery", "larkspur"),
        title="Larkspur Ridge",
        clubs=tuple(Club(club_level_id=_id("club", name), title=name) for name in _CLUBS),
        member_types=tuple(
            MemberType(member_type_id=_id("type", name), member_type_description=name) for name in _TYPES
        ),
        members=tuple(_members()),
        products=tuple(Product(product_id=_id("sku", sku), sku=sku, title=title) for sku, title in _SKUS),
    )


def _members() -> Iterator[Member]:
    """Five families of eight, each with the same memberships by place."""
    for family, last in enumerate(_LAST):
        for place, first in enumerate(_FIRST):
            number = family * len(_FIRST) + place
            email = f"{first}.{last}@example.com".lower()
            if first == "Hugo" and last == "Abernathy":
                email = TWICE_ON_FILE
            yield _member(number, first, last, email)


def _member(number: int, first: str, last: str, email: str) -> Member:
    place = number % len(_FIRST)
    club = _CLUB_AT.get(place)
    types = ["Purchasers"] + (["Club Members"] if club and club[1] == "active" else [])
    if place == _TRADE_AT:
        types.append(_OWN_TYPE)
    return Member(
        member_id=_id("member", str(number)),
        email=email,
        username=email,
        first_name=first,
        last_name=last,
        address1=f"{100 + number} Quarry Road",
        city="Larkspur",
        state="CA",
        zip_code="94939",
        country_code="US",
        phone1=f"555-01{number:02d}",
        modified_at=_FOUNDED + timedelta(days=number),
        memberships=(_membership(number, *club),) if club else (),
        member_type_ids=tuple(_id("type", name) for name in types),
    )


def _membership(number: int, club: str, state: MembershipState) -> Membership:
    return Membership(
        club_membership_id=_id("membership", str(number)), club_level_id=_id("club", club), state=state
    )
