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
A route answers a pydantic model, one of `answers`, or None with status 204. It raises a `CellarhandError` to
answer a failure. A function with many routes keeps them in groups, modules with a `Routes()` each:
`api = Api(access.routes, events.routes)`.
'''

from collections.abc import Mapping
from typing import Any

from cellarhand import observability
from cellarhand.adapters.system import InvocationDeadline, LambdaContext
from cellarhand.bootstrap import tenants
from cellarhand.domain.errors import FAILED_ON_OUR_SIDE, CellarhandError, NotFoundError
from cellarhand.domain.tenants.access_key import Role
from cellarhand.http.answers import CsvFile, Ok, StaticFile, Versioned, response_of
from cellarhand.http.json_body import model_of
from cellarhand.http.problem import headers_of_problem, problem_of
from cellarhand.http.request import (
    ANYBODY,
    Request,
    body_of,
    caller_of,
    headers_of,
    idempotency_key_of,
    if_match_of,
    path_of,
    query_of,
)
from cellarhand.http.route import (
    ANYONE,
    ASKS_CRM,
    ENGINE,
    ENGINE_AND_STAFF,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    LARGE_BODY,
    STAFF,
    STAFF_AND_SUPPORT,
    SUPPORT,
    Route,
    Routes,
)

__all__ = [
    "ANYONE",
    "ASKS_CRM",
    "ENGINE",
    "ENGINE_AND_STAFF",
    "IDEMPOTENCY_KEY",
    "IF_MATCH",
    "LARGE_BODY",
    "STAFF",
    "STAFF_AND_SUPPORT",
    "SUPPORT",
    "Api",
    "CsvFile",
    "Ok",
    "Request",
    "Route",
    "Routes",
    "StaticFile",
    "Versioned",
]


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
            return _refusal(CellarhandError(FAILED_ON_OUR_SIDE), request_id)

    def _answer(self, event: Mapping[str, Any], context: LambdaContext, request_id: str) -> dict[str, Any]:
        route = self.routes.get(event.get("routeKey", ""))
        if route is None:
            raise NotFoundError("There is no such route.", code="no_such_route")
        answer = route.answer(_request(route, event, context, request_id))
        return response_of(route.status, answer, request_id, headers_of(event))


def _request(
    route: Route, event: Mapping[str, Any], context: LambdaContext, request_id: str
) -> Request[Any, Any]:
    caller = caller_of(event, route.roles, for_tenant=route.for_tenant) if route.roles else ANYBODY
    observability.about(tenant_id=caller.tenant_id, key_id=caller.key_id, request_id=request_id)
    if caller.role is Role.SUPPORT and caller.tenant_id:
        tenants.check_tenant(caller.tenant_id)
    headers = headers_of(event)
    body = model_of(route.body, body_of(event, route.body_limit))
    path = path_of(event)
    idempotency_key, if_match = idempotency_key_of(headers), if_match_of(headers)
    return Request(
        caller=caller,
        body=body,
        path=path,
        query=query_of(event, route.query),
        idempotency_key=idempotency_key if IDEMPOTENCY_KEY in route.takes else None,
        if_match=if_match if IF_MATCH in route.takes else None,
        deadline=InvocationDeadline(context),
        request_id=request_id,
    )


def _refusal(error: CellarhandError, request_id: str) -> dict[str, Any]:
    problem = problem_of(error, request_id)
    response = response_of(problem.status, problem, request_id, {}, content_type="application/problem+json")
    response["headers"] |= headers_of_problem(error)
    return response
