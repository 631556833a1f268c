"""A customer as callers see one: with the benefits of each membership, and the person's further records."""

from pydantic import BaseModel

from cellarhand.domain.tenants.settings import MembershipOnHold

from .best_match import best_first
from .customer import Address, ContactType, Customer, Membership, MembershipStatus


class MembershipView(BaseModel):
    """A membership, and whether it gives the member benefits by the winery's policy."""

    club_id: str
    club: str
    status: MembershipStatus
    benefits: bool


class CustomerView(BaseModel):
    """A customer. `duplicates` are ids of further CRM records with this e-mail, the likeliest first."""

    customer_id: str
    email: str | None
    first_name: str | None
    last_name: str | None
    phone: str | None
    address: Address | None
    contact_types: tuple[ContactType, ...]
    memberships: tuple[MembershipView, ...]
    duplicates: tuple[str, ...]


def views_of(customers: list[Customer], on_hold: MembershipOnHold) -> list[CustomerView]:
    """Everybody, the guest's likeliest record first."""
    ranked = best_first(customers)
    return [_view(customer, ranked, on_hold) for customer in ranked]


def is_on_hold(customer: Customer) -> bool:
    """Whether the policy matters for this customer."""
    return any(held.status is MembershipStatus.ON_HOLD for held in customer.memberships)


def _view(customer: Customer, ranked: list[Customer], on_hold: MembershipOnHold) -> CustomerView:
    twins = [other for other in ranked if other.email == customer.email and other is not customer]
    return CustomerView(
        customer_id=customer.customer_id,
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        phone=customer.phone,
        address=customer.address,
        contact_types=customer.contact_types,
        memberships=tuple(_membership(held, on_hold) for held in customer.memberships),
        duplicates=tuple(twin.customer_id for twin in twins) if customer.email else (),
    )


def _membership(held: Membership, on_hold: MembershipOnHold) -> MembershipView:
    kept_on_hold = held.status is MembershipStatus.ON_HOLD and on_hold == "keeps_benefits"
    benefits = held.status is MembershipStatus.ACTIVE or kept_on_hold
    return MembershipView(**held.model_dump(), benefits=benefits)
