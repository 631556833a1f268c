"""Every single fault of every workflow: never wrong, done in the end, and not one of them left out."""

import pytest

from tests.simulation.kernel.faults.singles import singles
from tests.simulation.tally import never_fired
from tests.simulation.workflows.catalogue import WORKFLOWS


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_single_fault_makes_anything_wrong_or_leaves_anything_undone(name: str):
    flawless, *rest = singles(WORKFLOWS[name])
    wrong = [ran.told for ran in (flawless, *rest) if ran.violations]
    wrong += never_fired(flawless.met, [fault for ran in rest for fault in ran.fired])
    assert not wrong, "\n".join(wrong[:10])
