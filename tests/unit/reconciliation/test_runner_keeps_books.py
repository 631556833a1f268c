"""The runner keeps the books when the sweeper or a run sends it a hint."""

import pytest

from cellarhand.bootstrap import reconciliation, schedules
from cellarhand.domain.reconciliation.checks import PREFIX, DueCheck
from cellarhand.domain.records import tenant_partition
from cellarhand.use_cases.crm.time_budget import OutOfTimeError
from functions.order_sync import app
from tests.fakes.crm import Step
from tests.fakes.http import TENANT, call
from tests.fakes.outside import FakeOutside
from tests.unit.order_sync.given import reservation
from tests.unit.order_sync.runner import TimeLeft
from tests.unit.reconciliation.asking import JUNE, ask, double, drain


def works(outside: FakeOutside) -> list[str]:
    page = outside.ledger.list_records(DueCheck, tenant_partition(TENANT), PREFIX)
    return [work.work for work in page.items]


def test_the_sweeper_leaves_a_hint_and_the_runner_looks(outside: FakeOutside):
    double(outside)
    assert works(outside) == ["nightly_check", "duplicate_check"]
    outside.clock.advance(days=1)
    left = len(outside.hints.left)
    schedules.sweep_due_work()(TimeLeft())
    assert [(hint.queue, hint.tenant_id) for hint in outside.hints.left[left:]] == [("order-sync", TENANT)]
    assert drain() == {"batchItemFailures": []}
    assert outside.metrics.total("OrdersFoundTwice") == 1
    assert outside.metrics.total("ReconciliationDifference", of="records") == 1
    assert works(outside) == ["nightly_check", "duplicate_check"]


def test_books_that_fail_keep_no_order_waiting(outside: FakeOutside, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(reconciliation.run_checks()._recheck, "_detect", fail)
    outside.clock.advance(days=1)
    outside.ledger.save(reservation("r-9", tenant_id=TENANT, snapshot={"number": 9}))
    call(app.lambda_handler, "POST /v1/order-syncs", body=JUNE)
    assert drain() == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert [order.order_number.number for order in outside.crm.crm.orders] == [7, 9]


def test_a_look_that_our_code_fails_on_keeps_no_other_waiting(
    outside: FakeOutside, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise LookupError

    double(outside)
    monkeypatch.setattr(reconciliation.run_checks()._recheck, "_detect", fail)
    outside.clock.advance(days=1)
    answers = [drain() for _ in range(2)]
    assert answers == [{"batchItemFailures": [{"itemIdentifier": "m-1"}]}, {"batchItemFailures": []}]
    assert outside.metrics.total("NightlyBooks", outcome="compared") == 1
    assert works(outside) == ["duplicate_check", "nightly_check"]


def test_a_look_that_takes_too_long_is_put_off_so_that_it_keeps_nothing_waiting(
    outside: FakeOutside, monkeypatch: pytest.MonkeyPatch
):
    def take_too_long(*_: object) -> None:
        raise OutOfTimeError("There was not enough time left to call the CRM.")

    double(outside)
    monkeypatch.setattr(reconciliation.run_checks()._recheck, "_detect", take_too_long)
    outside.clock.advance(days=1)
    assert drain() == {"batchItemFailures": []}
    assert outside.metrics.total("LateAudits", outcome="postponed") == 1
    assert outside.metrics.total("NightlyBooks", outcome="compared") == 1
    assert works(outside) == ["duplicate_check", "nightly_check"]


def test_a_guarded_crm_counts_a_failed_list_as_a_failure(outside: FakeOutside):
    outside.crm.crm.always("list_orders", Step.UNAVAILABLE)
    for _ in range(5):
        assert ask().body["crm"]["reason"] == "crm_unavailable"
    asked = len(outside.crm.crm.calls_of("list_orders"))
    assert ask().body["crm"]["state"] == "unavailable"
    assert len(outside.crm.crm.calls_of("list_orders")) == asked
