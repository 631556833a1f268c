"""Command line: `make measure`, or python -m operations.measure."""

from collections.abc import Mapping
from statistics import median

from .imports import circle, room_arrows
from .sizes import (
    PRODUCT,
    constructor_parameters,
    files_per_folder,
    function_lines,
    lines_of,
    ninetieth_percentile,
    python_files,
)

LAYERS_WITH_ROOMS = ("domain", "use_cases", "adapters")


def main() -> None:
    """Print what was measured in the product's code, each beside its goal."""
    files = python_files(PRODUCT)
    folders, lines = files_per_folder(files), lines_of(files)
    functions, handlers = function_lines(files), lines_of(python_files(["functions"]))
    circles = [room for layer in LAYERS_WITH_ROOMS if (room := " → ".join(circle(room_arrows(layer))))]
    print(f"Product code: {len(files)} files, {sum(lines.values())} lines, {len(functions)} functions\n")
    _row("files in a folder, most", "<= 15", _largest(folders))
    _row("lines of a file, most", "<= 250", _largest(lines))
    _row("lines of a file, median", "<= 80", f"{median(lines.values()):g}")
    _row("lines of a function, median", "<= 8", f"{median(functions.values()):g}")
    _row("lines of a function, 9 of 10", "<= 25", f"{ninetieth_percentile(functions.values()):g}")
    _row("lines of a function, most", "", _largest(functions))
    _row("lines of a handler, most", "<= 20", _largest(handlers))
    _row("parameters of a constructor, most", "<= 6", _largest(constructor_parameters(files)))
    _row("circles between rooms", "none", "; ".join(circles) or "none")
    print("\nA function is counted from `def` to its last line, docstring included.")
    print("`__init__.py` files count in their folder only.")


def _row(what: str, goal: str, found: str) -> None:
    print(f"{what:<34} {goal:>6}   {found}")


def _largest(sizes: Mapping[str, int]) -> str:
    name = max(sizes, key=sizes.__getitem__)
    return f"{sizes[name]}  ({name})"


if __name__ == "__main__":
    main()
