"""Asked about customers, the probe finds what the simulator was switched to."""

import pytest

from operations.uat_probe.steps.members import members
from sandbox.vinsuite.remote import RemoteSimulator
from tests.integration.uat_probe.conftest import FEW, Probe


@pytest.mark.parametrize(
    ("match", "case_ignored", "finds_parts"),
    [("folded", True, False), ("exact", False, False), ("part", True, True)],
)
def test_how_emails_are_searched(probe: Probe, match: str, case_ignored: bool, finds_parts: bool):
    found = members(probe(email_match=match))
    assert (found.case_ignored, found.finds_parts) == (case_ignored, finds_parts)


@pytest.mark.parametrize("answer", ["updates", "creates_second", "refused"])
def test_what_becomes_of_a_second_member_with_one_email(probe: Probe, answer: str):
    found = members(probe(repeated_email=answer))
    assert found.repeated_email == answer
    assert found.text == ("Email already belongs to a member." if answer == "refused" else None)


@pytest.mark.parametrize(("rules", "listed"), [((), 6), (({"kind": "artificial_cap", "max_results": 4},), 4)])
def test_how_many_of_one_name_are_listed(
    probe: Probe, simulator: RemoteSimulator, rules: tuple[dict[str, object], ...], listed: int
):
    session = probe(limits=FEW._replace(read_bound=0.5))
    simulator.set_faults(*rules)
    found = members(session)
    assert (found.added, found.listed) == (6, listed)


def test_how_soon_a_new_member_is_found(probe: Probe, simulator: RemoteSimulator):
    session = probe()
    simulator.set_faults(behaviours={"read_lag_seconds": 0.6})
    assert 0.5 <= (members(session).found_after or 0) <= 1.5
