"""Lines of files and functions, files of folders, parameters of constructors."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import quantiles

PRODUCT = ("layers/shared/cellarhand", "functions")
"""The folders of what is deployed."""


def python_files(folders: Iterable[str]) -> list[Path]:
    """Every Python file below these folders."""
    return sorted(path for folder in folders for path in Path(folder).rglob("*.py"))


def files_per_folder(files: Iterable[Path]) -> Counter[str]:
    """How many Python files each folder holds itself."""
    return Counter(path.parent.as_posix() for path in files)


def lines_of(files: Iterable[Path]) -> dict[str, int]:
    """How many lines each file has; `__init__.py` is left out, for it holds a docstring alone."""
    return {str(path): len(path.read_text().splitlines()) for path in files if path.name != "__init__.py"}


def function_lines(files: Iterable[Path]) -> dict[str, int]:
    """From `def` to the last line of every function and method, docstring and inner functions included."""
    return {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


def constructor_parameters(files: Iterable[Path]) -> dict[str, int]:
    """How many parameters each `__init__` takes, `self` aside."""
    return {f"{path}: {name}": count for path in files for name, count in _constructors(path)}


def _constructors(path: Path) -> Iterator[tuple[str, int]]:
    for owner in ast.walk(ast.parse(path.read_text())):
        if isinstance(owner, ast.ClassDef):
            for node in owner.body:
                if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                    yield owner.name, len(node.args.args) + len(node.args.kwonlyargs) - 1


def ninetieth_percentile(sizes: Iterable[int]) -> float:
    """The size that nine of ten don't exceed."""
    return quantiles(sizes, n=10, method="inclusive")[-1]
