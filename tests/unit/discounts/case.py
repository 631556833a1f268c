"""A priced case as data: what a YAML document under `cases/`, or in docs/discounts.md, must look like.

The stage unless a case says otherwise: the event `tasting` at 25.00 a guest without tax, visited by two on
Saturday 2026-06-13 at 11:00, booked on Wednesday 2026-06-03 at 09:30 through the widget, by nobody known.
"""

from datetime import date
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from cellarhand.domain.customers.customer import ContactType, Customer, Membership, MembershipStatus
from cellarhand.domain.discounts.allowance import AllowanceKey, AllowanceKind
from cellarhand.domain.discounts.engine.compiled_schema import compile_schema
from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.discounts.engine.price import price
from cellarhand.domain.discounts.engine.usage_limits import Usage
from cellarhand.domain.discounts.quote import Priced
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.schema.labels import Known, KnownEvent, Named, meanings_of
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Policy

GOLD = Named("club-1", "Gold Club")
SILVER = Named("club-2", "Silver Club")
TRADE = Named("type-1", "Trade")
PRESS = Named("type-2", "Press")
KNOWN = Known(
    clubs=(GOLD, SILVER),
    contact_types=(TRADE, PRESS),
    events=(KnownEvent("tasting", "Estate Tasting", ("seated",)), KnownEvent("tour", "Cellar Tour")),
)


def _customer(*memberships: Membership, types: tuple[Named, ...] = ()) -> Customer:
    carried = tuple(ContactType(id=kind.id, name=kind.name) for kind in types)
    return Customer(customer_id="customer-1", memberships=memberships, contact_types=carried)


def _member(
    club: Named, status: MembershipStatus = MembershipStatus.ACTIVE, joined_on: date | None = None
) -> Membership:
    return Membership(club_id=club.id, club=club.name, status=status, joined_on=joined_on)


CAST: dict[str, Recognition] = {
    "nobody": Recognition(),
    "plain": Recognition(_customer()),
    "gold": Recognition(_customer(_member(GOLD))),
    "gold since June 14": Recognition(_customer(_member(GOLD, joined_on=date(2019, 6, 14)))),
    "gold since June 13": Recognition(_customer(_member(GOLD, joined_on=date(2020, 6, 13)))),
    "gold since a leap day": Recognition(_customer(_member(GOLD, joined_on=date(2024, 2, 29)))),
    "silver, then gold": Recognition(
        _customer(_member(SILVER, joined_on=date(2018, 1, 5)), _member(GOLD, joined_on=date(2021, 9, 1)))
    ),
    "silver": Recognition(_customer(_member(SILVER))),
    "gold on hold": Recognition(_customer(_member(GOLD, MembershipStatus.ON_HOLD))),
    "gold cancelled": Recognition(_customer(_member(GOLD, MembershipStatus.INACTIVE))),
    "trade": Recognition(_customer(types=(TRADE,))),
    "trade and press": Recognition(_customer(types=(TRADE, PRESS))),
    "gold without login": Recognition(_customer(_member(GOLD)), login_missing=True),
    "crm silent": Recognition(crm_unavailable=True),
}


class Expected(BaseModel):
    """What a case checks: exactly the fields it names. Lists of lists stand for rows of the answer."""

    model_config = ConfigDict(extra="forbid")

    fees: int | None = None
    discount: int
    guest_prices: list[tuple[int, int]] | None = None
    discounts: list[tuple[str, int, int]] | None = None
    add_ons: int | None = None
    tax: int | None = None
    total: int | None = None
    promo: tuple[str, str | None] | None = None
    rules: dict[str, str] | None = None
    access: tuple[bool, str | None, bool] | None = None
    allowances: list[tuple[str, str, str, int]] | None = None


class Case(BaseModel):
    """One case. `working` shows how a person gets to the cents; `rules` name the outcome or the reason.

    `used`: rows of kind, rule or code, period, and how much of that allowance is used.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    working: str
    event: dict[str, Any] = {}
    event_id: Literal["tasting", "tour"] = "tasting"
    guest: str = "nobody"
    booked_at: str = "2026-06-03T09:30"
    request: dict[str, Any] = {}
    rules: list[dict[str, Any]]
    policy: dict[str, Any] = {}
    settings_policy: dict[str, Any] = {}
    used: list[tuple[AllowanceKind, str, str, int]] = []
    expect: Expected


class Stage(NamedTuple):
    """A case made ready to run."""

    schema: DiscountSchema
    policy: Policy
    event: EventBody
    request: DiscountRequest
    booked_at: str
    recognition: Recognition
    usage: Usage


def stage(case: Case) -> Stage:
    """Fill in what the case leaves unsaid."""
    event = {"name": "Estate Tasting", "fee_per_guest": 2500, "tags": ["seated"]} | case.event
    request = {"event_id": case.event_id, "starts_at": "2026-06-13T11:00", "party_size": 2}
    return Stage(
        DiscountSchema.model_validate(
            {"rules": [{"name": rule["id"]} | rule for rule in case.rules], "policy": case.policy}
        ),
        Policy.model_validate(case.settings_policy),
        EventBody.model_validate(event),
        DiscountRequest.model_validate(request | {"channel": "widget"} | case.request),
        case.booked_at,
        CAST[case.guest],
        {AllowanceKey(kind, subject, period): used for kind, subject, period, used in case.used},
    )


def run(stage: Stage) -> Priced:
    """Price a staged case."""
    return price(
        compile_schema(stage.schema, meanings_of(stage.schema, KNOWN)),
        stage.policy,
        stage.event,
        stage.request,
        booked_at=stage.booked_at,
        recognition=stage.recognition,
        usage=stage.usage,
    )


def observed(priced: Priced) -> Expected:
    """An answer in the form in which cases expect it."""
    return Expected(
        fees=priced.fees,
        discount=priced.discount,
        guest_prices=[(price.guests, price.unit_price) for price in priced.guest_prices],
        discounts=[(line.rule, line.guests, line.amount) for line in priced.discounts],
        add_ons=priced.add_ons,
        tax=priced.tax,
        total=priced.total,
        promo=(priced.promo.status, priced.promo.reason),
        rules={rule.rule: rule.reason or rule.outcome for rule in priced.rules},
        access=(priced.access.allowed, priced.access.reason, priced.access.override_offered),
        allowances=[(left.rule, left.of, left.period, left.left) for left in priced.allowances],
    )


def check(case: Case) -> None:
    """Fail unless the engine answers what the case expects."""
    named = case.expect.model_fields_set
    answer = observed(run(stage(case)))
    assert answer.model_dump(include=named) == case.expect.model_dump(include=named), case.working
