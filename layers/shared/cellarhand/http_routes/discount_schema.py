"""The versioned document of discount rules."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from cellarhand import bootstrap
from cellarhand.domain.discounts.schema import DiscountSchema
from cellarhand.domain.discounts.stored import VERSION_PREFIX
from cellarhand.http_api import LARGE_BODY, STAFF, Request, Routes, Versioned
from cellarhand.use_cases.discount_schema import SchemaVersions, StoredSchema

routes = Routes()


class VersionsQuery(BaseModel):
    """Which page: `after` is an earlier page's `next`."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[str, StringConstraints(pattern=rf"^{VERSION_PREFIX}\d{{6}}$")] | None = None


@routes.route("GET", "/v1/discount-schema", roles=STAFF)
def read_discount_schema(request: Request[Any]) -> Versioned[StoredSchema]:
    """The schema in force; version 0 without rules where none was ever written."""
    stored = bootstrap.read_discount_schema()(request.tenant_id)
    return Versioned(stored, stored.version)


@routes.route("PUT", "/v1/discount-schema", roles=STAFF, body=DiscountSchema, body_limit=LARGE_BODY)
def write_discount_schema(request: Request[DiscountSchema]) -> Versioned[StoredSchema]:
    """Put a new version in force, if everything it names exists and nothing contradicts itself."""
    stored = bootstrap.write_discount_schema()(
        request.tenant_id, request.body, written_by=request.caller.key_id, if_match=request.if_match
    )
    bootstrap.audit_trail().note(
        request.tenant_id, request.caller, "discount_schema_written", version=str(stored.version)
    )
    return Versioned(stored, stored.version)


@routes.route("GET", "/v1/discount-schema/versions", roles=STAFF)
def list_versions(request: Request[Any]) -> SchemaVersions:
    """All versions, newest first."""
    after = request.query_as(VersionsQuery).after
    return bootstrap.read_discount_schema().versions(request.tenant_id, after)
