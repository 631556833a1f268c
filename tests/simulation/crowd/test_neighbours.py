"""One winery's trouble is its own: the others' bookings and orders hardly notice."""

from collections import defaultdict
from collections.abc import Mapping

import pytest

from tests.simulation.crowd.neighbours import BOOKINGS, TROUBLES, WINERIES, Noticed, flooding, none, observe

LITTLE = 1.2
MOST_OF_THEM = 0.95


@pytest.fixture(scope="module")
def usual() -> Noticed:
    return observe(none)


def test_usually_every_booking_becomes_an_order(usual: Noticed):
    assert usual.orders == BOOKINGS * (WINERIES - 1)


@pytest.mark.parametrize("name", TROUBLES)
def test_others_hardly_notice_a_winery_that_is(name: str, usual: Noticed):
    noticed = observe(TROUBLES[name])
    assert noticed.booking_p99 <= LITTLE * usual.booking_p99
    assert noticed.order_p99 <= LITTLE * usual.order_p99
    assert noticed.orders >= MOST_OF_THEM * usual.orders


def test_with_too_few_invocations_a_flood_is_noticed_by_all():
    too_few: Mapping[str, int] = defaultdict(lambda: 20, customer_upsert=2)
    assert observe(flooding, too_few).booking_p99 > LITTLE * observe(none, too_few).booking_p99
