"""Read all of a CRM's orders of a long window, in pieces that a CRM can answer."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from cellarhand.domain.orders.order import ListedOrder
from cellarhand.ports.crm import CrmGateway
from cellarhand.use_cases.crm.rate_limited_calls import RateLimitedCalls

PIECE = timedelta(days=7)

ListOrders = Callable[[tuple[datetime, datetime]], list[ListedOrder]]
"""One call to the CRM. Raises a `CrmError`, also when there is no time left for the call."""

IsEnough = Callable[[datetime, Collection[ListedOrder]], bool]
"""Whether the orders changed until an instant are all that is needed."""


class Window(NamedTuple):
    """What to read for a period and extra reservations: the period alone would begin at `period_start`."""

    begin: datetime
    period_start: datetime
    end: datetime


class Listed(NamedTuple):
    """All orders of a window, and the CRM ids of those changed from `period_start` on."""

    orders: list[ListedOrder]
    period_ids: frozenset[str]


def read_window(list_orders: ListOrders, window: Window, is_enough: IsEnough) -> Listed:
    """Orders changed within the window, each in its current state; stops early once `is_enough`."""
    start = window.period_start
    before = read_changed_orders(list_orders, window.begin, start, never_enough)
    in_period = read_changed_orders(
        list_orders, start, window.end, lambda until, found: is_enough(until, [*before, *found])
    )
    return Listed([*before, *in_period], frozenset(order.crm_order_id for order in in_period))


def read_changed_orders(
    list_orders: ListOrders, begin: datetime, end: datetime, is_enough: IsEnough
) -> list[ListedOrder]:
    """Orders changed from `begin` to `end`, each in its current state; stops early once `is_enough`."""
    found: dict[str, ListedOrder] = {}
    while begin < end:
        until = min(begin + PIECE, end)
        found |= {order.crm_order_id: order for order in list_orders((begin, until))}
        if is_enough(until, found.values()):
            break
        begin = until
    return list(found.values())


def never_enough(until: datetime, found: Collection[ListedOrder]) -> bool:  # noqa: ARG001
    """Never stop early: read the whole window."""
    return False


def rate_limited(crm: CrmGateway, calls: RateLimitedCalls, timeout: float) -> ListOrders:
    """Read the CRM's orders through the rate limiter."""

    def list_orders(around: tuple[datetime, datetime]) -> list[ListedOrder]:
        with calls.call(timeout):
            return crm.list_orders(around=around, timeout=timeout)

    return list_orders
