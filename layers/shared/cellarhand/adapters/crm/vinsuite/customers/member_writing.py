"""Members: adding one, or filling one.

Not sent, because VinSuite shows no field for them: contact types and the marketing opt-in.
"""

from cellarhand.adapters.crm.vinsuite.wire.assumptions import Assumptions
from cellarhand.adapters.crm.vinsuite.wire.attempt import Attempt
from cellarhand.adapters.crm.vinsuite.wire.envelope import Fields
from cellarhand.adapters.crm.vinsuite.wire.node import garbled
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError, Seen
from cellarhand.adapters.crm.vinsuite.wire.service import WebService
from cellarhand.adapters.crm.vinsuite.wire.values import is_guid, without_prefix
from cellarhand.domain.customers.customer import Address, CustomerData

ADD_UPDATE_MEMBER = "AddUpdateMember"


def write_member(service: WebService, customer: CustomerData, attempt: Attempt) -> str:
    """Add, or update the member of `customer_id`; answers the member's id."""
    if customer.customer_id and not is_guid(customer.customer_id):
        raise CallFailedError(Seen.NOT_POSSIBLE, "The customer's id is not one of VinSuite's.")
    member = member_fields(customer, service.assumptions)
    result = service.call(ADD_UPDATE_MEMBER, [("Member", member)], attempt)
    member_id = result.guid("MemberID") or customer.customer_id
    if not member_id:
        raise garbled("it names no member")
    return member_id


def member_fields(customer: CustomerData, assumptions: Assumptions) -> Fields:
    """The object `Member`. What is not known is left out, so that nothing is ever emptied."""
    new = customer.customer_id is None
    email = customer.email if new or assumptions.email_on_update else None
    return [
        ("MemberID", customer.customer_id),
        ("Email", email),
        ("Username", customer.email if new and assumptions.username_is_email else None),
        ("FirstName", first_name(customer.first_name, assumptions)),
        ("LastName", customer.last_name),
        *address_fields(customer.address, ""),
        ("CountryCode", customer.address.country if customer.address else None),
        ("Phone1", phone(customer.phone, assumptions.member_phone_without)),
    ]


def first_name(name: str | None, assumptions: Assumptions) -> str | None:
    """The first name as VinSuite takes it; a name that would be cut to nothing stays whole."""
    if name and assumptions.first_name_ends_at_ampersand:
        return name.partition("&")[0].strip() or name
    return name


def phone(number: str | None, prefixes: tuple[str, ...]) -> str | None:
    """The phone number without the country prefix that VinSuite's own records leave out."""
    return without_prefix(number.strip(), prefixes) if number else None


def address_fields(address: Address | None, prefix: str) -> Fields:
    """The fields of an address, all beginning with `prefix`, without the country."""
    known = address or Address()
    return [
        (f"{prefix}Address1", known.line1),
        (f"{prefix}Address2", known.line2),
        (f"{prefix}City", known.city),
        (f"{prefix}State", known.state),
        (f"{prefix}ZipCode", known.zip_code),
    ]
