"""No call of the store is left out: the workflows reach every line of ours that makes one."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.integration.lost_replies.told import play
from tests.integration.lost_replies.wire import ASKING, OURS, STORE, Site, Wire
from tests.integration.lost_replies.workflows import WORKFLOWS

TABLES = frozenset({"settings", "ledger", "access", "audit"})
SAVES = frozenset({"save", "save_all"})
AFTER_MANY_LOST_RACES = ("use_cases/reservations/keep_reservation.py", "with_contended_allowances")
"""Reached only after nine lost rounds: `tests/unit/discounts/allowances/test_lost_races.py` goes there."""


def test_every_call_of_the_adapters_and_every_write_of_the_use_cases_is_reached(wire: Wire):
    reached: set[Site] = set()
    for workflow in WORKFLOWS:
        play(workflow, wire)
        reached |= {site for each in wire.served for site in each.lines}
    missing = [name for name, lines in _sites() if not any(_is_at(site, lines) for site in reached)]
    assert missing == [], "give each of these a workflow in tests/integration/lost_replies"


type Lines = tuple[str, range]


def _sites() -> Iterator[tuple[str, Lines]]:
    """What makes a call, as text, and where it stands."""
    for file in sorted(Path(OURS).glob(f"{STORE}**/*.py")):
        yield from _calls(file, _asks_the_client)
    for file in sorted(Path(OURS).glob(f"{ASKING}**/*.py")):
        yield from _calls(file, _saves_in_a_table)


def _calls(file: Path, wanted: Callable[[ast.expr], bool]) -> Iterator[tuple[str, Lines]]:
    name = file.relative_to(OURS).as_posix()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and wanted(node.func):
            text = ast.unparse(node)
            if not (name == AFTER_MANY_LOST_RACES[0] and AFTER_MANY_LOST_RACES[1] in text):
                yield f"{name}:{node.lineno} {text}", (name, range(node.lineno, (node.end_lineno or 0) + 1))


def _asks_the_client(called: ast.expr) -> bool:
    owner = called.value if isinstance(called, ast.Attribute) else None
    return isinstance(owner, ast.Attribute) and owner.attr == "_client"


def _saves_in_a_table(called: ast.expr) -> bool:
    if not isinstance(called, ast.Attribute):
        return isinstance(called, ast.Name) and called.id == "update_record"
    table = called.value
    name = table.attr if isinstance(table, ast.Attribute) else getattr(table, "id", "")
    return called.attr in SAVES and name.removeprefix("_") in TABLES


def _is_at(site: Site, lines: Lines) -> bool:
    return site.file == lines[0] and site.line in lines[1]
