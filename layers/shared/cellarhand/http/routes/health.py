"""Is the service there?"""

from typing import Any, Literal

from pydantic import BaseModel

from cellarhand.http.api import ANYONE, Request, Routes

routes = Routes()


class Health(BaseModel):
    """The service answers; nothing more is told to strangers."""

    status: Literal["ok"] = "ok"


@routes.route("GET", "/v1/health", roles=ANYONE)
def health(request: Request[Any]) -> Health:  # noqa: ARG001
    """Answer anybody."""
    return Health()
