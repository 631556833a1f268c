"""The addresses under /_sim: the book as JSON and as a page, seeds, switches, counts."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sandbox.vinsuite.service import Service
from sandbox.vinsuite.state.book import Password, Seed
from sandbox.vinsuite.state.traffic import Traffic
from sandbox.vinsuite.state.wineries import Winery
from sandbox.vinsuite.switches import Switches
from sandbox.vinsuite.wire import pages


class Admin:
    """What tests, tours and people look at and turn; it is no part of what is simulated."""

    def __init__(self, service: Service, traffic: Traffic) -> None:
        """Look into these."""
        self._service, self._traffic = service, traffic
        self._faults = service.faults

    def routes(self) -> list[Route]:
        """Give the routes, all outside /2.00/."""
        winery = "/_sim/wineries/{name}"
        return [
            Route("/_sim", self.overview),
            Route("/_sim/book", self.every_book),
            Route("/_sim/calls", self.calls),
            Route("/_sim/calls", self.forget_calls, methods=["DELETE"]),
            Route("/_sim/faults", self.faults),
            Route("/_sim/faults", self.set_faults, methods=["PUT"]),
            Route("/_sim/faults", self.clear_faults, methods=["DELETE"]),
            Route(winery, self.page),
            Route(winery, self.load, methods=["PUT"]),
            Route(winery, self.remove, methods=["DELETE"]),
            Route(f"{winery}/book", self.book),
            Route(f"{winery}/password", self.change_password, methods=["PUT"]),
            Route(f"{winery}/faults", self.lift_faults, methods=["DELETE"]),
        ]

    async def overview(self, _request: Request) -> Response:
        """Show every winery, the switches and the counts."""
        return HTMLResponse(
            pages.overview(self._service.wineries.by_name(), self._faults.report(), self._traffic.report())
        )

    async def page(self, request: Request) -> Response:
        """Show one winery's book."""
        winery = self._winery(request)
        return HTMLResponse(pages.winery(winery.book.name, winery.account.username, winery.book.snapshot()))

    async def every_book(self, _request: Request) -> Response:
        """Give all books by winery name."""
        books = self._service.wineries.by_name().items()
        return JSONResponse({name: each.book.snapshot().model_dump(mode="json") for name, each in books})

    async def book(self, request: Request) -> Response:
        """Give one winery's book."""
        body = self._winery(request).book.snapshot().model_dump_json()
        return Response(body, media_type="application/json")

    async def load(self, request: Request) -> Response:
        """Load a seed in place of what is there, or with `?if_absent=true` only where nothing is."""
        name = request.path_params["name"]
        seed = Seed.model_validate_json(await request.body())
        known = name in self._service.wineries.by_name()
        keep = known and request.query_params.get("if_absent") == "true"
        if not keep:
            self._service.wineries.load(name, seed)
        return JSONResponse({"loaded": not keep}, status_code=200 if known else 201)

    async def remove(self, request: Request) -> Response:
        """Forget a winery."""
        self._service.wineries.remove(self._winery(request).book.name)
        return Response(status_code=204)

    async def change_password(self, request: Request) -> Response:
        """Give a winery's account another password, `{"password": …}`; the book stays."""
        password = Password.model_validate_json(await request.body()).password
        self._service.wineries.change_password(self._winery(request).book.name, password)
        return Response(status_code=204)

    async def lift_faults(self, request: Request) -> Response:
        """Switch off the rules of one winery alone; all others go on as they were."""
        self._faults.lift(self._winery(request).book.name)
        return Response(status_code=204)

    async def faults(self, _request: Request) -> Response:
        """Give the switches, and how often each took effect."""
        return JSONResponse(self._faults.report())

    async def set_faults(self, request: Request) -> Response:
        """Replace all switches."""
        self._faults.set(Switches.model_validate_json(await request.body()))
        return JSONResponse(self._faults.report())

    async def clear_faults(self, _request: Request) -> Response:
        """Switch everything off and forget the counts."""
        self._faults.clear()
        return Response(status_code=204)

    async def calls(self, _request: Request) -> Response:
        """Give the calls per winery and operation, and the most at once."""
        return JSONResponse(self._traffic.report())

    async def forget_calls(self, _request: Request) -> Response:
        """Count calls from nothing."""
        self._traffic.clear()
        return Response(status_code=204)

    def _winery(self, request: Request) -> Winery:
        name = request.path_params["name"]
        winery = self._service.wineries.by_name().get(name)
        if winery is None:
            raise HTTPException(404, f"there is no winery {name}")
        return winery
