"""One winery's first days, told in calls of every route; deterministic, so that the examples are."""

import json

from cellarhand.bootstrap.outside import run_in
from tests.api_examples import booking, orders, set_up
from tests.api_examples.winery import ExampleWinery

CHAPTERS = (
    set_up.onboard,
    set_up.settings,
    set_up.events,
    set_up.groups,
    set_up.discounts,
    booking.look_ups,
    booking.quotes,
    booking.reservations,
    orders.sync,
    orders.adjustments,
    orders.reconciliation,
    set_up.schedule,
    set_up.keys,
    set_up.public,
)


def recorded() -> str:
    """All examples as JSON text that ends with a line break."""
    winery = ExampleWinery()
    try:
        for chapter in CHAPTERS:
            chapter(winery)
    finally:
        run_in(None)
    return json.dumps(winery.examples, indent=1, ensure_ascii=False) + "\n"
