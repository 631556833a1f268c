'''HTTP routes of one function: checks every request, answers every failure as problem+json.

    api = Api()

    @api.route("PUT", "/v1/reservations/{reservation_id}", roles=ENGINE_AND_STAFF, body=Snapshot)
    def keep_reservation(request: Request[Snapshot]) -> KeptReservation:
        """Keep the snapshot and upsert the guest."""
        return bootstrap.upsert_customer()(request.tenant_id, request.path["reservation_id"], request.body)

    @observed
    def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """AWS Lambda entry point."""
        return api.resolve(event, context)

API Gateway has matched the path already (`routeKey`), so the template must spell each path as it stands here.
A route answers a pydantic model, a `Versioned` one (its version is the `ETag`, to come back in `If-Match`),
a `Document`, or None with status 204. It raises a `CellarhandError` to answer a failure. A function with many
routes keeps them in groups, modules with a `Routes()` each: `api = Api(access.routes, events.routes)`.
'''

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from cellarhand import observability
from cellarhand.adapters.system import InvocationDeadline, LambdaContext
from cellarhand.bootstrap import tenants
from cellarhand.domain.errors import CellarhandError, NotFoundError
from cellarhand.domain.tenants.access_key import Role
from cellarhand.http.json_body import model_of
from cellarhand.http.problem import headers_of_problem, problem_of
from cellarhand.http.request import (
    ANYBODY,
    NoBody,
    Request,
    body_of,
    caller_of,
    headers_of,
    idempotency_key_of,
    if_match_of,
    path_of,
)

__all__ = [
    "ANYONE",
    "ENGINE",
    "ENGINE_AND_STAFF",
    "LARGE_BODY",
    "STAFF",
    "STAFF_AND_SUPPORT",
    "SUPPORT",
    "Api",
    "Document",
    "Request",
    "Route",
    "Routes",
    "Versioned",
    "WithStatus",
]

ENGINE = frozenset({Role.ENGINE})
STAFF = frozenset({Role.STAFF})
SUPPORT = frozenset({Role.SUPPORT})
ENGINE_AND_STAFF = ENGINE | STAFF
STAFF_AND_SUPPORT = STAFF | SUPPORT
ANYONE: frozenset[Role] = frozenset()
"""No credential: the template leaves the authorizer off that route."""

KILOBYTE = 1024
LARGE_BODY = 1024 * KILOBYTE


@dataclass(frozen=True, slots=True)
class Versioned[Shown: BaseModel]:
    """An answer with the version of what it shows."""

    body: Shown
    version: int


@dataclass(frozen=True, slots=True)
class WithStatus[Shown: BaseModel]:
    """An answer with another status than its route's own."""

    body: Shown
    status: HTTPStatus


@dataclass(frozen=True, slots=True)
class Document:
    """An answer that is a file to keep, and no JSON. `media_type` names its character set, too."""

    text: str
    media_type: str
    file_name: str


Answer = BaseModel | Versioned[Any] | WithStatus[Any] | Document | None


@dataclass(frozen=True, slots=True)
class Route:
    """A route as registered; the API description is generated from these."""

    method: str
    path: str
    roles: Collection[Role]
    body: type[BaseModel]
    status: HTTPStatus
    body_limit: int
    for_tenant: bool
    answer: Callable[[Request[Any]], Answer]

    @property
    def key(self) -> str:
        """As API Gateway names it in the event."""
        return f"{self.method} {self.path}"


class Routes:
    """Routes by the key that API Gateway gives them."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}

    def route[Body: BaseModel](
        self,
        method: str,
        path: str,
        *,
        roles: Collection[Role],
        body: type[BaseModel] = NoBody,
        status: int = 200,
        body_limit: int = 256 * KILOBYTE,
        for_tenant: bool = True,
    ) -> Callable[[Callable[[Request[Body]], Answer]], Callable[[Request[Body]], Answer]]:
        """Register a function. `for_tenant=False`: support needs no `Cellarhand-Tenant` here."""

        def register(answer: Callable[[Request[Body]], Answer]) -> Callable[[Request[Body]], Answer]:
            route = Route(method, path, roles, body, HTTPStatus(status), body_limit, for_tenant, answer)
            self.routes[route.key] = route
            return answer

        return register


class Api(Routes):
    """The routes of one function, and the one way in which a request is answered."""

    def __init__(self, *groups: Routes) -> None:
        super().__init__()
        for group in groups:
            self.routes.update(group.routes)

    def resolve(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer an HTTP API event (payload version 2.0). Raises nothing."""
        request_id = str(event.get("requestContext", {}).get("requestId", ""))
        try:
            return self._answer(event, context, request_id)
        except CellarhandError as error:
            observability.report_problem(error)
            return _refusal(error, request_id)
        except Exception as failure:
            observability.report_failure(failure)
            return _refusal(CellarhandError("Something failed on our side; it is recorded."), request_id)

    def _answer(self, event: Mapping[str, Any], context: LambdaContext, request_id: str) -> dict[str, Any]:
        route = self.routes.get(event.get("routeKey", ""))
        if route is None:
            raise NotFoundError("There is no such route.", code="no_such_route")
        answer = route.answer(_request(route, event, context, request_id))
        return _response(route.status, answer, request_id, content_type="application/json")


def _request(route: Route, event: Mapping[str, Any], context: LambdaContext, request_id: str) -> Request[Any]:
    caller = caller_of(event, route.roles, for_tenant=route.for_tenant) if route.roles else ANYBODY
    observability.about(tenant_id=caller.tenant_id, key_id=caller.key_id, request_id=request_id)
    if caller.role is Role.SUPPORT and caller.tenant_id:
        tenants.check_tenant(caller.tenant_id)
    headers = headers_of(event)
    return Request(
        caller=caller,
        body=model_of(route.body, body_of(event, route.body_limit)),
        path=path_of(event),
        query=event.get("queryStringParameters") or {},
        idempotency_key=idempotency_key_of(headers),
        if_match=if_match_of(headers),
        deadline=InvocationDeadline(context),
        request_id=request_id,
    )


def _refusal(error: CellarhandError, request_id: str) -> dict[str, Any]:
    problem = problem_of(error, request_id)
    response = _response(problem.status, problem, request_id, content_type="application/problem+json")
    response["headers"] |= headers_of_problem(error)
    return response


def _response(status: int, answer: Answer, request_id: str, *, content_type: str) -> dict[str, Any]:
    headers = {"content-type": content_type, "cache-control": "no-store", "x-request-id": request_id}
    if isinstance(answer, Document):
        headers["content-type"] = answer.media_type
        headers["content-disposition"] = f'attachment; filename="{answer.file_name}"'
        return {"statusCode": int(status), "headers": headers, "body": answer.text, "isBase64Encoded": False}
    shown: BaseModel | None = answer.body if isinstance(answer, Versioned | WithStatus) else answer
    if isinstance(answer, Versioned):
        headers["etag"] = f'"{answer.version}"'
    if isinstance(answer, WithStatus):
        status = answer.status
    return {
        "statusCode": int(status),
        "headers": headers,
        "body": "" if shown is None else shown.model_dump_json(),
        "isBase64Encoded": False,
    }
