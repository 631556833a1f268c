"""The discount schema and its versions."""

import re
from typing import Annotated, Any

from pydantic import StringConstraints

from cellarhand.bootstrap import discounts, tenants
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.discounts.schema.versions import VERSION_PREFIX
from cellarhand.domain.errors import FieldError, InvalidRequestError
from cellarhand.domain.models import StrictModel
from cellarhand.http.api import ASKS_CRM, IF_MATCH, LARGE_BODY, STAFF, Request, Routes, Versioned
from cellarhand.use_cases.discounts.manage_schema import SchemaVersions, StoredSchema

routes = Routes()

NUMBER = "^[0-9]{1,6}$"


class VersionsQuery(StrictModel):
    """`after`: `next` of an earlier page."""

    after: Annotated[str, StringConstraints(pattern=rf"^{VERSION_PREFIX}\d{{6}}$")] | None = None


@routes.route("GET", "/v1/discount-schema", roles=STAFF)
def read_schema(request: Request[Any]) -> Versioned[StoredSchema]:
    """The schema in force; version 0 without rules if none was ever written."""
    stored = discounts.read_schema()(request.tenant_id)
    return Versioned(stored, stored.version)


@routes.route(
    "PUT",
    "/v1/discount-schema",
    roles=STAFF,
    body=DiscountSchema,
    takes=(IF_MATCH,),
    body_limit=LARGE_BODY,
    problems=(*ASKS_CRM, "version_changed", "changed_meanwhile"),
)
def write_schema(request: Request[DiscountSchema]) -> Versioned[StoredSchema]:
    """Put a new version in force, if everything it names exists and no rule contradicts itself."""
    stored = discounts.write_schema()(
        request.tenant_id, request.body, written_by=request.caller.key_id, if_match=request.if_match
    )
    _note(request, "discount_schema_written", version=str(stored.version))
    return Versioned(stored, stored.version)


@routes.route("GET", "/v1/discount-schema/versions", roles=STAFF, query=VersionsQuery)
def list_versions(request: Request[Any, VersionsQuery]) -> SchemaVersions:
    """All versions, newest first."""
    return discounts.read_schema().versions(request.tenant_id, request.query.after)


@routes.route(
    "GET",
    "/v1/discount-schema/versions/{version}",
    path_patterns={"version": NUMBER},
    roles=STAFF,
    problems=("schema_not_found",),
)
@routes.route(
    "GET",
    "/v1/discount-schema/versions/{version}",
    path_patterns={"version": NUMBER},
    roles=STAFF,
    problems=("schema_not_found",),
)
def read_version(request: Request[Any]) -> StoredSchema:
    """One version with its rules, in force or not."""
    return discounts.read_schema().version(request.tenant_id, _number(request))


@routes.route(
    "POST",
    "/v1/discount-schema/versions/{version}/restore",
    path_patterns={"version": NUMBER},
    roles=STAFF,
    takes=(IF_MATCH,),
    problems=(*ASKS_CRM, "schema_not_found", "version_changed", "changed_meanwhile"),
)
def restore_version(request: Request[Any]) -> Versioned[StoredSchema]:
    """Put the rules of an earlier version in force again, as a new version that is validated again.

    `If-Match` names the version in force.
    """
    number = _number(request)
    stored = discounts.write_schema().restore(
        request.tenant_id, number, written_by=request.caller.key_id, if_match=request.if_match
    )
    _note(request, "discount_schema_restored", version=str(stored.version), restored_from=str(number))
    return Versioned(stored, stored.version)


def _number(request: Request[Any]) -> int:
    version = request.path["version"]
    if not re.fullmatch(NUMBER, version):
        raise InvalidRequestError(
            "The path must name a version.", errors=(FieldError("/path/version", "the number of a version"),)
        )
    return int(version)


def _note(request: Request[Any], what: str, **ids: str) -> None:
    tenants.audit_trail().note(request.tenant_id, request.caller, what, **ids)
