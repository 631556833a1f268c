"""All scenes side by side on one stack: set, begun, and played to their ends."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from operations.stack_tables import tables_of
from operations.support_key import make_support_key
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.winery.clients import Cellarhand
from sandbox.winery.stack import LocalStack
from tests.e2e.fault_run import wineries
from tests.e2e.one_effect import crowds, plan, sends, sick_crm
from tests.e2e.one_effect.scene import Scene

Play = Callable[[Scene], Any]

BEGUN_ALONE: dict[str, Callable[[Scene], Play]] = {
    "killed-executed": sends.kill_sender,
    "killed-before": sends.kill_sender,
    "guest-executed": crowds.kill_upsert,
    "guest-before": crowds.kill_upsert,
    "crowd": crowds.ten_first_bookings,
}
"""One after the other, before all else: so the processes that are killed work for nobody else."""

PLAYS: dict[str, Play] = {
    **dict.fromkeys(plan.LOST_REPLIES, sends.sent_once),
    "cancelled-executed": sends.cancelled_while_unknown,
    "cancelled-before": sends.cancelled_while_unknown,
    "changed-late": sends.changed_after_sync,
    "it-is-there": sends.settled_by_staff,
    "send-again": sends.settled_by_staff,
    "outage": sick_crm.outage,
    "rotated-login": sick_crm.rotated_mid_run,
    "wrong-password": sick_crm.wrong_password,
    "three-runs": crowds.three_runs_at_once,
    "hints": crowds.hints_again_and_again,
}

BOOKED_BEFORE = dict.fromkeys([*BEGUN_ALONE, *PLAYS], 1) | {
    "guest-executed": 0,
    "guest-before": 0,
    "outage": 0,
    "crowd": 0,
    "rotated-login": sick_crm.ROTATED,
    "three-runs": crowds.ORDERS,
    "hints": 2,
}
"""How many guests have booked when a scene begins."""

_AT_ONCE = 3


class Stage:
    """What is played, by the winery's name."""

    def __init__(self, playing: dict[str, Future[Any]]) -> None:
        self._playing = playing

    def told(self, name: str) -> Any:
        """How a scene ended, once it has. Raises what stopped it."""
        return self._playing[name].result()

    def until_all_are_over(self) -> None:
        """Wait for every scene, however it ends."""
        for played in self._playing.values():
            played.exception()


@contextmanager
def playing(stack: LocalStack, simulator: RemoteSimulator) -> Iterator[Stage]:
    """Begin all scenes; at the end of the block none of them plays any more."""
    support = Cellarhand(stack.api_url, make_support_key(tables_of(stack.outputs), "one effect"))

    def set_up(name: str) -> Scene:
        simulator.seed(name, wineries.seed(name))
        scene = Scene(wineries.onboard(support, name), support, simulator, stack)
        for place in range(BOOKED_BEFORE[name]):
            scene.book(place)
        return scene

    simulator.set_faults(*plan.rules(), behaviours=plan.BEHAVIOURS)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        scenes = dict(zip(BOOKED_BEFORE, pool.map(set_up, BOOKED_BEFORE), strict=True))
    begun = {name: begin(scenes[name]) for name, begin in BEGUN_ALONE.items()}
    with ThreadPoolExecutor(len(scenes)) as pool:
        plays = begun | PLAYS
        yield Stage({name: pool.submit(play, scenes[name]) for name, play in plays.items()})
