"""The architecture, checked: imports point inwards, files and handlers stay small."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SHARED = Path("layers/shared")
INTEGRATION = SHARED / "cellarhand"
MAX_LINES = 250
MAX_HANDLER_LINES = 20
SOURCES = sorted(
    path
    for root in ("layers/shared", "functions", "sandbox", "operations", "tests")
    for path in Path(root).rglob("*.py")
)


def within(folder: str) -> list[Path]:
    return sorted((INTEGRATION / folder).rglob("*.py"))


def imports(path: Path, *, also_for_types: bool = False) -> Iterator[str]:
    """Dotted names of what a file imports, wherever in the file; relative ones written out."""
    tree = ast.parse(path.read_text())
    for node in _walk(tree, also_for_types=also_for_types):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _names(path, node)


def _walk(node: ast.AST, *, also_for_types: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        typing_only = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if also_for_types or not typing_only:
            yield child
            yield from _walk(child, also_for_types=also_for_types)


def _names(path: Path, node: ast.ImportFrom) -> Iterator[str]:
    module = node.module or ""
    if node.level:
        package = path.relative_to(SHARED).parts[: -node.level]
        module = ".".join((*package, *filter(None, [module])))
    yield module
    yield from (f"{module}.{alias.name}" for alias in node.names)


def starts_with(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def offences(paths: list[Path], *allowed: str, also_for_types: bool = True) -> list[str]:
    """Imports outside the standard library that are not allowed."""
    assert paths
    return [
        f"{path}: {name}"
        for path in paths
        for name in imports(path, also_for_types=also_for_types)
        if name.partition(".")[0] not in sys.stdlib_module_names and not starts_with(name, *allowed)
    ]


def test_the_domain_knows_the_standard_library_pydantic_and_itself():
    allowed = ("pydantic", "pydantic_core", "cellarhand.domain")
    found = [o for o in offences(within("domain"), *allowed) if not o.endswith(": cellarhand")]
    assert found == []


def test_ports_speak_of_the_domain_alone():
    assert offences(within("ports"), "cellarhand.domain", "cellarhand.ports") == []


def test_use_cases_know_the_domain_the_ports_and_each_other():
    allowed = ("pydantic", "cellarhand.domain", "cellarhand.ports", "cellarhand.use_cases")
    assert offences(within("use_cases"), *allowed) == []


def test_adapters_know_no_use_case():
    found = [
        f"{path}: {name}"
        for path in within("adapters")
        for name in imports(path, also_for_types=True)
        if starts_with(name, "cellarhand.use_cases", "cellarhand.bootstrap", "cellarhand.http.api")
    ]
    assert found == []


def test_only_bootstrap_joins_ports_to_adapters():
    machine = "cellarhand.adapters.system"
    outside = [
        path
        for path in SHARED.rglob("*.py")
        if not path.is_relative_to(INTEGRATION / "adapters")
        and not path.is_relative_to(INTEGRATION / "bootstrap")
    ]
    found = [
        f"{path}: {name}"
        for path in (*outside, *Path("functions").rglob("*.py"))
        for name in imports(path, also_for_types=True)
        if starts_with(name, "cellarhand.adapters") and not starts_with(name, machine)
    ]
    assert [offence for offence in found if not offence.endswith(": cellarhand.adapters")] == []


def test_functions_reach_the_outside_through_bootstrap_alone():
    allowed = (
        "cellarhand.bootstrap",
        "cellarhand.domain",
        "cellarhand.use_cases",
        "cellarhand.adapters.system",
        "cellarhand.http",
        "cellarhand.triggers",
        "cellarhand.observability",
        "cellarhand.ports",
        "pydantic",
        "aws_lambda_powertools",
    )
    found = offences(sorted(Path("functions").glob("*/app.py")), *allowed)
    assert [offence for offence in found if not offence.endswith(": cellarhand")] == []


def test_what_is_deployed_knows_neither_the_sandbox_nor_the_tests():
    deployed = [*SHARED.rglob("*.py"), *Path("functions").rglob("*.py")]
    found = [
        f"{path}: {name}"
        for path in deployed
        for name in imports(path, also_for_types=True)
        if starts_with(name, "sandbox", "tests", "operations", "benchmarks", "functions")
    ]
    assert found == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "core", "base", "manager"])
def test_no_place_has_a_name_that_says_nothing(name: str):
    assert [path for path in SOURCES if name in path.with_suffix("").parts] == []


def test_no_file_is_long():
    lengths = {str(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: length for path, length in lengths.items() if length > MAX_LINES} == {}


def test_a_function_is_its_trigger_and_no_more():
    handlers = sorted(Path("functions").glob("*/app.py"))
    lengths = {str(path): len(path.read_text().splitlines()) for path in handlers}
    assert handlers
    assert {path: length for path, length in lengths.items() if length > MAX_HANDLER_LINES} == {}
    assert [path for path in Path("functions").rglob("*.py") if path not in handlers] == []
