"""What anybody may read: whether the service is there, and how its API is used."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from cellarhand.domain.errors import NotFoundError
from cellarhand.http.api import ANYONE, Request, Routes, StaticFile

routes = Routes()

HTTP = Path(__file__).parents[1]
HTML, SCRIPT, STYLE = "text/html; charset=utf-8", "text/javascript; charset=utf-8", "text/css; charset=utf-8"
FIVE_MINUTES, ONE_DAY = 300, 86_400
SWAGGER_UI = "offapi"
"""The package with Swagger UI's files. It is looked into, never imported: it would read all its megabytes."""


class Health(BaseModel):
    """The service answers; strangers learn nothing else."""

    status: Literal["ok"] = "ok"


@routes.route("GET", "/v1/health", roles=ANYONE)
def health(request: Request[Any]) -> Health:  # noqa: ARG001
    """Answer anybody."""
    return Health()


@routes.route("GET", "/v1/openapi.json", roles=ANYONE, media_types=("application/json",))
def read_api_description(request: Request[Any]) -> StaticFile:  # noqa: ARG001
    """The description of this API, as OpenAPI 3.1."""
    return _kept(HTTP / "openapi.json", "application/json", FIVE_MINUTES)


@routes.route("GET", "/v1/docs", roles=ANYONE, media_types=("text/html",))
def show_api_description(request: Request[Any]) -> StaticFile:  # noqa: ARG001
    """The description of this API as a page for people."""
    return _kept(HTTP / "pages" / "docs.html", HTML, FIVE_MINUTES)


@routes.route("GET", "/v1/docs/problems", roles=ANYONE, media_types=("text/html",))
def show_problems(request: Request[Any]) -> StaticFile:  # noqa: ARG001
    """Every problem code with what to do about it; the `type` of a problem leads here."""
    return _problems()


@routes.route(
    "GET",
    "/v1/docs/files/{file}",
    roles=ANYONE,
    problems=("not_found",),
    media_types=("text/javascript", "text/css"),
)
def read_docs_file(request: Request[Any]) -> StaticFile:
    """A script or style of the page `/v1/docs`."""
    match request.path["file"]:
        case "docs.js":
            return _kept(HTTP / "pages" / "docs.js", SCRIPT, FIVE_MINUTES)
        case "swagger-ui-bundle.js":
            return _kept(_of_swagger_ui("swagger_bundle.js"), SCRIPT, ONE_DAY)
        case "swagger-ui.css":
            return _kept(_of_swagger_ui("swagger_style.css"), STYLE, ONE_DAY)
        case _:
            raise NotFoundError("The page has no such file.")


@cache
def _kept(file: Path, media_type: str, seconds: int) -> StaticFile:
    return StaticFile(file.read_bytes(), media_type, seconds)


@cache
def _problems() -> StaticFile:
    from cellarhand.http.problem_codes.page import problems_page

    return StaticFile(problems_page().encode(), HTML, FIVE_MINUTES)


def _of_swagger_ui(name: str) -> Path:
    package = find_spec(SWAGGER_UI)
    if package is None or package.origin is None:
        raise LookupError(f"{SWAGGER_UI} is not installed")
    return Path(package.origin).with_name(name)
