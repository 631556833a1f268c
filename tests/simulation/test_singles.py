"""Every single fault of every workflow: never wrong, and done in the end."""

import pytest

from tests.simulation.kernel.singles import singles
from tests.simulation.workflows.catalogue import WORKFLOWS


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_single_fault_makes_anything_wrong_or_leaves_anything_undone(name: str):
    wrong = [ran.told for ran in singles(WORKFLOWS[name]) if ran.violations]
    assert not wrong, "\n".join(wrong[:10])
