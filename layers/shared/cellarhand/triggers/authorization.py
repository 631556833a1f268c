"""API Gateway asks before every route but the open ones: who is calling?"""

from typing import Any

from cellarhand.bootstrap import tenants
from cellarhand.observability import logger


def authorize(event: dict[str, Any]) -> dict[str, Any]:
    """The simple response of HTTP APIs, its context as the functions read it."""
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
