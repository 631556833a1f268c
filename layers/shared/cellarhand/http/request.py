"""What a route gets to see of an API Gateway event (payload version 2.0): one checked `Request`."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from cellarhand.domain.errors import FieldError, InvalidRequestError, NotAllowedError, RequestTooLargeError
from cellarhand.domain.models import StrictModel
from cellarhand.domain.tenants.access_key import EVERY_TENANT, Caller, Role
from cellarhand.http.json_body import MalformedBodyError, invalid_fields
from cellarhand.ports.runtime import Deadline

TENANT_HEADER = "cellarhand-tenant"
ID_SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
TENANT_SHAPE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
IDEMPOTENCY_KEY_SHAPE = re.compile(r"[!-~]{1,128}")
VERSION_SHAPE = re.compile(r'"?([0-9]{1,15})"?')


class CursorQuery(StrictModel):
    """Which page: `next` of the one before."""

    cursor: str | None = Field(None, max_length=400)


class NoBody(StrictModel):
    """For routes that take none; an empty object is let pass."""


class NoQuery(BaseModel):
    """For routes that take no parameters in the query string; whatever stands there is ignored."""


@dataclass(frozen=True, slots=True)
class Request[Body: BaseModel, Query: BaseModel = NoQuery]:
    """A request whose caller, role, tenant, size, JSON and fields have been checked.

    `path` holds the ids of the path; `if_match` is a record's version. It and `idempotency_key` are None
    unless the route says that it takes the header.
    """

    caller: Caller
    body: Body
    path: Mapping[str, str]
    query: Query
    idempotency_key: str | None
    if_match: int | None
    deadline: Deadline
    request_id: str

    @property
    def tenant_id(self) -> str:
        """Whose data this is about: from the credential, or chosen by support in the header."""
        if self.caller.tenant_id is None:
            raise LookupError("this route is not about one tenant")
        return self.caller.tenant_id


ANYBODY = Caller(key_id="", role=Role.ENGINE, tenant_id=None)
"""Who calls a route that needs no credential."""


def caller_of(event: Mapping[str, Any], roles: Collection[Role], *, for_tenant: bool) -> Caller:
    """Who the authorizer found, and (support, on a tenant's route) the tenant that the header names.

    Raises `NotAllowedError` for the wrong role, and for a header that would be a wish without effect.
    """
    context = (event.get("requestContext", {}).get("authorizer") or {}).get("lambda")
    if not context:
        raise NotAllowedError("This needs an access key.", code="not_authenticated")
    role = Role(context["role"])
    if role not in roles:
        raise NotAllowedError(f"A key of role {role} may not do this; it takes {' or '.join(sorted(roles))}.")
    return Caller(
        key_id=context["key_id"],
        role=role,
        tenant_id=_tenant(context["tenant"], headers_of(event).get(TENANT_HEADER), for_tenant=for_tenant),
        anonymous_quotes=str(context.get("anonymous", "")).lower() == "true",
    )


def _tenant(of_key: str, asked: str | None, *, for_tenant: bool) -> str | None:
    if of_key != EVERY_TENANT:
        if asked is not None:
            raise NotAllowedError(
                "Cellarhand-Tenant is for support keys only: this key belongs to one tenant already.",
                code="tenant_header_not_allowed",
            )
        return of_key
    if not for_tenant:
        return None
    if asked is None or not TENANT_SHAPE.fullmatch(asked):
        raise InvalidRequestError(
            "A support key must name the tenant in the header Cellarhand-Tenant.",
            code="tenant_header_missing",
            errors=(FieldError("/headers/cellarhand-tenant", "the id of a tenant"),),
        )
    return asked


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """Headers by their lower-case names."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}


def body_of(event: Mapping[str, Any], limit: int) -> bytes:
    """The body's bytes, an absent one as an empty object. Raises if over `limit` bytes or broken base64."""
    text = event.get("body") or ""
    try:
        body = b64decode(text, validate=True) if event.get("isBase64Encoded") else text.encode()
    except (Base64Error, UnicodeError, ValueError):
        raise MalformedBodyError("The body can't be read.") from None
    if len(body) > limit:
        raise RequestTooLargeError(f"The body has {len(body)} bytes; this route takes up to {limit}.")
    return body or b"{}"


def path_of(event: Mapping[str, Any]) -> dict[str, str]:
    """The path's ids; raises `InvalidRequestError` for what can't be an id of ours."""
    path: dict[str, str] = event.get("pathParameters") or {}
    wrong = [name for name, value in path.items() if not ID_SHAPE.fullmatch(value)]
    if wrong:
        raise InvalidRequestError(
            "The path holds something that is not an id: up to 64 letters, digits and . _ : -",
            errors=tuple(FieldError(f"/path/{name}", "not an id") for name in wrong),
        )
    return path


def query_of[Query: BaseModel](event: Mapping[str, Any], model: type[Query]) -> Query:
    """The query string as a model; raises `InvalidRequestError` with pointers below `/query`."""
    try:
        return model.model_validate_strings(event.get("queryStringParameters") or {})
    except ValidationError as error:
        raise invalid_fields(error, below="/query") from None


def idempotency_key_of(headers: Mapping[str, str]) -> str | None:
    """The `Idempotency-Key`, 1 to 128 printable ASCII characters."""
    return _header(headers, "idempotency-key", IDEMPOTENCY_KEY_SHAPE, "1 to 128 printable ASCII characters")


def if_match_of(headers: Mapping[str, str]) -> int | None:
    """The version that `If-Match` names, with quotes or without."""
    value = _header(headers, "if-match", VERSION_SHAPE, "the number of a version")
    return None if value is None else int(value.strip('"'))


def _header(headers: Mapping[str, str], name: str, shape: re.Pattern[str], expected: str) -> str | None:
    value = headers.get(name)
    if value is not None and not shape.fullmatch(value):
        raise InvalidRequestError(
            f"The header {name} must be {expected}.", errors=(FieldError(f"/headers/{name}", expected),)
        )
    return value
