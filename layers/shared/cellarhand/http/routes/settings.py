"""A winery's settings, its CRM login, and whether that login works."""

from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from cellarhand.bootstrap import tenants
from cellarhand.domain.models import StrictModel
from cellarhand.domain.tenants.settings import Settings
from cellarhand.http.api import IF_MATCH, STAFF_AND_SUPPORT, Request, Routes, Versioned

routes = Routes()

Login = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class CrmCredentials(StrictModel):
    """The winery's own login at its CRM. Write-only."""

    username: Login
    password: Login


class CrmCapabilities(BaseModel):
    """What the CRM can do, as far as is known by now."""

    knows_skus: bool
    knows_hold: bool
    finds_orders: bool
    lists_customers_of_type: bool
    refuses_repeated_order_numbers: bool
    lists_contact_types: bool
    knows_joining_dates: bool


class LoginTest(BaseModel):
    """`connection` is one of: works, works_without_contact_types, login_refused, account_inactive,
    our_configuration, unreachable. `crm_message` are the CRM's own words.
    """

    connection: str
    works: bool
    who_acts: str
    advice: str
    crm_message: str | None
    capabilities: CrmCapabilities


@routes.route("GET", "/v1/settings", roles=STAFF_AND_SUPPORT)
def read_settings(request: Request[Any]) -> Versioned[Settings]:
    """The settings in force."""
    record = tenants.manage_settings().read(request.tenant_id)
    return Versioned(record.settings, record.version)


@routes.route(
    "PUT",
    "/v1/settings",
    roles=STAFF_AND_SUPPORT,
    body=Settings,
    takes=(IF_MATCH,),
    problems=("version_changed", "changed_meanwhile"),
)
def replace_settings(request: Request[Settings]) -> Versioned[Settings]:
    """Replace all settings: what is left out gets its default."""
    record = tenants.manage_settings().replace(
        request.tenant_id, request.caller, request.body, request.if_match
    )
    return Versioned(record.settings, record.version)


@routes.route(
    "PUT",
    "/v1/settings/credentials",
    roles=STAFF_AND_SUPPORT,
    body=CrmCredentials,
    status=204,
)
def keep_credentials(request: Request[CrmCredentials]) -> None:
    """Keep the CRM login. It can be replaced and tested, never read."""
    login = request.body
    tenants.manage_settings().keep_login(request.tenant_id, request.caller, login.username, login.password)


@routes.route("POST", "/v1/settings/test-login", roles=STAFF_AND_SUPPORT, problems=("settings_incomplete",))
def test_login(request: Request[Any]) -> LoginTest:
    """Try the stored login at the CRM and say who must do what."""
    tried = tenants.check_crm_login()(request.tenant_id)
    return LoginTest(
        connection=tried.connection,
        works=tried.works,
        who_acts=tried.who_acts,
        advice=tried.advice,
        crm_message=tried.crm_message,
        capabilities=CrmCapabilities(**tried.capabilities._asdict()),
    )
