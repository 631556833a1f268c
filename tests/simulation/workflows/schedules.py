"""A schedule that is paused, resumed or turned off at the very time at which the clock strikes."""

from datetime import datetime, timedelta

from cellarhand.domain.tenants.access_key import Role
from cellarhand.domain.tenants.tenant import TenantRecord, tenant_key
from cellarhand.ports.schedules import WantedSchedule
from tests.simulation.kernel.faults.faults import Fault, Kind
from tests.simulation.kernel.judge.liveness import runs_of
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.kernel.platform.environment import BEGINNING
from tests.simulation.workflows.orders import two_booked
from tests.simulation.workflows.runs import THE_NEXT_TIME
from tests.simulation.workflows.settings import PLAN

EVERY_NIGHT = WantedSchedule(TENANT, "cron(0 5 * * ? *)", "America/Los_Angeles")
SECOND_THOUGHTS_TAKE = 0.5
"""Seconds: so few that the clock may still be busy with the first."""
NOT_ANY_MORE = 3600.0
"""Seconds until a call of the clock that must start nothing; by then every fault is over."""

EVERYTHING = frozenset({"settings", "sync_schedule", "order_sync"})


def on_the_clock(scene: Scene) -> None:
    """The winery has its orders synced every night, and the clock knows."""
    two_booked(scene)
    scene.world.schedule_items.items[TENANT] = PLAN
    scene.world.scheduler.put(EVERY_NIGHT)


def strike(scene: Scene) -> None:
    """The clock calls for whatever it has."""
    if TENANT in scene.world.scheduler.wanted:
        scene.clockwork.strike(TENANT)


def pause_and_resume(scene: Scene) -> None:
    """Staff pause as the clock strikes, and think better of it; the next night takes up what was missed."""

    def resume() -> None:
        scene.staff.send("settings", "POST /v1/schedule/resume", TENANT)

    strike(scene)
    scene.staff.send(
        "settings",
        "POST /v1/schedule/pause",
        TENANT,
        lambda _: scene.after(SECOND_THOUGHTS_TAKE, resume),
    )
    scene.after(THE_NEXT_TIME, lambda: strike(scene))


def turn_off(scene: Scene) -> None:
    """Support turn it off as the clock strikes. A call that comes an hour later all the same is in vain."""
    strike(scene)
    off = {"enabled": False}
    scene.staff.send("settings", "PUT /v1/schedule", TENANT, role=Role.SUPPORT, body=off)
    scene.after(NOT_ANY_MORE, lambda: scene.clockwork.strike(TENANT))


def goes_on(scene: Scene) -> list[str]:
    """Resumed, on both sides, and the night after was synced.

    Who asks thrice to pause, side by side, may have asked once more after the answer: then it is paused.
    """
    tenant = scene.world.settings.get(TenantRecord, tenant_key(TENANT))
    if tenant and tenant.schedule_paused and _asked_thrice(scene):
        return _sides(scene, "paused", None)
    wrong = _sides(scene, "active", EVERY_NIGHT)
    if not _started_after(scene, THE_NEXT_TIME):
        wrong.append("the night after it was resumed was left out")
    return wrong


def is_off(scene: Scene) -> list[str]:
    """Off, on both sides, and nothing was started since."""
    wrong = _sides(scene, "off", None)
    if _started_after(scene, NOT_ANY_MORE):
        wrong.append("a run was started though the schedule was off")
    return wrong


def _asked_thrice(scene: Scene) -> bool:
    return Fault("start[settings]#1", Kind.DUPLICATE_DELIVERY) in scene.world.faults.fired


def _sides(scene: Scene, state: str, wanted: WantedSchedule | None) -> list[str]:
    has = scene.world.scheduler.wanted.get(TENANT)
    status = scene.world.schedule_items.statuses.get(TENANT)
    wrong = [] if has == wanted else [f"the clock has {has}, the schedule is {state}"]
    return wrong if status and status.state == state else [*wrong, f"the status does not say {state}"]


def _started_after(scene: Scene, seconds: float) -> list[datetime]:
    """When the clock's runs were due that came no earlier than that, from the beginning of the act."""
    since = BEGINNING + timedelta(seconds=PAUSE.prepared_for + seconds)
    return [run.started_at for run in runs_of(scene, TENANT) if run.started_at >= since]


PAUSE = Workflow(
    "schedule_paused",
    pause_and_resume,
    on_the_clock,
    watched=EVERYTHING,
    judge=goes_on,
)
TURNED_OFF = Workflow("schedule_turned_off", turn_off, on_the_clock, watched=EVERYTHING, judge=is_off)
