"""What a winery decides and support sets up: settings, events, discount schema, schedule, keys; and health.

API Gateway sends paths here that no function has, too.
"""

from typing import Any, Literal

from pydantic import BaseModel

from cellarhand.adapters.system import LambdaContext
from cellarhand.http.api import ANYONE, Api, Request
from cellarhand.http.routes import access_keys, discount_schema, events, schedules, settings
from cellarhand.observability import observed

api = Api(access_keys.routes, settings.routes, events.routes, discount_schema.routes, schedules.routes)


class Health(BaseModel):
    """The service answers; nothing more is told to strangers."""

    status: Literal["ok"] = "ok"


@api.route("GET", "/v1/health", roles=ANYONE)
def health(request: Request[Any]) -> Health:  # noqa: ARG001
    """Answer anybody."""
    return Health()


@observed
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda entry point."""
    return api.resolve(event, context)
