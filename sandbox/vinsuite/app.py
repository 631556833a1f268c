"""The whole simulator as one ASGI application."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.vinsuite.admin import Admin
from sandbox.vinsuite.faults import FaultBoard
from sandbox.vinsuite.operations.context import Clock, utc_now
from sandbox.vinsuite.service import Service
from sandbox.vinsuite.state.book import Seed
from sandbox.vinsuite.state.default_seed import PARTNER_KEY, default_wineries
from sandbox.vinsuite.state.store import Store
from sandbox.vinsuite.state.traffic import Traffic
from sandbox.vinsuite.state.wineries import UsernameTakenError
from sandbox.vinsuite.wire.delivery import Delivery
from sandbox.vinsuite.wire.endpoint import SoapEndpoint

ADDRESSES = ("/2.00/EWSWebServices.asmx", "/2.0/EWSWebServices.asmx")


def _ignore(_line: str) -> None:
    """Log nowhere."""


def create_app(
    state: Path,
    *,
    seeds: dict[str, Seed] | None = None,
    partner_key: UUID = PARTNER_KEY,
    log: Callable[[str], None] = _ignore,
    clock: Clock = utc_now,
) -> Starlette:
    """Open the state folder and serve it; seeds are loaded only where the winery is not there yet.

    Raises StateInUseError when another simulator has the folder. Whoever stops serving closes `state.store`.
    """
    store = Store(state)
    service = Service(store, FaultBoard(), partner_key, clock)
    for name, seed in (default_wineries() if seeds is None else seeds).items():
        if name not in service.wineries.by_name():
            service.wineries.load(name, seed)
    traffic = Traffic()
    endpoint = SoapEndpoint(service, Delivery(service, traffic), log)
    app = Starlette(
        routes=[
            *(Route(address, endpoint, methods=["POST"]) for address in ADDRESSES),
            *Admin(service, traffic).routes(),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        exception_handlers={ValidationError: _unusable, UsernameTakenError: _conflict},
    )
    app.state.store = store
    return app


async def _unusable(_request: Request, error: Exception) -> Response:
    """Say what is wrong with a seed or with switches, without repeating what was sent."""
    assert isinstance(error, ValidationError)  # noqa: S101 - Starlette's type is wider than the table
    return JSONResponse(
        {"errors": error.errors(include_input=False, include_url=False, include_context=False)}, 422
    )


async def _conflict(_request: Request, error: Exception) -> Response:
    return JSONResponse({"errors": [str(error)]}, 409)
