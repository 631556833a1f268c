"""Support takes wineries on and hands out keys."""

from typing import Any

from pydantic import BaseModel

from cellarhand.bootstrap import tenants
from cellarhand.domain.tenants.access_key import Role
from cellarhand.domain.tenants.onboarding import AccessKeyBody, TenantBody
from cellarhand.http.api import IDEMPOTENCY_KEY, SUPPORT, Request, Routes
from cellarhand.use_cases.tenants.access_keys import NewKey

routes = Routes()


class ShownKey(BaseModel):
    """A key, shown this once. It goes into `Authorization: Bearer <key>`."""

    id: str
    key: str


class NewTenant(BaseModel):
    """A winery that was taken on, with its first keys."""

    tenant_id: str
    name: str
    timezone: str
    currency: str
    provider: str
    crm_environment: str
    keys: dict[Role, ShownKey]


@routes.route(
    "POST",
    "/v1/tenants",
    roles=SUPPORT,
    body=TenantBody,
    status=201,
    for_tenant=False,
    problems=("tenant_exists",),
)
def onboard_tenant(request: Request[TenantBody]) -> NewTenant:
    """Take a winery on: default settings and two keys, one for its booking engine and one for its staff."""
    onboarded = tenants.onboard_tenant()(request.caller, request.body)
    keys = {role: _shown(key) for role, key in onboarded.keys.items()}
    return NewTenant(**request.body.model_dump(), keys=keys)


@routes.route(
    "POST",
    "/v1/access-keys",
    roles=SUPPORT,
    body=AccessKeyBody,
    takes=(IDEMPOTENCY_KEY,),
    status=201,
    for_tenant=False,
    problems=("idempotency_key_reused", "tenant_not_found"),
)
def make_access_key(request: Request[AccessKeyBody]) -> ShownKey:
    """Make a key. The old one goes on working, so that a key can be changed without a gap."""
    return _shown(tenants.access_keys().make(request.caller, request.body, request.idempotency_key))


@routes.route(
    "DELETE",
    "/v1/access-keys/{key_id}",
    roles=SUPPORT,
    status=204,
    for_tenant=False,
    problems=("not_found", "changed_meanwhile"),
)
def revoke_access_key(request: Request[Any]) -> None:
    """Revoke a key; within 60 s it opens nothing any more."""
    tenants.access_keys().revoke(request.caller, request.path["key_id"])


def _shown(key: NewKey) -> ShownKey:
    return ShownKey(id=key.id, key=key.key)
