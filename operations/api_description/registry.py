"""Every route of every function, with what its own code says about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from cellarhand.http.answers import CsvFile, Ok, StaticFile, Versioned
from cellarhand.http.route import Route
from operations.api_description.places import FUNCTIONS

TOGETHER = {"reservation_intake": "reservations"}
"""Modules whose routes stand under another module's subject."""


@dataclass(frozen=True)
class Described:
    """A route, and what the description takes from its function."""

    route: Route

    @property
    def operation_id(self) -> str:
        """The name of the function."""
        return str(getattr(self.route.answer, "__name__", ""))

    @property
    def subject(self) -> str:
        """The module in which it stands, in words."""
        module = self.route.answer.__module__.rpartition(".")[2]
        return TOGETHER.get(module, module).replace("_", " ")

    @property
    def summary(self) -> str:
        """The docstring's first sentence or line."""
        return self._words[0].removesuffix(".")

    @property
    def details(self) -> str:
        """What the docstring says beside it."""
        return " ".join(" ".join(self._words[1:]).split())

    @cached_property
    def _words(self) -> list[str]:
        return cleandoc(self.route.answer.__doc__ or "").split("\n\n")

    @cached_property
    def answers(self) -> list[Any]:
        """The types that the function may answer."""
        hint = get_type_hints(self.route.answer)["return"]
        return list(get_args(hint)) if get_origin(hint) in (Union, UnionType) else [hint]

    def models_by_status(self) -> dict[int, list[Any]]:
        """The models of successful JSON answers."""
        found: dict[int, list[Any]] = {}
        for answer in self.answers:
            if answer in (CsvFile, StaticFile, NoneType):
                continue
            is_wrapped = get_origin(answer) in (Versioned, Ok)
            status = 200 if get_origin(answer) is Ok else int(self.route.status)
            found.setdefault(status, []).append(get_args(answer)[0] if is_wrapped else answer)
        return found

    @property
    def is_versioned(self) -> bool:
        """Whether it answers an ETag that If-Match takes."""
        return any(get_origin(answer) is Versioned for answer in self.answers)

    @property
    def is_file(self) -> bool:
        """Whether the answer may be kept, and asked for again by its ETag."""
        return StaticFile in self.answers

    @property
    def is_csv(self) -> bool:
        """Whether it may answer a CSV file."""
        return CsvFile in self.answers


def described_routes() -> list[Described]:
    """All of them, by path and method."""
    return [Described(route) for route in sorted(_routes(), key=lambda route: (route.path, route.method))]


def subjects() -> dict[str, str]:
    """The first line of each module of routes, by its subject."""
    modules = {one.route.answer.__module__ for one in described_routes()}
    lines = {module.rpartition(".")[2]: cleandoc(import_module(module).__doc__ or "") for module in modules}
    kept = {name: text for name, text in lines.items() if name not in TOGETHER}
    return {name.replace("_", " "): text.splitlines()[0] for name, text in sorted(kept.items())}


def _routes() -> Iterator[Route]:
    for file in sorted(FUNCTIONS.glob("*/app.py")):
        app = import_module(f"functions.{file.parent.name}.app")
        yield from getattr(getattr(app, "api", None), "routes", {}).values()
