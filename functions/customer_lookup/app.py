"""Who is this person in the winery's CRM? And what clubs and contact types are there?"""

from typing import Any

from pydantic import BaseModel

from cellarhand.adapters.system import LambdaContext
from cellarhand.bootstrap import customers as wired_customers
from cellarhand.domain.customers.customer import Club, ContactType
from cellarhand.domain.customers.view import CustomerView
from cellarhand.domain.errors import NotAllowedError
from cellarhand.http.api import ENGINE_AND_STAFF, STAFF, Api, Request
from cellarhand.http.routes import invitations
from cellarhand.observability import observed
from cellarhand.use_cases.customers.look_up_customer import CustomerSearch

api = Api(invitations.routes)


class Customers(BaseModel):
    """Whom the CRM knows, the likeliest record first; empty when the CRM said that there is nobody."""

    customers: list[CustomerView]


class Clubs(BaseModel):
    """All clubs, inactive ones too."""

    clubs: list[Club]


class ContactTypes(BaseModel):
    """All contact types that the CRM can name."""

    contact_types: list[ContactType]


@api.route("POST", "/v1/customers/search", roles=ENGINE_AND_STAFF, body=CustomerSearch)
def search_customers(request: Request[CustomerSearch]) -> Customers:
    """Look up by exact e-mail or by last name."""
    _refuse_anonymous(request)
    wired_customers.limit_recognition()(request.caller, request.tenant_id, request.body.asked_for)
    return Customers(customers=wired_customers.look_up_customer().search(request.tenant_id, request.body))


@api.route("GET", "/v1/customers/{customer_id}", roles=ENGINE_AND_STAFF)
def read_customer(request: Request[Any]) -> CustomerView:
    """One customer."""
    _refuse_anonymous(request)
    customer_id = request.path["customer_id"]
    wired_customers.limit_recognition()(request.caller, request.tenant_id, f"id:{customer_id}")
    return wired_customers.look_up_customer().one(request.tenant_id, customer_id)


@api.route("GET", "/v1/clubs", roles=STAFF)
def list_clubs(request: Request[Any]) -> Clubs:
    """The CRM's clubs."""
    return Clubs(clubs=wired_customers.look_up_customer().clubs(request.tenant_id))


@api.route("GET", "/v1/contact-types", roles=STAFF)
def list_contact_types(request: Request[Any]) -> ContactTypes:
    """The CRM's contact types."""
    return ContactTypes(contact_types=wired_customers.look_up_customer().contact_types(request.tenant_id))


def _refuse_anonymous(request: Request[Any]) -> None:
    """A key for anonymous quotes is one with which nobody may learn who is a member."""
    if request.caller.anonymous_quotes:
        raise NotAllowedError("A key for anonymous quotes may not look customers up.", code="anonymous_key")


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda entry point."""
    return api.resolve(event, context)
