"""Who imports whom: what a file imports, the room that a module belongs to, and circles between rooms."""

import ast
import graphlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

SHARED = Path("layers/shared")
PACKAGE = "cellarhand"
GROUND = "(ground)"
"""The modules directly in a layer's folder, beside its rooms."""

type Arrows = dict[str, set[str]]
"""Importer → what it imports."""


def imports(path: Path, *, below: Path = Path()) -> Iterator[str]:
    """Dotted names of what a file imports, wherever in the file; relative ones written out.

    A name out of a module comes with the module before it: `from a import b` is `a.b`. `below`: the folder
    that absolute imports start from.
    """
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{_module(path.relative_to(below), node)}.{alias.name}" for alias in node.names)


def _module(path: Path, node: ast.ImportFrom) -> str:
    package = path.parts[: -node.level] if node.level else ()
    return ".".join((*package, *filter(None, [node.module])))


def cellarhand_imports(path: Path) -> Iterator[str]:
    """The modules and packages of ours that a file of the layer, or a function, imports."""
    below = SHARED if path.is_relative_to(SHARED) else Path()
    for name in imports(path, below=below):
        if name.partition(".")[0] == PACKAGE:
            yield _existing(name)


def _existing(name: str) -> str:
    """The module of a name that may be of a class in it."""
    while not (_file(name).exists() or _folder(name).is_dir()):
        name = name.rpartition(".")[0]
    return name


def _file(module: str) -> Path:
    return _folder(module).with_suffix(".py")


def _folder(module: str) -> Path:
    return SHARED / module.replace(".", "/")


def layer_of(module: str) -> str:
    """`domain` for `cellarhand.domain.orders.order`."""
    return module.split(".")[1]


def room_of(module: str) -> str:
    """`orders` for `cellarhand.domain.orders.order`; rooms in rooms as `discounts/engine`."""
    folders = module.split(".")[2:-1] if _file(module).exists() else module.split(".")[2:]
    return "/".join(folders) or GROUND


def room_arrows(layer: str) -> Arrows:
    """The imports between the rooms of a layer."""
    arrows: Arrows = {}
    for path in sorted((SHARED / PACKAGE / layer).rglob("*.py")):
        room = path.parent.relative_to(SHARED / PACKAGE / layer).as_posix().replace(".", GROUND)
        known = {name for name in cellarhand_imports(path) if layer_of(f"{name}.") == layer}
        arrows.setdefault(room, set()).update({room_of(name) for name in known} - {room})
    return arrows


def circle(arrows: Mapping[str, Iterable[str]]) -> list[str]:
    """Rooms that import each other in a circle, in order; empty if there is none."""
    try:
        graphlib.TopologicalSorter(arrows).prepare()
    except graphlib.CycleError as error:
        return [str(room) for room in error.args[1]]
    return []
