"""A winery with 100,000 orders waiting, and others who want only one, where two runners must do for all.

The deployed functions, the queue and the sweeper in the virtual time of `tests/simulation`: a start is what
staff ask for, and a tenant has started when its CRM gets the first call.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from benchmarks.order_syncs.goals import Goal
from tests.simulation.crowd.crowd_world import CrowdWorld
from tests.simulation.kernel.people.wineries import take_on
from tests.simulation.kernel.people.workflow import Scene
from tests.unit.order_sync.given import reservation

WAITING = 100_000
QUIET = 20
RUNNERS = 2
"""As many as may work at once in the smallest account: see `MaximumConcurrency` in the template."""
CALL_SECONDS = 0.4
IN_FLIGHT = 2
LASTS = 420.0
FIRST_QUIET, BETWEEN_QUIET = 60.0, 17.3
"""Seconds; no multiple of the other is near a minute or an invocation's life."""
NOISY = "winery-noisy"


class Seen(NamedTuple):
    """How long each quiet tenant waited (seconds), what the noisy one got, and the messages it cost."""

    waited: list[float]
    orders: int
    seconds: float
    hints: int

    @property
    def share(self) -> float:
        """Of the noisy one's allowance."""
        return self.orders * CALL_SECONDS / IN_FLIGHT / self.seconds

    @property
    def worst(self) -> float:
        """Of the quiet ones."""
        return max(self.waited)


def goals() -> Iterator[Goal]:
    """The quiet ones beside a noisy one, and alone."""
    print("\n| fairness | quiet: worst start, s | noisy: orders/s | share | messages an order |")
    print("| --- | --: | --: | --: | --: |")
    alone = observe(waiting=0)
    print(f"| alone | {alone.worst:.2f} | | | |")
    beside = observe(waiting=WAITING)
    each = beside.hints / beside.orders
    rate = beside.orders / beside.seconds
    print(f"| beside {WAITING:,} | {beside.worst:.2f} | {rate:.2f} | {beside.share:.3f} | {each:.4f} |")
    yield Goal("a quiet tenant's start, in calls to a CRM", beside.worst / CALL_SECONDS, 1)
    yield Goal("what the noisy neighbour adds to it, seconds", beside.worst - alone.worst, 0.01)
    yield Goal("the noisy tenant's share of its allowance", beside.share, 0.95, at_least=True)
    yield Goal("messages left for each of its orders", each, 0.01)


def observe(waiting: int) -> Seen:
    """Quiet tenants start one after the other, while the noisy one works all the time."""
    world = CrowdWorld(most_at_once=defaultdict(lambda: 20, order_sync_runner=RUNNERS))
    scene = Scene(world)
    quiet = {f"winery-{number:02d}": FIRST_QUIET + BETWEEN_QUIET * number for number in range(QUIET)}
    for tenant_id in (NOISY, *quiet):
        take_on(world, tenant_id)
        world.watch(tenant_id)
    _keep(world, NOISY, waiting)
    hints = _counted_hints(world)
    with world.log.listening():
        if waiting:
            _sync_at(scene, NOISY, 0)
        for tenant_id, at in quiet.items():
            _keep(world, tenant_id, 1)
            _sync_at(scene, tenant_id, at)
        world.hub.run(LASTS)
    waited = [world.called_at[tenant_id][0] - CALL_SECONDS - at for tenant_id, at in quiet.items()]
    orders = world.crms[NOISY].orders_came_at
    return Seen(waited, len(orders), LASTS - (orders[0] - CALL_SECONDS if orders else 0), len(hints))


def _keep(world: CrowdWorld, tenant_id: str, waiting: int) -> None:
    visit = reservation().snapshot
    for number in range(waiting):
        record = reservation(f"r-{number:06d}", tenant_id=tenant_id, snapshot=visit)
        world.ledger.save(record)


def _sync_at(scene: Scene, tenant_id: str, at: float) -> None:
    scene.after(at, lambda: scene.staff.sync(tenant_id))


def _counted_hints(world: CrowdWorld) -> list[Any]:
    """Every message for the noisy tenant's runner."""
    queue, hints = world.queues["order_sync_runner"], list[Any]()
    send = queue.send

    def counted(body: dict[str, Any], delay: float) -> None:
        if body["tenant_id"] == NOISY:
            hints.append(body)
        send(body, delay)

    queue.send = counted  # type: ignore[method-assign]
    return hints
