"""Support takes the winery on; its staff set it up."""

from cellarhand.domain.tenants.access_key import Role
from tests.api_examples.recorder import TENANT
from tests.api_examples.winery import DINNER, SCHEMA, SETTINGS, TASTING, VISIT, ExampleWinery
from tests.fakes.crm import Step

WINERY = {
    "tenant_id": TENANT,
    "name": "Larkspur Ridge",
    "timezone": "America/Los_Angeles",
    "currency": "USD",
    "provider": "vinsuite",
    "crm_environment": "sandbox",
}


def onboard(winery: ExampleWinery) -> None:
    """The winery, its keys, and what support can do wrong."""
    support = {"role": Role.SUPPORT, "tenant": None}
    winery.ask("POST /v1/tenants", "onboard", body=WINERY, expect=201, **support)
    winery.ask("POST /v1/tenants", "tenant_exists", body=WINERY, expect=409, **support)
    winery.ask("GET /v1/settings", "tenant_header_missing", expect=422, **support)
    winery.ask("GET /v1/settings", "tenant_not_found", role=Role.SUPPORT, tenant="lost-valley", expect=404)


def settings(winery: ExampleWinery) -> None:
    """Settings and the CRM login."""
    winery.ask("GET /v1/settings", "settings")
    winery.ask("PUT /v1/settings", "replace", headers={"If-Match": '"1"'}, body=SETTINGS)
    winery.ask("PUT /v1/settings", "version_changed", headers={"If-Match": '"1"'}, body=SETTINGS, expect=412)
    winery.ask("PUT /v1/settings", "not_allowed", role=Role.ENGINE, body=SETTINGS, expect=403)
    login = {"username": "larkspur-web-services", "password": "an example"}
    winery.ask("PUT /v1/settings/credentials", "credentials", body=login, expect=204)
    winery.ask("POST /v1/settings/test-login", "works")


def events(winery: ExampleWinery) -> None:
    """Two events, one by invitation."""
    path = {"event_id": "estate-tasting"}
    winery.ask("PUT /v1/events/{event_id}", "create", path=path, body=TASTING)
    winery.ask("PUT /v1/events/{event_id}", "by invitation", path={"event_id": "library-dinner"}, body=DINNER)
    wrong = {**TASTING, "fee_per_guest": -1, "sku": ""}
    winery.ask("PUT /v1/events/{event_id}", "invalid_request", path=path, body=wrong, expect=422)
    winery.ask("GET /v1/events/{event_id}", "event", path=path)
    winery.ask("GET /v1/events/{event_id}", "not_found", path={"event_id": "cellar-tour"}, expect=404)
    winery.ask("GET /v1/events", "events", role=Role.ENGINE)


def groups(winery: ExampleWinery) -> None:
    """Clubs, contact types, and who is invited."""
    winery.ask("GET /v1/clubs", "clubs")
    winery.ask("GET /v1/contact-types", "contact types")
    winery.ask("POST /v1/contact-types/sync", "sync")
    winery.ask("GET /v1/invite-lists", "invite lists")
    path = {"contact_type_id": "type-1"}
    winery.ask("GET /v1/invite-lists/{contact_type_id}/customers", "invited", path=path)
    winery.crm.script("list_clubs", Step.UNAVAILABLE)
    winery.ask("GET /v1/clubs", "crm_unavailable", expect=503)


def discounts(winery: ExampleWinery) -> None:
    """The schema, its versions, and what a draft would change."""
    winery.ask("PUT /v1/discount-schema", "first version", headers={"If-Match": '"0"'}, body=SCHEMA)
    winery.ask("GET /v1/discount-schema", "in force")
    without_code = {"rules": SCHEMA["rules"][:1]}
    winery.ask("PUT /v1/discount-schema", "second version", body=without_code)
    one = {"version": "1"}
    winery.ask("GET /v1/discount-schema/versions/{version}", "version 1", path=one)
    winery.ask(
        "GET /v1/discount-schema/versions/{version}", "schema_not_found", path={"version": "9"}, expect=404
    )
    winery.ask("POST /v1/discount-schema/versions/{version}/restore", "restore version 1", path=one)
    winery.ask("GET /v1/discount-schema/versions", "versions")
    visit = {"draft": without_code, "visit": VISIT, "invented_guest": {"clubs": ["Founders Circle"]}}
    winery.ask("POST /v1/discounts/simulate", "a visit of an invented guest", body=visit)


def schedule(winery: ExampleWinery) -> None:
    """Orders by themselves, every night."""
    plan = {"enabled": True, "daily_at": "02:30", "days_after_visit": 1}
    winery.ask("PUT /v1/schedule", "every night", role=Role.SUPPORT, body=plan)
    winery.ask("GET /v1/schedule", "schedule")
    winery.ask("POST /v1/schedule/pause", "pause")
    winery.ask("POST /v1/schedule/resume", "resume")


def keys(winery: ExampleWinery) -> None:
    """One more key, and away with it."""
    support = {"role": Role.SUPPORT, "tenant": None}
    body = {"tenant_id": TENANT, "role": "engine", "label": "web shop", "anonymous_quotes": True}
    support |= {"headers": {"Idempotency-Key": "web-shop-2026"}, "body": body}
    made = winery.ask("POST /v1/access-keys", "for anonymous quotes", expect=201, **support)
    winery.ask("POST /v1/access-keys", "idempotency_key_reused", expect=409, **support)
    path = {"key_id": made["id"]}
    of_support = {"role": Role.SUPPORT, "tenant": None}
    winery.ask("DELETE /v1/access-keys/{key_id}", "revoke", path=path, expect=204, **of_support)


def public(winery: ExampleWinery) -> None:
    """What needs no key."""
    winery.ask("GET /v1/health", "there", role=None)
    winery.ask("GET /v1/openapi.json", "description", role=None)
    winery.ask("GET /v1/docs", "page", role=None)
    winery.ask("GET /v1/docs/problems", "problems", role=None)
    winery.ask("GET /v1/docs/files/{file}", "script", role=None, path={"file": "docs.js"})
