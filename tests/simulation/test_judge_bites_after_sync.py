"""That the judge sees what goes wrong with an order that changes hands, or that people have changed."""

from dataclasses import replace
from typing import Any

import pytest

from cellarhand.domain.adjustments.adjustment import Adjustment
from cellarhand.domain.orders import order_diff
from cellarhand.domain.orders.order import Order
from cellarhand.domain.orders.order_diff import OrderPart
from cellarhand.use_cases.adjustments import manage_adjustments
from cellarhand.use_cases.ledger import save_reservation, winery_context
from tests.simulation.kernel.faults.faults import Fault, Kind
from tests.simulation.kernel.people.workflow import TENANT, Scene
from tests.simulation.kernel.platform.run import run
from tests.simulation.workflows.adjustments import LONG_AFTER
from tests.simulation.workflows.catalogue import WORKFLOWS
from tests.simulation.workflows.guests import hand_on

TOO_LATE = [Fault("start[order_sync]#1", Kind.LATE)]
"""Staff say that they are done when the third snapshot is there."""


def test_a_change_that_nobody_carried_over_and_that_is_closed_all_the_same_is_seen(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(manage_adjustments, "_check", lambda *_: None)
    wrong = run(WORKFLOWS["resolve_while_changed"], TOO_LATE).violations
    assert "r-101: locked is False, but that its order differs is True" in wrong


def test_an_adjustment_that_names_another_sum_is_seen(monkeypatch: pytest.MonkeyPatch):
    opened = save_reservation.open_adjustment

    def of_a_cent_too_much(*arguments: Any) -> Adjustment:
        right = opened(*arguments)
        wanted = right.wanted.model_copy(update={"total": right.wanted.total + 1})
        return right.model_copy(update={"wanted": wanted})

    monkeypatch.setattr(save_reservation, "open_adjustment", of_a_cent_too_much)
    wrong = run(WORKFLOWS["resolve_while_changed"]).violations
    assert "r-101: an adjustment of -4001 is not what the CRM is off by" in wrong


def test_another_guest_of_whom_no_adjustment_tells_is_seen(monkeypatch: pytest.MonkeyPatch):
    for part in (OrderPart.GUEST, OrderPart.CUSTOMER):
        monkeypatch.setitem(order_diff._COMPARED, part, lambda *_: None)
    wrong = run(WORKFLOWS["guest_after_send"]).violations
    assert wrong == [
        "r-101: locked is False, but that its order differs is True",
        "r-101: its open adjustments are not just the one that says what differs",
    ]


def test_an_order_of_the_guest_before_is_seen(monkeypatch: pytest.MonkeyPatch):
    build = winery_context.build_order

    def of_the_first_guest(*arguments: Any) -> Order:
        order = build(*arguments)
        first = {"email": "guest101@example.com", "customer_id": "customer-1"}
        return order.model_copy(update={"buyer": order.buyer.model_copy(update=first)})

    def hand_on_then_sync(scene: Scene) -> None:
        hand_on(scene)
        scene.after(LONG_AFTER, lambda: scene.staff.sync(TENANT))

    handed_on = replace(WORKFLOWS["guest_and_sync"], act=hand_on_then_sync)
    assert run(handed_on).violations == []
    monkeypatch.setattr(winery_context, "build_order", of_the_first_guest)
    wrong = run(handed_on).violations
    assert any(text.startswith("order CH-101 was sent at") for text in wrong)
    assert "r-101: locked is False, but that its order differs is True" in wrong


def test_a_double_that_staff_have_voided_is_seen():
    def double_and_void(scene: Scene) -> None:
        book = scene.world.crms[TENANT]
        book.void_order(book.put_order(book.orders[0]))

    wrong = run(replace(WORKFLOWS["cancel_after_send"], act=double_and_void)).violations
    assert "2 orders under CH-101" in wrong
    assert "2 orders of r-101" in wrong
