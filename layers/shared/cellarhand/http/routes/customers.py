"""Who is this person in the winery's CRM? And what clubs and contact types are there?"""

from typing import Any

from pydantic import BaseModel

from cellarhand.bootstrap import customers
from cellarhand.domain.customers.customer import Club, ContactType
from cellarhand.domain.customers.view import CustomerView
from cellarhand.domain.errors import NotAllowedError
from cellarhand.http.api import ASKS_CRM, ENGINE_AND_STAFF, STAFF, Request, Routes
from cellarhand.use_cases.customers.look_up_customer import CustomerSearch

routes = Routes()


class Customers(BaseModel):
    """Whom the CRM knows, the likeliest record first; empty when the CRM said that there is nobody."""

    customers: list[CustomerView]


class Clubs(BaseModel):
    """All clubs, inactive ones too."""

    clubs: list[Club]


class ContactTypes(BaseModel):
    """All contact types that the CRM can name."""

    contact_types: list[ContactType]


@routes.route(
    "POST",
    "/v1/customers/search",
    roles=ENGINE_AND_STAFF,
    body=CustomerSearch,
    problems=(*ASKS_CRM, "anonymous_key", "too_many_requests"),
)
def search_customers(request: Request[CustomerSearch]) -> Customers:
    """Look up by exact e-mail or by last name."""
    _refuse_anonymous(request)
    customers.limit_lookups()(request.caller, request.tenant_id, request.body.asked_for)
    return Customers(customers=customers.look_up_customer().search(request.tenant_id, request.body))


@routes.route(
    "GET",
    "/v1/customers/{customer_id}",
    roles=ENGINE_AND_STAFF,
    problems=(*ASKS_CRM, "customer_not_found", "anonymous_key", "too_many_requests"),
)
def read_customer(request: Request[Any]) -> CustomerView:
    """One customer."""
    _refuse_anonymous(request)
    customer_id = request.path["customer_id"]
    customers.limit_lookups()(request.caller, request.tenant_id, f"id:{customer_id}")
    return customers.look_up_customer().one(request.tenant_id, customer_id)


@routes.route("GET", "/v1/clubs", roles=STAFF, problems=ASKS_CRM)
def list_clubs(request: Request[Any]) -> Clubs:
    """The CRM's clubs."""
    return Clubs(clubs=customers.look_up_customer().clubs(request.tenant_id))


@routes.route("GET", "/v1/contact-types", roles=STAFF, problems=ASKS_CRM)
def list_contact_types(request: Request[Any]) -> ContactTypes:
    """The CRM's contact types."""
    return ContactTypes(contact_types=customers.look_up_customer().contact_types(request.tenant_id))


def _refuse_anonymous(request: Request[Any]) -> None:
    """A key for anonymous quotes is one with which nobody may learn who is a member."""
    if request.caller.anonymous_quotes:
        raise NotAllowedError("A key for anonymous quotes may not look customers up.", code="anonymous_key")
