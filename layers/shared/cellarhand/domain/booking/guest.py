"""What a guest's typed data lacks for the CRM, and what of it is written there.

Consent to marketing is never invented: `marketing_opt_in` is passed on as the guest gave it, or left out.
"""

from typing import Any, NamedTuple

from cellarhand.domain.customers.customer import Address, Customer, CustomerData
from cellarhand.domain.email import is_email, normalise_email

from .snapshot import Guest


class Shortcoming(NamedTuple):
    """What keeps a guest out of the CRM: a label, and the field of `guest` that a person must correct."""

    reason: str
    field: str
    message: str


def shortcoming(guest: Guest) -> Shortcoming | None:
    """What is missing or wrong; None if the guest can be looked up and, if absent, created."""
    if guest.customer_id:
        return None
    if not guest.email:
        return Shortcoming("email_missing", "email", "The guest has no e-mail address.")
    if not is_email(normalise_email(guest.email)):
        return Shortcoming("email_invalid", "email", "The guest's e-mail address is not one.")
    if not guest.last_name:
        return Shortcoming("last_name_missing", "last_name", "The guest has no last name.")
    return None


def is_same_person(one: Guest, other: Guest) -> bool:
    """Whether both stand for the same customer: the same id by Match, else the same e-mail."""
    return (one.customer_id, normalise_email(one.email or "")) == (
        other.customer_id,
        normalise_email(other.email or ""),
    )


def is_still(customer_id: str | None, one: Guest, other: Guest) -> bool:
    """Whether `other` stands for the customer to whom `one` was linked: the engine may repeat our own id."""
    return is_same_person(one, other) or (customer_id is not None and other.customer_id == customer_id)


def corrected(guest: Guest, correction: Guest) -> Guest:
    """With the fields that the correction names, an explicit null included."""
    named = correction.model_fields_set
    return guest.model_copy(update={name: getattr(correction, name) for name in named})


def new_customer(guest: Guest, contact_types: tuple[str, ...]) -> CustomerData:
    """The guest as a customer that the CRM does not have yet; raises nothing if `shortcoming` found none."""
    return CustomerData(
        email=normalise_email(guest.email or ""),
        first_name=guest.first_name or None,
        last_name=guest.last_name or "",
        phone=guest.phone or None,
        address=_given(guest.address),
        contact_types=contact_types,
        marketing_opt_in=guest.marketing_opt_in,
    )


def filling(customer: Customer, guest: Guest) -> CustomerData | None:
    """What the guest gave and the CRM's record lacks; None if there is nothing to add.

    E-mail and last name must always be sent, so they are sent as the CRM has them, where it has them.
    """
    email = customer.email or (normalise_email(guest.email) if guest.email else None)
    last_name = customer.last_name or guest.last_name
    added = _added(customer, guest)
    if not (added and email and last_name):
        return None
    sent = {name: value for name, value in added.items() if name not in {"email", "last_name"}}
    return CustomerData(customer_id=customer.customer_id, email=email, last_name=last_name, **sent)


def _added(customer: Customer, guest: Guest) -> dict[str, Any]:
    names = ("email", "first_name", "last_name", "phone")
    added: dict[str, Any] = {
        name: getattr(guest, name) for name in names if getattr(guest, name) and not getattr(customer, name)
    }
    if (address := _given(guest.address)) and not _given(customer.address):
        added["address"] = address
    return added


def _given(address: Address | None) -> Address | None:
    return address if address and any(value for _, value in address) else None
