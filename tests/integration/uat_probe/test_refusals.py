"""Words of refusals, lock-outs, and limits of the pace."""

import pytest

from operations.uat_probe.findings import Refusal, TurnedAway
from operations.uat_probe.steps.pace import pace
from operations.uat_probe.steps.refusals import refusals
from sandbox.vinsuite.remote import RemoteSimulator
from tests.integration.uat_probe.conftest import FEW, Probe


def _refusal(probe: Probe, what: str, **switches: object) -> Refusal:
    return next(each for each in refusals(probe(**switches)).seen if each.what == what)


@pytest.mark.parametrize(
    ("what", "cause", "identities"),
    [
        ("wrong password", "bad_login", ("INVALID", "SUPPLIER")),
        ("wrong partner key", "bad_partner_key", ("WINERY", "INVALID")),
    ],
)
def test_the_words_for_a_wrong_login(probe: Probe, what: str, cause: str, identities: tuple[str, str]):
    usual = _refusal(probe, what)
    assert (usual.ended, usual.identities, usual.known) == ("refused", identities, True)
    other = _refusal(probe, what, texts={cause: "Access denied."})
    assert (other.text, other.known) == ("Access denied.", False)


def test_the_words_for_a_wrong_order(probe: Probe):
    seen = {each.what: (each.ended, each.text) for each in refusals(probe()).seen}
    assert seen["no lines"] == ("refused", "OrderItems is required.")
    assert seen["no e-mail"] == ("refused", "BillingEmail is required.")
    assert (seen["number too large"][0], seen["unknown call"][0]) == ("fault", "fault")
    assert all(each.known for each in refusals(probe()).seen)


@pytest.mark.parametrize(
    ("switches", "locks_after"),
    [
        ({}, None),
        ({"locks_after": 3}, 3),
        ({"locks_after": 6}, None),
        ({"locks_after": 5, "texts": {"locked": "Invalid username or password."}}, 5),
    ],
)
def test_whether_wrong_passwords_lock_the_account(
    probe: Probe, switches: dict[str, object], locks_after: int | None
):
    found = refusals(probe(limits=FEW._replace(wrong_logins=5), **switches))
    assert (found.wrong_logins_tried, found.locks_after) == (5, locks_after)


def test_no_password_is_tried_in_a_row_unless_asked_for(probe: Probe):
    found = refusals(probe(locks_after=2))
    assert (found.wrong_logins_tried, found.locks_after) == (0, None)


def test_nobody_is_turned_away_where_there_is_no_limit(probe: Probe):
    found = pace(probe())
    assert (found.a_second, found.in_flight) == (None, None)


@pytest.mark.parametrize(("status", "wait"), [(429, "1"), (503, None)])
def test_a_limit_of_calls_a_second(probe: Probe, simulator: RemoteSimulator, status: int, wait: str | None):
    session = probe()
    asked = {} if wait is None else {"retry_after_seconds": int(wait)}
    simulator.set_faults({"kind": "artificial_cap", "max_per_second": 5, "status": status, **asked})
    session.pause(1.1)
    assert pace(session).a_second == TurnedAway(let_through=5, status=status, retry_after=wait)


def test_a_limit_of_calls_in_flight(probe: Probe, simulator: RemoteSimulator):
    session = probe(limits=FEW._replace(burst=2))
    simulator.set_faults({"kind": "artificial_cap", "max_in_flight": 2}, {"kind": "slow", "seconds": 0.4})
    found = pace(session)
    assert found.a_second is None
    assert found.in_flight == TurnedAway(let_through=2, status=503, retry_after=None)
