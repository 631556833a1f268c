"""A day without any CRM: in CI with few bookings, by `make simulate` with ten thousand."""

import pytest

from tests.simulation.crowd.outage import HOUR, MAX_TO_DRAIN, Outage, suffer

WINERIES, EACH = 10, 20


@pytest.fixture(scope="module")
def outage() -> Outage:
    return suffer(WINERIES, EACH)


def test_nothing_is_lost_doubled_or_given_up(outage: Outage):
    assert (outage.reservations, outage.synced) == (WINERIES * EACH, WINERIES * EACH)
    assert (outage.lost, outage.doubled, outage.dead_letters, outage.wrong) == (0, 0, 0, ())


def test_it_drains_in_time_and_no_faster_than_allowed(outage: Outage):
    assert outage.drained_after * HOUR <= MAX_TO_DRAIN
    assert outage.most_calls_a_second <= 1.1


def test_a_crm_that_is_away_is_mostly_left_in_peace(outage: Outage):
    thirty_seconds_apart = 24 * 120
    assert outage.calls_while_away_per_winery < thirty_seconds_apart
