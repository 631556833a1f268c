"""The winery that is there when no seed is given: one member for every case an adapter must distinguish."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from sandbox.vinsuite.state.book import (
    Book,
    Club,
    Member,
    MemberNote,
    Membership,
    MembershipState,
    MemberType,
    Product,
    Seed,
)
from sandbox.vinsuite.wire.values import stable_id

PARTNER_KEY = UUID("00000000-0000-0000-0000-0000000000aa")
"""The integrator's one key, for every winery; invented."""

USERNAME = "sim-winery"
PASSWORD = "sim-secret"
WINERY = "sim"

_LONG_AGO = datetime(2024, 3, 1, 12, tzinfo=UTC)
_LAST_YEAR = datetime(2025, 2, 1, 12, tzinfo=UTC)
_TYPES = ("Club Members", "Purchasers", "Subscribers", "Unsubscribers", "Trade")


def default_wineries() -> dict[str, Seed]:
    """Give the default winery by its name."""
    return {WINERY: Seed(username=USERNAME, password=SecretStr(PASSWORD), book=default_book())}


def default_book() -> Book:
    """Give two active clubs and one closed, five member types, and members of every kind."""
    return Book(
        winery_id=stable_id("sim"),
        title="Simulated Cellars",
        clubs=(
            Club(club_level_id=club_id("gold"), title="Gold Club", sort_order=1),
            Club(club_level_id=club_id("silver"), title="Silver Club", sort_order=2),
            Club(club_level_id=club_id("founders"), title="Founders", is_active=False, sort_order=3),
        ),
        member_types=tuple(
            MemberType(member_type_id=type_id(name), member_type_description=name) for name in _TYPES
        ),
        members=_members(),
        products=tuple(_products()),
    )


def club_id(club: str) -> UUID:
    """Give the id of a club of the default winery: gold, silver or founders."""
    return stable_id(f"sim/club/{club}")


def type_id(name: str) -> UUID:
    """Give the id of a member type of the default winery, by its name."""
    return stable_id(f"sim/type/{name}")


def member_id(first_name: str) -> UUID:
    """Give the id of a member of the default winery, by the first name."""
    return stable_id(f"sim/member/{first_name}")


def _members() -> tuple[Member, ...]:
    in_club = {"member_type_ids": (type_id("Club Members"), type_id("Purchasers"))}
    twice = {"email": "twice@example.com"}
    note = MemberNote(notes="Prefers the terrace.", date_added="2025-01-05T10:00:00")
    system = MemberNote(notes="Imported.", date_added="2024-03-01T04:00:00", is_system=True)
    return (
        _member("Ada", "Gold", memberships=_in("Ada", gold="active"), notes=(note, system), **in_club),
        _member("Ben", "Cancelled", memberships=_in("Ben", gold="cancelled")),
        _member("Cleo", "Onhold", memberships=_in("Cleo", silver="on_hold"), **in_club),
        _member("Dora", "Both", memberships=_in("Dora", gold="active", silver="active"), **in_club),
        _member("Eli", "Noclub", phone1="+17075550105", member_type_ids=(type_id("Subscribers"),)),
        _member("Fay", "Nulllist", memberships=None),
        _member("Gus", "Twice", **twice, modified_at=_LAST_YEAR),
        _member("Hal", "Twice", **twice, memberships=_in("Hal", silver="active"), **in_club),
        _member("Ida", "Muller"),
        _member("Jon", "Muller"),
        _member("Kim", "Muller", phone1="7075550111"),
        _member("Lea", "Trader", member_type_ids=(type_id("Trade"),)),
    )


def _member(first_name: str, last_name: str, **known: Any) -> Member:
    usual: dict[str, Any] = {
        "email": f"{first_name.lower()}@example.com",
        "address1": "1 Vine Street",
        "city": "Sampleton",
        "state": "CA",
        "zip_code": "94599",
        "country_code": "US",
        "phone1": "7075550100",
        "modified_at": _LONG_AGO,
    }
    return Member(
        member_id=member_id(first_name), first_name=first_name, last_name=last_name, **{**usual, **known}
    )


def _in(first_name: str, **states: MembershipState) -> tuple[Membership, ...]:
    return tuple(
        Membership(
            club_membership_id=stable_id(f"sim/membership/{first_name}/{club}"),
            club_level_id=club_id(club),
            state=state,
            signup_date="2023-05-01T00:00:00",
            cancel_date="2024-02-01T00:00:00" if state == "cancelled" else None,
            hold_until_date="2030-01-01T00:00:00" if state == "on_hold" else None,
        )
        for club, state in states.items()
    )


def _products() -> list[Product]:
    listed = (("TASTE-CLASSIC", "Classic Tasting", "25.00"), ("TASTE-RESERVE", "Reserve Tasting", "60.00"))
    return [
        Product(
            product_id=stable_id(f"sim/product/{sku}"), sku=sku, title=title, price=Decimal(price), stock=500
        )
        for sku, title, price in (*listed, ("CHEESE", "Cheese Board", "18.00"))
    ]
