"""The winery in the VinSuite simulator, reached over HTTP."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from cellarhand.adapters.crm.vinsuite.gateway import VinSuiteGateway
from cellarhand.domain.customers.customer import Customer, MembershipStatus
from cellarhand.ports.crm import CrmGateway
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state import book
from sandbox.vinsuite.state.default_seed import PARTNER_KEY
from tests.contract.crm_gateway.world import (
    CUSTOMERS,
    FOUNDERS,
    GOLD,
    PURCHASERS,
    SKUS,
    TRADE,
    Trouble,
    an_id,
)

WINERY = "contract"
USERNAME = "contract-user"
PASSWORD = "contract-password"
ODD_DIALECT = {
    "prefix": "ews",
    "envelope_prefix": "S-ENV",
    "list_item_names": "anyType",
    "booleans": "digits",
    "unset": "nil",
    "empty_lists": "missing",
    "unknown_fields": True,
    "byte_order_mark": True,
    "indented": True,
}
"""Everything that the contract leaves open, written otherwise than usual."""
NOBODY_LISTENS = "http://127.0.0.1:9/2.00/EWSWebServices.asmx"

_RULES: dict[Trouble, dict[str, Any]] = {
    Trouble.LOGIN_REFUSED: {"kind": "bad_login"},
    Trouble.REPLY_LOST: {"kind": "timeout_after_commit"},
    Trouble.REQUEST_LOST: {"kind": "timeout_before_commit"},
    Trouble.LATE: {"kind": "late_execution", "late_seconds": 0.05},
}
_STATES: dict[MembershipStatus, book.MembershipState] = {
    MembershipStatus.ACTIVE: "active",
    MembershipStatus.ON_HOLD: "on_hold",
    MembershipStatus.INACTIVE: "cancelled",
}


class VinSuiteWorld:
    """Fills `World`. Writes that the rules hold back end when the caller's timeout is over."""

    impatience = 0.5

    def __init__(self, simulator: RemoteSimulator, **behaviours: object) -> None:
        self._simulator = simulator
        self._behaviours = behaviours
        self._trouble: Trouble | None = None
        simulator.clear_faults()
        simulator.set_faults(behaviours=behaviours)
        simulator.seed(WINERY, the_seed())

    @property
    def crm(self) -> CrmGateway:
        """At the simulator, or at an address where nobody listens."""
        address = NOBODY_LISTENS if self._trouble is Trouble.DOWN else self._simulator.soap_url
        return VinSuiteGateway(address, partner_key=str(PARTNER_KEY), username=USERNAME, password=PASSWORD)

    def trouble(self, trouble: Trouble) -> None:
        """By the simulator's switches."""
        self._trouble = trouble
        if trouble in _RULES:
            self._simulator.set_faults(_RULES[trouble], behaviours=self._behaviours)

    def recover(self) -> None:
        """Switch off, once what was late has happened."""
        deadline = time.monotonic() + 5
        while self._trouble is Trouble.LATE and not self._simulator.fired().get("late_execution"):
            assert time.monotonic() < deadline, "the late execution did not happen"
            time.sleep(0.02)
        self._trouble = None
        self._simulator.set_faults(behaviours=self._behaviours)

    def orders(self) -> list[tuple[str, str, int]]:
        """From the simulator's own book."""
        return [
            (order.displayed_number, order.payload.billing_email or "", int((order.payload.total or 0) * 100))
            for order in self._simulator.book(WINERY).orders
        ]

    def customers_with_email(self, email: str) -> int:
        """From the simulator's own book."""
        return len(self._simulator.book(WINERY).members_with_email(email))


def the_seed() -> book.Seed:
    """The winery as the simulator takes it."""
    return book.Seed(username=USERNAME, password=SecretStr(PASSWORD), book=_book(CUSTOMERS))


def _book(customers: Iterable[Customer]) -> book.Book:
    return book.Book(
        winery_id=UUID(an_id("winery")),
        title="Contract Cellars",
        clubs=tuple(
            book.Club(club_level_id=UUID(club.id), title=club.name, is_active=club.active)
            for club in (GOLD, FOUNDERS)
        ),
        member_types=tuple(
            book.MemberType(member_type_id=UUID(kind.id), member_type_description=kind.name)
            for kind in (TRADE, PURCHASERS)
        ),
        members=tuple(_member(customer) for customer in customers),
        products=tuple(
            book.Product(product_id=UUID(an_id(sku.lower())), sku=sku, title=sku, price=Decimal(1))
            for sku in sorted(SKUS)
        ),
    )


def _member(customer: Customer) -> book.Member:
    address = customer.address
    return book.Member(
        member_id=UUID(customer.customer_id),
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        phone1=customer.phone,
        address1=address and address.line1,
        city=address and address.city,
        state=address and address.state,
        zip_code=address and address.zip_code,
        country_code=address and address.country,
        member_type_ids=tuple(UUID(kind.id) for kind in customer.contact_types),
        modified_at=datetime(2026, 1, 1, tzinfo=UTC),
        memberships=tuple(
            book.Membership(
                club_membership_id=UUID(an_id(f"{customer.first_name}-{place.club}".replace(" ", "-"))),
                club_level_id=UUID(place.club_id),
                state=_STATES[place.status],
            )
            for place in customer.memberships
        ),
    )
