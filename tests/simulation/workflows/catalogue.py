"""All workflows there are: every `Workflow` of a module in this folder. A new one is a new file, no more."""

from importlib import import_module
from pathlib import Path

from tests.simulation.kernel.people.workflow import Workflow


def _of(module: str) -> list[Workflow]:
    found = vars(import_module(f"tests.simulation.workflows.{module}")).values()
    return [each for each in found if isinstance(each, Workflow)]


EVERY = {
    workflow.name: workflow
    for path in sorted(Path(__file__).parent.glob("*.py"))
    if path.stem != "catalogue"
    for workflow in _of(path.stem)
}
"""By name, as replays name them."""

WORKFLOWS = {name: workflow for name, workflow in EVERY.items() if not workflow.is_drawn}
"""Those whose points can be counted."""
