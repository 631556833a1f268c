"""That the judge sees settings and schedules that are not followed: faults of ours, made on purpose."""

from typing import Any

import pytest

from cellarhand.domain.orders.order import Order
from cellarhand.domain.tenants.settings import Settings
from cellarhand.use_cases.ledger import winery_context
from cellarhand.use_cases.order_sync.run_store import RunQueue
from cellarhand.use_cases.order_sync.start_run import StartScheduledRun
from cellarhand.use_cases.schedules.apply_schedule import ApplySchedule
from tests.fakes.schedules import FakeSchedules
from tests.simulation.kernel.faults.faults import Fault, Kind
from tests.simulation.kernel.platform.run import run
from tests.simulation.workflows.catalogue import WORKFLOWS
from tests.simulation.workflows.mid_run import NEW, OLD_SETTINGS


def test_an_order_of_two_versions_of_the_settings_is_seen(monkeypatch: pytest.MonkeyPatch):
    build = winery_context.build_order

    def mixed(*arguments: Any) -> Order:
        return build(*arguments).model_copy(update={"order_date": NEW.order_date})

    monkeypatch.setattr(winery_context, "build_order", mixed)
    first, *_ = run(WORKFLOWS["settings_mid_run"]).violations
    assert "follows Terms(tip_sku='TIP', order_date=datetime.date(2026, 6, 5))" in first


def test_settings_that_are_remembered_for_too_long_are_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(winery_context, "settings_of", lambda *_: Settings.model_validate(OLD_SETTINGS))
    sent_again_when_settled = Fault("crm.create_order#1", Kind.TIME_OUT)
    (wrong,) = run(WORKFLOWS["settings_mid_run"], [sent_again_when_settled]).violations
    assert "follows Terms(tip_sku='TIP'" in wrong


def test_a_run_that_goes_by_settings_from_before_its_start_is_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(RunQueue, "still_due", lambda self, runs: self.due(runs[0].tenant_id))
    assert run(WORKFLOWS["sku_named_mid_run"]).violations == ["r-101 has 0 orders, not 1"]


def test_a_clock_that_is_not_stopped_is_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(FakeSchedules, "remove", lambda *_: None)
    (wrong,) = run(WORKFLOWS["schedule_turned_off"]).violations
    assert wrong.endswith("the schedule is off")


def test_a_run_that_nobody_wants_any_more_is_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(StartScheduledRun, "_days_after_visit", lambda *_: 1)
    wrong = run(WORKFLOWS["schedule_turned_off"]).violations
    assert wrong == ["a run was started though the schedule was off"]


def test_a_schedule_that_is_not_taken_up_again_is_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ApplySchedule, "_set_schedule", lambda *_: None)
    wrong = run(WORKFLOWS["schedule_paused"]).violations
    assert "the clock has None, the schedule is active" in wrong
    assert "the night after it was resumed was left out" in wrong


def test_whoever_does_not_look_again_undoes_what_is_newer(monkeypatch: pytest.MonkeyPatch):
    def once(self: ApplySchedule, tenant_id: str) -> object:
        return self._apply(tenant_id, self._read(tenant_id))

    monkeypatch.setattr(ApplySchedule, "__call__", once)
    slow = Fault("schedule_items.write_status#1", Kind.PAUSE)
    assert run(WORKFLOWS["schedule_paused"], [slow]).violations == ["the status does not say active"]
