"""That the judge sees wrong orders and forgotten looks: faults of ours, made on purpose."""

from typing import Any

import pytest

from cellarhand.domain.customers import email_claim
from cellarhand.domain.orders.order import Order
from cellarhand.use_cases.ledger import winery_context
from cellarhand.use_cases.reconciliation.plan_checks import PlanChecks
from tests.simulation.kernel.faults.faults import Fault, Kind
from tests.simulation.kernel.judge import justice
from tests.simulation.kernel.platform.run import run
from tests.simulation.workflows.catalogue import WORKFLOWS


def miswrite(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> list[str]:
    """What the judge says of orders with these changes."""
    build = winery_context.build_order

    def miswritten(*arguments: Any) -> Order:
        order = build(*arguments)
        buyer = order.buyer.model_copy(update=changes.get("buyer", {}))
        line = order.lines[0].model_copy(update=changes.get("line", {}))
        return order.model_copy(update={"buyer": buyer, "lines": (line,)})

    monkeypatch.setattr(winery_context, "build_order", miswritten)
    return run(WORKFLOWS["order"]).violations


def test_a_cent_too_many_in_a_line_is_seen(monkeypatch: pytest.MonkeyPatch):
    wrong = miswrite(monkeypatch, line={"unit_price": 4001})
    assert "order CH-101 does not add up" in wrong


def test_another_customer_s_id_is_seen(monkeypatch: pytest.MonkeyPatch):
    wrong = miswrite(monkeypatch, buyer={"customer_id": "customer-2"})
    assert "order CH-101 is another customer's" in wrong


def test_what_another_winery_sells_is_seen(monkeypatch: pytest.MonkeyPatch):
    wrong = miswrite(monkeypatch, line={"sku": "TASTING-ridge"})
    assert "order CH-101 sells what is another winery's" in wrong


def test_a_second_look_that_is_forgotten_is_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PlanChecks, "of_sent_orders", lambda *_: [])
    wrong = run(WORKFLOWS["order"]).violations
    assert [text.startswith("valley: no second look is planned") for text in wrong] == [True, True]


def test_more_orders_on_their_way_than_are_allowed_are_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(justice, "ORDERS_AT_ONCE", 1)
    assert run(WORKFLOWS["order"]).violations == ["2 orders of valley were on their way at once"]


NOBODY_IS_SHOWN_YET = [
    Fault("crm.get_customer#1", Kind.STALE_READ),
    Fault("crm.find_customers#2", Kind.STALE_READ),
]


def test_whoever_does_not_know_how_long_reads_lag_creates_a_guest_twice(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(email_claim, "may_be_unseen", lambda *_: False)
    wrong = run(WORKFLOWS["fill_whom_we_created"], NOBODY_IS_SHOWN_YET).violations
    assert "2 customers of ada@example.com" in wrong
