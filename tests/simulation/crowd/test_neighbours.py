"""One winery's trouble is its own: the others' bookings and orders hardly notice."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

import pytest

from tests.simulation.crowd.crowd_world import NOTHING_RESERVED, PRODUCTION
from tests.simulation.crowd.neighbours import (
    BOOKINGS,
    FLOOD,
    MAX_TIMES_AS_LATE,
    TROUBLES,
    WINERIES,
    Noticed,
    flooding,
    observe,
    quiet,
    slow,
)


@cache
def noticed(name: str) -> Noticed:
    return observe(TROUBLES.get(name, quiet))


def test_usually_every_booking_becomes_an_order():
    assert noticed("quiet").orders == BOOKINGS * (WINERIES - 1)


@pytest.mark.parametrize("name", TROUBLES)
def test_others_hardly_notice_a_winery_that_is(name: str):
    assert noticed(name).is_little_beside(noticed("quiet"))


@pytest.mark.parametrize(
    ("name", "orders"), [("down", 0), ("slow", BOOKINGS), ("silent", 0), ("flooding", BOOKINGS * FLOOD)]
)
def test_the_one_in_trouble_gets_the_orders_that_its_crm_takes(name: str, orders: int):
    assert noticed(name).orders_of_the_sick == orders


def test_nor_do_more_wineries_than_the_queue_has_invocations():
    wineries = PRODUCTION["order_sync_runner"] + 10
    assert observe(slow, wineries=wineries).is_little_beside(observe(quiet, wineries=wineries))


def test_with_two_invocations_for_all_runs_a_slow_crm_is_noticed_by_all():
    usual = observe(quiet, NOTHING_RESERVED)
    assert observe(slow, NOTHING_RESERVED).order_p99 > MAX_TIMES_AS_LATE * usual.order_p99


def test_with_too_few_invocations_a_flood_is_noticed_by_all():
    too_few: Mapping[str, int] = defaultdict(lambda: 20, customer_upsert=2)
    usual = observe(quiet, too_few)
    assert observe(flooding, too_few).booking_p99 > MAX_TIMES_AS_LATE * usual.booking_p99
