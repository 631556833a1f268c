"""Each name is found in one place, and no place has a name that says nothing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from operations.measure.imports import PACKAGE, SHARED
from operations.measure.sizes import PRODUCT, python_files

OURS = (*PRODUCT, "operations", "sandbox")
LAYERS = ("domain", "ports", "use_cases", "adapters", "http", "bootstrap", "triggers")
REGISTRIES = frozenset({"routes"})
"""Each module of `http/routes` has its own, and `Api` joins them."""


def public_names(path: Path) -> Iterator[str]:
    """The classes, functions, types and constants that a module defines."""
    for node in ast.parse(path.read_text()).body:
        for name in _defined(node):
            if not name.startswith("_"):
                yield name


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return [name]
        case ast.TypeAlias(name=ast.Name(id=name)) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
    return []


@pytest.mark.parametrize("layer", LAYERS)
def test_no_public_name_is_defined_twice_in_a_layer(layer: str):
    places: dict[str, list[str]] = defaultdict(list)
    for path in python_files([f"{SHARED}/{PACKAGE}/{layer}"]):
        for name in public_names(path):
            places[name].append(path.as_posix())
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert {name: where for name, where in twice.items() if name not in REGISTRIES} == {}


def test_importing_a_package_imports_nothing_else():
    packages = [path for path in python_files(OURS) if path.name == "__init__.py"]
    assert packages
    importing = (ast.Import, ast.ImportFrom)
    assert [
        path
        for path in packages
        if any(isinstance(node, importing) for node in ast.walk(ast.parse(path.read_text())))
    ] == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "core", "base", "manager"])
def test_no_place_has_a_name_that_says_nothing(name: str):
    sources = python_files((*OURS, "layers/shared", "tests"))
    assert [path for path in sources if name in path.with_suffix("").parts] == []
