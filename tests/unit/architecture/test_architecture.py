"""Imports point inwards: between layers, between rooms, and to no library that a layer should not know."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from operations.measure.imports import (
    GROUND,
    PACKAGE,
    SHARED,
    Arrows,
    cellarhand_imports,
    circle,
    imports,
    room_arrows,
)
from operations.measure.sizes import PRODUCT, python_files
from tests.unit.architecture.arrows import LAYERS, ROOMS

MADE_FOR_A_CALL = {"VisitWalk"}
TABLES = {"settings", "ledger", "access", "audit"}
PYDANTIC = ("pydantic", "pydantic_core")


def layer_of(module: str) -> str:
    if f"{module}.".startswith("cellarhand.adapters.system."):
        return "adapters.system"
    return module.split(".")[1]


def layer_arrows() -> Arrows:
    arrows: Arrows = {}
    for path in python_files(PRODUCT):
        if path == SHARED / PACKAGE / "__init__.py":
            continue
        inside = path.is_relative_to(SHARED)
        module = ".".join(path.relative_to(SHARED).with_suffix("").parts) if inside else ""
        layer = layer_of(module) if inside else "functions"
        imported = {layer_of(name) for name in cellarhand_imports(path)}
        arrows.setdefault(layer, set()).update(imported - {layer})
    return arrows


def not_allowed(found: Arrows, allowed: Arrows) -> list[str]:
    return [
        f"{importer} → {imported}"
        for importer in found
        for imported in sorted(found[importer] - allowed.get(importer, set()) - {GROUND})
    ]


def packages_of(path: Path) -> set[str]:
    """`pydantic` for `from pydantic.types import T`."""
    below = SHARED if path.is_relative_to(SHARED) else Path()
    return {name.partition(".")[0] for name in imports(path, below=below)}


def made_in_constructors(path: Path) -> Iterator[str]:
    """The classes that an `__init__` makes and gives a table."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and {ast.unparse(given) for given in call.args} & TABLES:
                    name = ast.unparse(call.func)
                    if name[0].isupper():
                        yield name


def test_layers_import_only_what_the_table_allows():
    assert not_allowed(layer_arrows(), LAYERS) == []


def test_each_arrow_between_layers_is_used():
    assert not_allowed(LAYERS, layer_arrows()) == []


@pytest.mark.parametrize("layer", ROOMS)
def test_rooms_import_only_what_the_table_allows(layer: str):
    assert not_allowed(room_arrows(layer), ROOMS[layer]) == []


@pytest.mark.parametrize("layer", ROOMS)
def test_each_arrow_between_rooms_is_used(layer: str):
    assert not_allowed(ROOMS[layer], room_arrows(layer)) == []
    assert set(ROOMS[layer]) == set(room_arrows(layer)) - {GROUND}


@pytest.mark.parametrize("layer", ROOMS)
def test_the_ground_of_a_layer_knows_none_of_its_rooms(layer: str):
    assert room_arrows(layer)[GROUND] == set()


@pytest.mark.parametrize("layer", ["domain", "use_cases", "adapters", "http", "bootstrap"])
def test_no_rooms_import_each_other_in_a_circle(layer: str):
    assert circle(room_arrows(layer)) == []


def test_a_circle_is_found_and_named():
    assert circle({"orders": {"booking"}, "booking": {"guests"}, "guests": {"booking"}}) == [
        "booking",
        "guests",
        "booking",
    ]


def test_relative_imports_are_written_out(tmp_path: Path):
    file = tmp_path / "cellarhand" / "domain" / "orders" / "order.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "from ..booking import guest\nfrom . import remedy\nfrom .order_number import OrderNumber\n"
    )
    assert list(imports(file, below=tmp_path)) == [
        "cellarhand.domain.booking.guest",
        "cellarhand.domain.orders.remedy",
        "cellarhand.domain.orders.order_number.OrderNumber",
    ]


@pytest.mark.parametrize("layer", ["domain", "ports", "use_cases"])
def test_the_inner_layers_know_the_standard_library_and_pydantic_alone(layer: str):
    files = python_files([f"{SHARED}/{PACKAGE}/{layer}"])
    known = {*sys.stdlib_module_names, PACKAGE, *PYDANTIC}
    assert files
    assert {str(path): packages_of(path) - known for path in files if packages_of(path) - known} == {}


def test_what_is_deployed_knows_neither_the_sandbox_nor_the_tests():
    undeployed = {"sandbox", "tests", "operations", "benchmarks", "functions"}
    assert [path for path in python_files(PRODUCT) if packages_of(path) & undeployed] == []


def test_only_bootstrap_makes_use_cases():
    made = {
        f"{path}: {name}"
        for path in python_files([f"{SHARED}/{PACKAGE}/use_cases"])
        for name in made_in_constructors(path)
        if name not in MADE_FOR_A_CALL
    }
    assert made == set()
