"""Which functions can call a CRM or write to it, read from the code: handler, routes, wiring, use cases.

Names are followed, not values: a function counts as sending as soon as its code could reach a write.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SHARED = Path("layers/shared")
WRITES = {"upsert_customer", "create_order"}
"""The writes of the gateway port; every call of one names its timeout, which tells it from our own words."""
FOLLOWED = ("cellarhand.use_cases", "cellarhand.http.routes", "cellarhand.triggers")
BOOTSTRAP = "cellarhand.bootstrap"
FORWARDS_ONLY = "cellarhand.use_cases.crm.guarded_gateway"


def can_call_crm(function: str) -> bool:
    """Whether the function's code is wired with the gateways to the CRMs."""
    wiring = _bootstrap_functions()
    wired = {
        made for part in _parts(function) for name in _asked_of_bootstrap(part) for made in _reached(name)
    }
    return any(
        isinstance(node, ast.Attribute) and node.attr == "crm"
        for name in wired
        for node in ast.walk(wiring[name])
    )


def can_send(function: str) -> bool:
    """Whether the function's code reaches a write to a CRM."""
    parts = _parts(function)
    wired = {name for part in parts for name in _asked_of_bootstrap(part)}
    modules = {module for part in parts for module in _followed(part)}
    modules |= {module for name in wired for module in _wiring(name)}
    return any(_writes(module) for module in _closure(modules))


def _parts(function: str) -> list[ast.Module]:
    """The handler and what it imports of ours."""
    handler = _tree(Path("functions") / function / "app.py")
    return [handler, *(_module(name) for name in _followed(handler))]


def _asked_of_bootstrap(tree: ast.AST) -> Iterator[str]:
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == BOOTSTRAP:
            modules |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{BOOTSTRAP}."):
            yield from (alias.name for alias in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield node.attr


def _wiring(name: str) -> set[str]:
    """Modules of use cases that a bootstrap function imports, itself or by those it calls."""
    functions = _bootstrap_functions()
    return {module for each in _reached(name) for module in _followed(functions[each])}


def _reached(name: str) -> set[str]:
    """A bootstrap function and those that it calls."""
    functions = _bootstrap_functions()
    reached, waiting = set(), {name}
    while waiting:
        reached |= waiting
        called = {
            node.id
            for asked in waiting
            if asked in functions
            for node in ast.walk(functions[asked])
            if isinstance(node, ast.Name)
        }
        waiting = (called & functions.keys()) - reached
    return reached & functions.keys()


@cache
def _bootstrap_functions() -> dict[str, ast.AST]:
    trees = [_tree(path) for path in (SHARED / "cellarhand" / "bootstrap").glob("*.py")]
    return {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


def _closure(modules: set[str]) -> set[str]:
    reached: set[str] = set()
    waiting = set(modules)
    while waiting:
        reached |= waiting
        waiting = {found for module in waiting for found in _followed(_module(module), module)} - reached
    return reached


def _followed(tree: ast.AST, name: str = "") -> set[str]:
    """Modules of ours that are imported anywhere inside the module of that name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            package = name.split(".")[: -node.level] if node.level else []
            module = ".".join((*package, node.module))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.startswith(FOLLOWED) and _path(name).exists()}


def _writes(module: str) -> bool:
    if module == FORWARDS_ONLY:
        return False
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and any(keyword.arg == "timeout" for keyword in node.keywords)
        for node in ast.walk(_module(module))
    )


def _module(name: str) -> ast.Module:
    return _tree(_path(name))


def _path(name: str) -> Path:
    return (SHARED / Path(*name.split("."))).with_suffix(".py")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())
