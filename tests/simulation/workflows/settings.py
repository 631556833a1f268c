"""What support and staff set while work goes on."""

from cellarhand.domain.tenants.access_key import Role
from tests.simulation.kernel.judge.liveness import record_of
from tests.simulation.kernel.people.wineries import snapshot, take_on
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.workflows.customers import winery
from tests.simulation.workflows.orders import two_booked

PLAN = {"enabled": True, "daily_at": "05:00"}
HALF_FOR_ONE = {
    "id": "half",
    "name": "Half price",
    "code": "HALF",
    "code_limit_total": 1,
    "benefit": {"kind": "percent_off", "percent": "50"},
}


def set_schedule(scene: Scene) -> None:
    """Support have the winery synced every night."""
    scene.staff.send("settings", "PUT /v1/schedule", TENANT, role=Role.SUPPORT, body=PLAN)


def clock_matches(scene: Scene) -> list[str]:
    """What the scheduler has is what the item wants."""
    has = scene.world.scheduler.wanted.get(TENANT)
    status = scene.world.schedule_items.statuses.get(TENANT)
    if has is None or has.expression != "cron(0 5 * * ? *)":
        return ["the scheduler does not have the schedule"]
    return [] if status and status.state == "active" else ["the schedule's status does not say active"]


def rotate_password(scene: Scene) -> None:
    """The winery changes its password at the CRM while orders are sent, and tells us a little later."""
    scene.staff.sync(TENANT)
    scene.after(0.3, lambda: setattr(scene.world.crms[TENANT], "password", "second"))
    login = {"username": "user", "password": "second"}
    scene.after(20, lambda: scene.staff.send("settings", "PUT /v1/settings/credentials", TENANT, body=login))


def code_for_one(scene: Scene) -> None:
    """A code for half the price, good for one booking."""
    take_on(scene.world, TENANT)
    scene.staff.send("settings", "PUT /v1/discount-schema", TENANT, body={"rules": [HALF_FOR_ONE]})


def two_use_the_code(scene: Scene) -> None:
    """Two bookings at the same moment."""
    for number in (101, 102):
        half = {"discounts": [{"rule": "half", "guests": 2, "amount": 4000}], "promo_code": "half"}
        body = snapshot(number) | half | {"total": 4000, "paid": 4000}
        scene.engine.put(TENANT, f"r-{number}", body)


def one_got_it(scene: Scene) -> list[str]:
    """Exactly one of the two was told so, and one is what is counted."""
    records = [record_of(scene, TENANT, f"r-{number}") for number in (101, 102)]
    granted = [sum(a.granted for a in record.allowances.answers) for record in records if record]
    return [] if sorted(granted) == [0, 1] else [f"granted to the two: {granted}"]


SCHEDULE = Workflow(
    "schedule_write", set_schedule, winery, watched={"settings", "sync_schedule"}, judge=clock_matches
)
PASSWORD = Workflow(
    "password_rotation", rotate_password, two_booked, watched={"settings", "order_sync_runner"}
)
ALLOWANCE = Workflow(
    "allowance", two_use_the_code, code_for_one, watched={"customer_upsert"}, judge=one_got_it
)
