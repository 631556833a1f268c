"""Reservations become orders: previewed, by the schedule, never twice."""

from decimal import Decimal
from typing import Any

from sandbox.vinsuite.wire.payloads import OrderAdd
from sandbox.winery import members
from sandbox.winery.demo import Demo
from sandbox.winery.schedule_item import write_schedule

EXPECTED = (1, 2, 3, 5, 6)
"""The places that must become orders; 4 is not paid."""


def preview(demo: Demo) -> None:
    """Staff look at the exact orders before anything is sent."""
    demo.report.step(
        "Preview", "The exact orders that a sync would send, and a reason for everything left out."
    )
    preview = demo.staff.ask("POST", "/v1/order-syncs", _selection(demo) | {"dry_run": True})
    by_id = {order["reservation_id"]: order for order in preview["orders"]}
    first = by_id[demo.visit.reservation_id(1)]
    demo.report.answer(
        "reservation 1", {key: first[key] for key in ("order_number", "lines", "taxes", "total")}
    )
    wanted = {demo.visit.reservation_id(place) for place in EXPECTED}
    demo.report.equal("five orders would be sent", set(by_id), wanted)
    left_out = {left["reservation_id"]: left["reason"] for left in preview["skipped"]}
    demo.report.equal("the unpaid one is left out", left_out, {demo.visit.reservation_id(4): "balance_due"})


def schedule(demo: Demo) -> None:
    """Support enables the schedule with one config write; the clock does the rest."""
    demo.report.step(
        "Schedule", "One item written to the settings table makes the clock sync yesterday's visits."
    )
    expression = write_schedule(demo.stack, demo.tenant_id, enabled=True)
    demo.report.answer("put-item", f"{expression} in America/Los_Angeles, visits up to yesterday")
    status = demo.report.wait("the status item says active", lambda: _status(demo, "active"), seconds=30)
    demo.report.answer("status", status)
    demo.report.wait(
        "the schedule fires; VinSuite's book has five new orders", lambda: _all_there(demo), seconds=150
    )
    run = demo.report.wait("the run is finished", lambda: _finished_scheduled_run(demo), seconds=60)
    demo.report.answer("run", {key: run[key] for key in ("run_id", "state", "counts", "money")})
    demo.report.check(
        "it was started by the schedule", holds="schedule" in run["started_by"], seen=run["started_by"]
    )


def the_order(demo: Demo) -> None:
    """What arrived at VinSuite, field by field."""
    demo.report.step("The order in VinSuite", "Customer pickup, right money, right dates, no side effects.")
    order = demo.vinsuite.orders_of(demo.visit.email("nora.newcomer"))[0]
    demo.report.answer("order", order.displayed_number)
    demo.report.equal("its number is ours", order.displayed_number, f"LR-{demo.visit.number(1)}")
    _money_and_dates(demo, order.payload)
    demo.report.equal("it is for pickup", order.payload.is_will_call_order, True)
    note = order.payload.order_notes
    demo.report.equal("the guest's note is on it, the internal one is not", note, "Window seat, please")
    demo.report.equal(
        "nothing was billed, mailed or taken from stock", any(order.flags.model_dump().values()), False
    )
    complimentary = demo.vinsuite.orders_of(members.ESTATE_MEMBER)[-1].payload
    demo.report.equal("the complimentary visit is an order of $0.00", complimentary.total, Decimal(0))


def _money_and_dates(demo: Demo, order: OrderAdd) -> None:
    lines = [(line.sku, line.quantity, line.price) for line in order.order_items or ()]
    demo.report.equal("two guests at $35.00", lines, [("TASTE-ESTATE", 2, Decimal("35.00"))])
    money = (order.sub_total, order.taxes, order.total)
    wanted = (Decimal("70.00"), Decimal("5.78"), Decimal("75.78"))
    demo.report.equal("$70.00 + $5.78 = $75.78", money, wanted)
    dates = [str(instant)[:10] for instant in (order.date_completed, order.requested_ship_date)]
    wanted_dates = [str(demo.visit.booked_on), str(demo.visit.yesterday)]
    demo.report.equal("ordered when booked, picked up at the visit", dates, wanted_dates)


def again(demo: Demo) -> None:
    """Staff sync the same dates by hand; nothing may be doubled."""
    demo.report.step("Sync again by hand", "The same visits once more: everything is there already.")
    count = len(demo.vinsuite.book().orders)
    started = demo.staff.ask("POST", "/v1/order-syncs", _selection(demo), status=202)
    run = demo.report.wait("the run is finished", lambda: _finished(demo, started["run_id"]), seconds=60)
    demo.report.answer("run", {key: run[key] for key in ("state", "counts")})
    demo.report.equal("VinSuite's book has as many orders as before", len(demo.vinsuite.book().orders), count)


def schedule_off(demo: Demo) -> None:
    """Support turns the schedule off by the same item."""
    demo.report.step("Schedule off", "The same item with enabled: false takes it away again.")
    write_schedule(demo.stack, demo.tenant_id, enabled=False)
    status = demo.report.wait("the status item says off", lambda: _status(demo, "off"), seconds=30)
    demo.report.answer("status", status)


def the_book(demo: Demo) -> None:
    """The judge: VinSuite's own book, over all tours so far."""
    demo.report.step("The book", "VinSuite's book over every tour taken so far on this machine.")
    book = demo.vinsuite.book()
    numbers = [order.displayed_number for order in book.orders]
    demo.report.equal("no order stands twice", len(numbers), len(set(numbers)))
    came = [member.email for member in book.members if member.came_by != "seed"]
    demo.report.equal("no new customer stands twice", len(came), len(set(came)))
    invented = [product.sku for product in book.products if product.came_by_order]
    demo.report.equal("no product was invented", invented, [])
    demo.report.answer("in all", f"{len(numbers)} orders, {len(book.members)} members")


def _selection(demo: Demo) -> dict[str, Any]:
    return {"reservation_ids": [demo.visit.reservation_id(place) for place in range(1, 7)]}


def _status(demo: Demo, wanted: str) -> str | None:
    status = demo.staff.ask("GET", "/v1/schedule").get("status") or {}
    return str(status["message"]) if status.get("state") == wanted else None


def _all_there(demo: Demo) -> bool:
    numbers = {order.displayed_number for order in demo.vinsuite.book().orders}
    return all(f"LR-{demo.visit.number(place)}" in numbers for place in EXPECTED)


def _finished_scheduled_run(demo: Demo) -> dict[str, Any] | None:
    newest = demo.staff.ask("GET", "/v1/order-syncs")["runs"][0]
    return _finished(demo, newest["run_id"])


def _finished(demo: Demo, run_id: str) -> dict[str, Any] | None:
    run = demo.staff.ask("GET", f"/v1/order-syncs/{run_id}")
    return None if run["state"] in ("queued", "running") else run
