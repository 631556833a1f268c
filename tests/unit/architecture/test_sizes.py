"""Files, folders, handlers and constructors stay small. `make measure` prints how large they are."""

from pathlib import Path

from operations.measure.sizes import (
    PRODUCT,
    constructor_parameters,
    files_per_folder,
    lines_of,
    python_files,
)

MAX_LINES = 250
MAX_HANDLER_LINES = 20
MAX_FILES = 15
MAX_PARAMETERS = 6
"""`self` aside. What always goes together is one thing, such as a `Runtime`; else the class does too much."""
OURS = (*PRODUCT, "operations", "sandbox")


def above(sizes: dict[str, int], most: int) -> dict[str, int]:
    assert sizes
    return {name: size for name, size in sizes.items() if size > most}


def test_no_file_is_long():
    assert above(lines_of(python_files((*OURS, "layers/shared", "tests", "benchmarks"))), MAX_LINES) == {}


def test_no_folder_holds_many_files():
    assert above(files_per_folder(python_files(OURS)), MAX_FILES) == {}


def test_a_function_is_its_trigger_and_no_more():
    handlers = sorted(Path("functions").glob("*/app.py"))
    assert above(lines_of(handlers), MAX_HANDLER_LINES) == {}
    assert python_files(["functions"]) == handlers


def test_no_constructor_takes_many_parameters():
    assert above(constructor_parameters(python_files(PRODUCT)), MAX_PARAMETERS) == {}
