"""Which problems a route can answer: its own, and those of every route of its kind."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from cellarhand.domain.tenants.access_key import Role
from cellarhand.http.problem import EXPLAINED_AT
from cellarhand.http.problem_codes.table import PROBLEM_CODES
from operations.api_description.registry import Described


class Failure(NamedTuple):
    """A status with the codes that may stand behind it on one route."""

    status: int
    codes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of the component: alike failures of several routes are one."""
        return ".".join((str(self.status), *self.codes))


OF_EVERY_ROUTE = ("invalid_json", "request_too_large", "invalid_request", "internal_error")
OF_GUARDED_ROUTES = (
    "not_authenticated",
    "not_allowed",
    "tenant_header_not_allowed",
    "storage_unavailable",
    "not_configured",
)
OF_TENANT_ROUTES = ("tenant_not_found",)
WHERE_SUPPORT_NAMES_A_TENANT = ("tenant_header_missing",)

TABLE = {one.code: one for one in PROBLEM_CODES}

OF_API_GATEWAY = {
    401: "There is no Authorization header.",
    403: "The access key is unknown, revoked or expired.",
    413: "The body has more than 10 MB.",
    429: "The API as a whole is asked too often.",
    500: "The function failed.",
    503: "The function did not answer in time.",
}
"""What API Gateway itself answers, before or instead of a function of ours: `{"message": "..."}`."""
ONLY_OF_GUARDED_ROUTES = (401, 403)


def problem_responses(one: Described) -> dict[int, Failure]:
    """What stands behind each status of a failure."""
    codes: dict[int, list[str]] = defaultdict(list)
    for code in sorted(_codes(one)):
        codes[TABLE[code].status].append(code)
    gateway = {*OF_API_GATEWAY} - set(() if one.route.roles else ONLY_OF_GUARDED_ROUTES)
    return {status: Failure(status, tuple(codes.get(status, ()))) for status in sorted({*codes, *gateway})}


def _codes(one: Described) -> set[str]:
    route = one.route
    codes = {*OF_EVERY_ROUTE, *route.problems}
    if route.roles:
        codes |= set(OF_GUARDED_ROUTES)
    if route.roles and route.for_tenant:
        codes |= set(OF_TENANT_ROUTES)
    if Role.SUPPORT in route.roles and route.for_tenant:
        codes |= set(WHERE_SUPPORT_NAMES_A_TENANT)
    return codes


def response_of(failure: Failure, examples: Mapping[str, Any]) -> dict[str, Any]:
    """The component. `examples` are whole problems by their code."""
    status, codes = failure
    of_gateway = OF_API_GATEWAY.get(status)
    lines = [f"- [`{code}`]({EXPLAINED_AT}{code}): {TABLE[code].meaning}" for code in codes]
    content: dict[str, Any] = {}
    headers: dict[str, Any] = {}
    if codes:
        shown = {code: {"value": examples[code]} for code in codes if code in examples}
        schema = {"schema": _problem_of(status, codes)}
        content["application/problem+json"] = schema | ({"examples": shown} if shown else {})
        headers["x-request-id"] = {"$ref": "#/components/headers/RequestId"}
    if of_gateway:
        lines.append(f"- API Gateway's own: {of_gateway}")
        content["application/json"] = {"schema": {"$ref": "#/components/schemas/GatewayMessage"}}
    if "too_many_requests" in codes:
        headers["retry-after"] = {"$ref": "#/components/headers/RetryAfter"}
    response = {"description": "\n".join(lines), "headers": headers, "content": content}
    return {name: part for name, part in response.items() if part}


def _problem_of(status: int, codes: tuple[str, ...]) -> dict[str, Any]:
    narrowed = {"properties": {"status": {"const": status}, "code": {"enum": list(codes)}}}
    return {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]}
