"""Calls that a failing CRM costs: one in twenty times out, one in twenty is turned away.

In the virtual time of `tests/simulation`, with the deployed functions. Some call can't be saved: an order
turned away is sent again, one without an answer is looked up, and sent again if it is not there.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from random import Random

from benchmarks.order_syncs.goals import Goal
from tests.fakes.crm import Step
from tests.simulation.crowd.crowd_world import CrowdWorld
from tests.simulation.kernel.judge.crm_book import CrmBook
from tests.simulation.kernel.people.wineries import take_on
from tests.simulation.kernel.people.workflow import Scene
from tests.unit.order_sync.given import reservation

TENANT = "winery-01"
ORDERS = 3000
PATIENCE = 48 * 3600.0
SEND_STEPS = [Step.NORMAL] * 36 + [
    Step.UNKNOWN_EXECUTED,
    Step.UNKNOWN_NOT_EXECUTED,
    Step.NOT_DONE,
    Step.NOT_DONE,
]
LOOK_STEPS = [Step.NORMAL] * 9 + [Step.UNAVAILABLE]
_COSTS = {Step.UNKNOWN_EXECUTED: 1, Step.UNKNOWN_NOT_EXECUTED: 2, Step.NOT_DONE: 1, Step.UNAVAILABLE: 1}


class FailingBook:
    """The steps that were drawn for a CRM's calls, to be counted once they have happened."""

    def __init__(self, crm: CrmBook) -> None:
        self._crm = crm
        random = Random(15)  # noqa: S311 - one seed must be one course
        self._sends = random.choices(SEND_STEPS, k=2 * ORDERS)
        self._looks = random.choices(LOOK_STEPS, k=ORDERS)
        crm.script("create_order", *self._sends)
        crm.script("find_orders", *self._looks)

    @property
    def fewest_calls(self) -> int:
        """One for each order, and what each fault that happened costs at least."""
        sent = islice(self._sends, len(self._crm.calls_of("create_order")))
        looked = islice(self._looks, len(self._crm.calls_of("find_orders")))
        return ORDERS + sum(_COSTS.get(step, 0) for steps in (sent, looked) for step in steps)


def goals() -> Iterator[Goal]:
    """All orders arrive, once each, with hardly a call too many."""
    world = CrowdWorld()
    scene = Scene(world)
    take_on(world, TENANT)
    crm = world.crms[TENANT]
    book = FailingBook(crm)
    visit = reservation().snapshot
    for number in range(ORDERS):
        world.ledger.save(reservation(f"r-{number:05d}", tenant_id=TENANT, snapshot=visit))
    with world.log.listening():
        scene.after(0, lambda: scene.staff.sync(TENANT))
        world.hub.run(PATIENCE)
    calls = Counter(call.method for call in crm.calls)
    numbers = Counter(order.order_number for order in crm.orders)
    hours = max(crm.orders_came_at) / 3600
    print("\n| failing CRM | orders | calls | fewest | sends | read-backs | others | hours |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: |")
    others = len(crm.calls) - calls["create_order"] - calls["find_orders"]
    print(
        f"| 5 % no answer, 5 % turned away | {len(numbers)} | {len(crm.calls)} | {book.fewest_calls}"
        f" | {calls['create_order']} | {calls['find_orders']} | {others} | {hours:.2f} |"
    )
    yield Goal("calls with faults, times the fewest", len(crm.calls) / book.fewest_calls, 1.02)
    yield Goal("orders lost with faults", ORDERS - len(numbers), 0)
    yield Goal("orders doubled with faults", numbers.total() - len(numbers), 0)
