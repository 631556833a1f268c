"""A route as registered: what it takes, what it answers, who may call it. The API description is generated
from these, so what is not said here is not in it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from cellarhand.domain.tenants.access_key import Role
from cellarhand.http.answers import Answer
from cellarhand.http.request import NoBody, NoQuery, Request

ENGINE = frozenset({Role.ENGINE})
STAFF = frozenset({Role.STAFF})
SUPPORT = frozenset({Role.SUPPORT})
ENGINE_AND_STAFF = ENGINE | STAFF
STAFF_AND_SUPPORT = STAFF | SUPPORT
ANYONE: frozenset[Role] = frozenset()
"""No credential: the template leaves the authorizer off that route."""

KILOBYTE = 1024
USUAL_BODY = 256 * KILOBYTE
LARGE_BODY = 1024 * KILOBYTE

NO_PATTERNS: Mapping[str, str] = MappingProxyType({})

IF_MATCH = "If-Match"
IDEMPOTENCY_KEY = "Idempotency-Key"

ASKS_CRM = (
    "crm_unavailable",
    "crm_login_refused",
    "crm_refused",
    "crm_not_configured",
    "settings_incomplete",
)
"""Problems of every route that can't answer without the winery's CRM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`takes`: the optional headers that reach the function. `path_patterns`: of what is narrower than an id.
    `problems`: the codes of its own, beside those that every route of its kind can answer. `media_types`: of
    what is not JSON.
    """

    method: str
    path: str
    path_patterns: Mapping[str, str]
    roles: Collection[Role]
    body: type[BaseModel]
    query: type[BaseModel]
    takes: Collection[str]
    status: HTTPStatus
    body_limit: int
    for_tenant: bool
    problems: Collection[str]
    media_types: Collection[str]
    answer: Callable[[Request[Any, Any]], Answer]

    @property
    def key(self) -> str:
        """As API Gateway names it in the event."""
        return f"{self.method} {self.path}"


class Routes:
    """Routes by the key that API Gateway gives them."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}

    def route[Body: BaseModel, Query: BaseModel](
        self,
        method: str,
        path: str,
        *,
        roles: Collection[Role],
        path_patterns: Mapping[str, str] = NO_PATTERNS,
        body: type[BaseModel] = NoBody,
        query: type[BaseModel] = NoQuery,
        takes: Collection[str] = (),
        status: int = 200,
        body_limit: int = USUAL_BODY,
        for_tenant: bool = True,
        problems: Collection[str] = (),
        media_types: Collection[str] = (),
    ) -> Callable[[Callable[[Request[Body, Query]], Answer]], Callable[[Request[Body, Query]], Answer]]:
        """Register a function. `for_tenant=False`: support needs no `Cellarhand-Tenant` here."""

        def register(
            answer: Callable[[Request[Body, Query]], Answer],
        ) -> Callable[[Request[Body, Query]], Answer]:
            route = Route(
                method=method,
                path=path,
                path_patterns=path_patterns,
                roles=roles,
                body=body,
                query=query,
                takes=takes,
                status=HTTPStatus(status),
                body_limit=body_limit,
                for_tenant=for_tenant,
                problems=problems,
                media_types=media_types,
                answer=answer,
            )
            self.routes[route.key] = route
            return answer

        return register
