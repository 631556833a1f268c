"""Reading all of a CRM's orders of a long time, in pieces that a CRM can answer."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from cellarhand.domain.orders.order import ListedOrder

PIECE = timedelta(days=7)

Ask = Callable[[tuple[datetime, datetime]], list[ListedOrder]]
"""One call to the CRM. Raises a `CrmError`, one of them when time is out."""

IsEnough = Callable[[datetime, Collection[ListedOrder]], bool]
"""Whether what was changed until then is all that is needed."""


class Window(NamedTuple):
    """Of a period, and of reservations beside it: `own` is where the period alone would have begun."""

    begin: datetime
    own: datetime
    end: datetime


class Listed(NamedTuple):
    """All orders of a window, and the CRM's ids of those of its own part."""

    orders: list[ListedOrder]
    own_ids: frozenset[str]


def orders_in(ask: Ask, window: Window, is_enough: IsEnough) -> Listed:
    """Orders changed within it, each as it stands now; later ones are left out once there is enough."""
    before = orders_changed(ask, window.begin, window.own, never_enough)
    own = orders_changed(
        ask, window.own, window.end, lambda until, found: is_enough(until, [*before, *found])
    )
    return Listed([*before, *own], frozenset(order.crm_order_id for order in own))


def orders_changed(ask: Ask, begin: datetime, end: datetime, is_enough: IsEnough) -> list[ListedOrder]:
    """Orders changed from `begin` on, each as it stands now; later ones are left out once there is enough."""
    found: dict[str, ListedOrder] = {}
    while begin < end:
        until = min(begin + PIECE, end)
        found |= {order.crm_order_id: order for order in ask((begin, until))}
        if is_enough(until, found.values()):
            break
        begin = until
    return list(found.values())


def never_enough(until: datetime, found: Collection[ListedOrder]) -> bool:  # noqa: ARG001
    """Read to the end."""
    return False
