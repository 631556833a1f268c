"""A customer as the API shows it: with the benefits of each membership and the ids of duplicates."""

from pydantic import BaseModel

from cellarhand.domain.tenants.settings import MembershipOnHold

from .best_match import best_first
from .customer import Address, ContactType, Customer, Membership, MembershipStatus


class MembershipView(BaseModel):
    """A membership, and whether it gives benefits under the winery's policy."""

    club_id: str
    club: str
    status: MembershipStatus
    benefits: bool


class CustomerView(BaseModel):
    """A customer. `duplicates` are the ids of other CRM records with this e-mail, the most likely first."""

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
    """All customers, the most likely record of the guest first."""
    ranked = best_first(customers)
    return [_view(customer, ranked, on_hold) for customer in ranked]


def is_on_hold(customer: Customer) -> bool:
    """Whether the customer has a membership on hold, so that the policy is needed."""
    return any(membership.status is MembershipStatus.ON_HOLD for membership in customer.memberships)


def _view(customer: Customer, ranked: list[Customer], on_hold: MembershipOnHold) -> CustomerView:
    duplicates = [other for other in ranked if other.email == customer.email and other is not customer]
    return CustomerView(
        customer_id=customer.customer_id,
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        phone=customer.phone,
        address=customer.address,
        contact_types=customer.contact_types,
        memberships=tuple(_membership(membership, on_hold) for membership in customer.memberships),
        duplicates=tuple(other.customer_id for other in duplicates) if customer.email else (),
    )


def _membership(membership: Membership, on_hold: MembershipOnHold) -> MembershipView:
    kept_on_hold = membership.status is MembershipStatus.ON_HOLD and on_hold == "keeps_benefits"
    benefits = membership.status is MembershipStatus.ACTIVE or kept_on_hold
    return MembershipView(**membership.model_dump(), benefits=benefits)
