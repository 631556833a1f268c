"""Check a guest's data before it goes to the CRM, and choose what is written there.

Consent to marketing is never invented: `marketing_opt_in` is passed on as the guest gave it, or left out.

Why: docs/decisions.md#check-the-last-name-before-asking-the-crm
"""

from typing import Any, NamedTuple

from cellarhand.domain.customers.customer import Address, Customer, CustomerData
from cellarhand.domain.email import is_email, normalise_email

from .snapshot import Guest


class Shortcoming(NamedTuple):
    """Why a guest can't go to the CRM: a label, and the field of `guest` that staff must correct."""

    reason: str
    field: str
    message: str


def shortcoming(guest: Guest) -> Shortcoming | None:
    """The first missing or invalid field; None if the guest can be looked up and, if absent, created."""
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
    """Whether both guests have the same e-mail and the same customer id (set by Match)."""
    return (one.customer_id, normalise_email(one.email or "")) == (
        other.customer_id,
        normalise_email(other.email or ""),
    )


def is_same_customer(customer_id: str | None, linked: Guest, guest: Guest) -> bool:
    """Whether `guest` is still the customer that `linked` was linked to as `customer_id`.

    The engine may send our own id back, so a guest with that id counts as the same.
    """
    return is_same_person(linked, guest) or (customer_id is not None and guest.customer_id == customer_id)


def apply_correction(guest: Guest, correction: Guest) -> Guest:
    """Apply the fields that the correction sets, explicit nulls included."""
    fields = correction.model_fields_set
    return guest.model_copy(update={name: getattr(correction, name) for name in fields})


def new_customer(guest: Guest, contact_types: tuple[str, ...]) -> CustomerData:
    """The data to create the guest as a customer. Call it only if `shortcoming` returned None."""
    return CustomerData(
        email=normalise_email(guest.email or ""),
        first_name=guest.first_name or None,
        last_name=guest.last_name or "",
        phone=guest.phone or None,
        address=_nonempty(guest.address),
        contact_types=contact_types,
        marketing_opt_in=guest.marketing_opt_in,
    )


def data_to_fill(customer: Customer, guest: Guest) -> CustomerData | None:
    """The guest's data for fields that are empty in the CRM; None if there is nothing to add.

    E-mail and last name must always be sent: the CRM's own values where it has them.
    """
    email = customer.email or (normalise_email(guest.email) if guest.email else None)
    last_name = customer.last_name or guest.last_name
    missing = _missing_in_crm(customer, guest)
    if not (missing and email and last_name):
        return None
    sent = {name: value for name, value in missing.items() if name not in {"email", "last_name"}}
    return CustomerData(customer_id=customer.customer_id, email=email, last_name=last_name, **sent)


def _missing_in_crm(customer: Customer, guest: Guest) -> dict[str, Any]:
    names = ("email", "first_name", "last_name", "phone")
    missing: dict[str, Any] = {
        name: getattr(guest, name) for name in names if getattr(guest, name) and not getattr(customer, name)
    }
    if (address := _nonempty(guest.address)) and not _nonempty(customer.address):
        missing["address"] = address
    return missing


def _nonempty(address: Address | None) -> Address | None:
    return address if address and any(value for _, value in address) else None
