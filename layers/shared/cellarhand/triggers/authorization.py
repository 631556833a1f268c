"""The authorizer: API Gateway calls it before every route except the open ones, to identify the caller."""

from typing import Any

from cellarhand.bootstrap import tenants
from cellarhand.observability import logger


def authorize(event: dict[str, Any]) -> dict[str, Any]:
    """Returns the simple response of an HTTP API authorizer, with the context that our functions read."""
    headers = event.get("headers") or {}
    authorization = next((value for name, value in headers.items() if name.lower() == "authorization"), "")
    key = tenants.authenticate_caller()(authorization)
    if key is None:
        logger.info("refused", route=event.get("routeKey"))
        return {"isAuthorized": False}
    return {
        "isAuthorized": True,
        "context": {
            "key_id": key.key_id,
            "role": key.role.value,
            "tenant": key.tenant_id,
            "anonymous": key.anonymous_quotes,
        },
    }
