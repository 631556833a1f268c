"""Customers of a winery, in the form that every CRM adapter returns."""

from datetime import date, datetime
from enum import StrEnum

from cellarhand.domain.models import StrictModel


class MembershipStatus(StrEnum):
    """The state of a club membership in the CRM. The winery's policy decides whether it gives benefits."""

    ACTIVE = "active"
    ON_HOLD = "on_hold"
    INACTIVE = "inactive"


class Address(StrictModel):
    """A postal address; `country` is an ISO 3166 two-letter code."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    zip_code: str | None = None
    country: str | None = None


class ContactType(StrictModel):
    """A group of customers in the CRM (VinSuite: member type)."""

    id: str
    name: str


class Club(StrictModel):
    """A club, or a club level, that customers subscribe to."""

    id: str
    name: str
    active: bool


class Membership(StrictModel):
    """One customer's subscription to one club. `joined_on` is absent where the provider lacks it."""

    club_id: str
    club: str
    status: MembershipStatus
    joined_on: date | None = None


class Customer(StrictModel):
    """A person in the CRM. `email` is normalised; `created_at` is absent where the provider lacks it."""

    customer_id: str
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    address: Address | None = None
    contact_types: tuple[ContactType, ...] = ()
    memberships: tuple[Membership, ...] = ()
    created_at: datetime | None = None
    modified_at: datetime | None = None


class CustomerData(StrictModel):
    """A write to the CRM: with `customer_id`, fill that record; without, create one.

    Absent fields are not sent, so that no field in the CRM is ever emptied.
    """

    customer_id: str | None = None
    email: str
    first_name: str | None = None
    last_name: str
    phone: str | None = None
    address: Address | None = None
    contact_types: tuple[str, ...] = ()
    marketing_opt_in: bool | None = None
