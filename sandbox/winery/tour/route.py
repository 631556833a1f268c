"""The tour's route: every step of the main job, in the order in which it happens to a winery."""

from collections.abc import Callable

from sandbox.winery.demo import Demo
from sandbox.winery.tour import guests, orders, people, prices

STEPS: tuple[Callable[[Demo], None], ...] = (
    people.test_login,
    people.look_up,
    prices.member_price,
    prices.promo_code,
    prices.invite_only,
    guests.new_guest,
    guests.known_guest,
    guests.lacking_guest,
    guests.sick_vinsuite,
    orders.preview,
    orders.schedule,
    orders.the_order,
    orders.again,
    orders.schedule_off,
    orders.the_book,
)


def take(demo: Demo) -> None:
    """Take every step. Raises `WrongAnswerError` at the first wrong answer."""
    for step in STEPS:
        step(demo)
