"""What was measured, for docs/order-sync-costs.json."""

import json
from pathlib import Path
from typing import Any

from benchmarks.order_syncs.goals import Goal

FILE = Path("docs/order-sync-costs.json")

_kept: dict[str, Any] = {}


def keep(part: str, figures: Any) -> None:
    """Remember what a part has measured."""
    _kept[part] = figures


def write(goals: list[Goal]) -> None:
    """Into the file, in place of the last measurement of the same parts."""
    stored = json.loads(FILE.read_text()) if FILE.exists() else {}
    reached = {goal.what: {"wanted": goal.wanted, "reached": goal.reached} for goal in goals}
    document = {**stored, **_rounded(_kept), "goals": {**stored.get("goals", {}), **reached}}
    FILE.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")


def _rounded(figures: Any) -> Any:
    if isinstance(figures, dict):
        return {str(name): _rounded(value) for name, value in figures.items()}
    return round(figures, 6) if isinstance(figures, float) else figures
