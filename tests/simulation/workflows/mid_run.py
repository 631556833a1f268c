"""Settings that are changed while a run is under way: each order follows them as they stood at one moment."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from cellarhand.domain.orders.order import Order
from cellarhand.domain.tenants.settings import SettingsRecord, settings_key
from tests.simulation.kernel.people.wineries import EVENT, snapshot, take_on
from tests.simulation.kernel.people.workflow import TENANT, Scene, Workflow
from tests.simulation.kernel.platform.environment import BEGINNING
from tests.simulation.kernel.platform.platform import FUNCTIONS
from tests.simulation.workflows.orders import RUNNER

TIP = 500
WHILE_THE_FIRST_IS_SENT = 0.7
"""Seconds after a run is started, in a run without faults: the second is still to come."""
WHILE_SKUS_ARE_ASKED_FOR = 0.3
THE_EVENT_FOLLOWS = 2.0
"""Seconds within which the event is written after the settings."""
GUESTS_ARRIVE = 10.0


class Terms(NamedTuple):
    """What an order takes from the settings, both from one and the same version."""

    tip_sku: str
    order_date: date


OLD, NEW = Terms("TIP", date(2026, 5, 31)), Terms("TIP-2", date(2026, 6, 5))
OLD_SKU, NEW_SKU = f"TASTING-{TENANT}", "TASTING-2"
OLD_SETTINGS = {"gratuity_sku": OLD.tip_sku, "order_date": "booked_date", "crm_allowance": {"orders": 1}}
NEW_SETTINGS = OLD_SETTINGS | {
    "gratuity_sku": NEW.tip_sku,
    "order_date": "event_date",
    "order_prefix": "VA-",
}


def tipped(number: int, **changes: Any) -> Any:
    """A visit whose order has two lines: one by the event's SKU, one by the settings'."""
    total = 2 * EVENT.fee_per_guest + TIP
    return snapshot(number, gratuity=TIP, total=total, paid=total, **changes)


def two_to_come(scene: Scene) -> None:
    """They are sent one after the other."""
    take_on(scene.world, TENANT, **OLD_SETTINGS)
    scene.world.crms[TENANT].skus |= {OLD.tip_sku, NEW.tip_sku, NEW_SKU}
    for number in (101, 102):
        scene.engine.put(TENANT, f"r-{number}", tipped(number, state="confirmed"))


def change_everything(scene: Scene) -> None:
    """Staff write the settings, then the event, between two orders; then the guests arrive."""
    event = EVENT.model_copy(update={"sku": NEW_SKU}).model_dump(mode="json")

    def write_event(_: object) -> None:
        route, path = "PUT /v1/events/{event_id}", {"event_id": "cellar"}
        scene.staff.send("settings", route, TENANT, path=path, body=event)

    def write_settings() -> None:
        scene.staff.send("settings", "PUT /v1/settings", TENANT, write_event, body=NEW_SETTINGS)

    def arrive() -> None:
        for number in (101, 102):
            scene.engine.put(TENANT, f"r-{number}", tipped(number, sequence=2))

    scene.staff.sync(TENANT)
    scene.after(WHILE_THE_FIRST_IS_SENT, write_settings)
    scene.after(GUESTS_ARRIVE, arrive)


def one_sku_missing(scene: Scene) -> None:
    """Nobody has said yet what a gratuity is sold as, so it can't be synced."""
    take_on(scene.world, TENANT)
    scene.world.crms[TENANT].skus.add(OLD.tip_sku)
    scene.engine.put(TENANT, "r-101", tipped(101))


def name_it_and_sync(scene: Scene) -> None:
    """Staff name it while a run is under way, and start another at once."""

    def name_it() -> None:
        scene.staff.send(
            "settings",
            "PUT /v1/settings",
            TENANT,
            lambda _: scene.staff.sync(TENANT),
            body={"gratuity_sku": OLD.tip_sku},
        )

    scene.staff.sync(TENANT)
    scene.after(WHILE_SKUS_ARE_ASKED_FOR, name_it)


def follow_the_settings(scene: Scene) -> list[str]:
    """Whatever was sent is made by what was in force, at most as long ago as an invocation lasts."""
    record = scene.world.settings.get(SettingsRecord, settings_key(TENANT))
    if record is None or record.settings.order_prefix != "VA-":
        return ["the settings that staff wrote are lost"]
    written = (record.written_at - BEGINNING).total_seconds()
    return [
        f"order {order.order_number}, sent {at - written:.1f} s after the change, {wrong}"
        for order, at in scene.world.crms[TENANT].sent
        for wrong in _wrong_in(order, at - written)
    ]


def _wrong_in(order: Order, after: float) -> Iterator[str]:
    """`after`: seconds since the settings were changed, less than none if it was sent before."""
    skus = {line.quantity * line.unit_price: line.sku for line in order.lines}
    terms = Terms(skus.get(TIP, ""), order.order_date)
    if terms not in _in_force(OLD, NEW, after):
        yield f"follows {terms}"
    if skus.get(2 * EVENT.fee_per_guest) not in _in_force(OLD_SKU, NEW_SKU, after):
        yield f"sells {skus}"
    if len(order.lines) != len(skus) or len(skus) != 2:
        yield f"has the lines {order.lines}"


def _in_force[T](old: T, new: T, after: float) -> tuple[T, ...]:
    if after < 0:
        return (old,)
    forgotten = FUNCTIONS["order_sync_runner"].lasts + THE_EVENT_FOLLOWS
    return (new,) if after > forgotten else (old, new)


CHANGED = Workflow(
    "settings_mid_run", change_everything, two_to_come, watched=RUNNER, judge=follow_the_settings
)
MENDED = Workflow("sku_named_mid_run", name_it_and_sync, one_sku_missing, watched=RUNNER)
