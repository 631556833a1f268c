"""Replaying what needs attention, through the API's own handlers."""

from pathlib import Path

import pytest

from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.reservations.reservation import CustomerState, Exclusion
from cellarhand.domain.tenants.access_key import AccessKeyRecord, Role, access_key_key
from cellarhand.domain.tenants.audit_entry import AuditEntry
from operations.replay_attention.__main__ import choose, staff_key
from operations.replay_attention.replay import DiaryFile, LoginRefusedError, Tried, replay, summary
from operations.replay_attention.selection import KINDS, Case, cases
from tests.fakes.crm import Step
from tests.fakes.http import TENANT
from tests.fakes.outside import FakeOutside
from tests.unit.operations.attention import (
    IN_REVIEW,
    NOT_ELIGIBLE,
    REFUSED_GUEST,
    REJECTED,
    HandlersApi,
    every_kind,
    keep,
    record,
)
from tests.unit.order_sync.given import NOW


@pytest.fixture
def diary(tmp_path: Path) -> DiaryFile:
    return DiaryFile(tmp_path / "diary.json")


def _replay(api: HandlersApi, wanted: list[Case], diary: DiaryFile) -> list[Tried]:
    return replay(api, wanted, diary, lambda _: None, rate=1000, pause=lambda _: None)


def test_guests_rejected_orders_and_reviews_are_found_and_nothing_else(outside: FakeOutside):
    every_kind(outside)
    keep(outside, "waiting")
    keep(outside, "unpaid", order=OrderProgress(state=OrderState.NOT_ELIGIBLE, reason="balance_due"))
    keep(outside, "kept-out", order=REJECTED, excluded=Exclusion(by="staff", at=NOW))
    keep(outside, "gone", customer=REFUSED_GUEST, order=NOT_ELIGIBLE, snapshot={"state": "cancelled"})
    assert cases(HandlersApi(), {}) == [
        Case("guest", "guest", "refused_by_crm"),
        Case("rejected", "rejected", "refused_by_crm"),
        Case("review", "review", "duplicates_found"),
    ]


def test_every_page_of_the_list_is_read(outside: FakeOutside):
    for number in range(120):
        keep(outside, f"r-{number}", order=REJECTED)
    assert len(cases(HandlersApi(), {})) == 120


def test_dates_of_the_visit_bound_the_cases(outside: FakeOutside):
    every_kind(outside)
    assert cases(HandlersApi(), {"from": "2026-06-06"}) == []
    assert len(cases(HandlersApi(), {"from": "2026-06-05", "to": "2026-06-05"})) == 3


def test_a_guest_is_upserted_and_a_rejected_order_waits_again(outside: FakeOutside, diary: DiaryFile):
    every_kind(outside)
    tried = _replay(
        HandlersApi(), choose(cases(HandlersApi(), {}), KINDS, None, send_review_again=False), diary
    )
    assert [(each.case.reservation_id, each.outcome) for each in tried] == [
        ("guest", "created"),
        ("rejected", "pending"),
    ]
    assert record(outside, "guest").customer.state is CustomerState.CREATED
    assert record(outside, "review").order.state is OrderState.REVIEW


def test_an_order_in_review_is_sent_again_only_by_its_own_leave(outside: FakeOutside, diary: DiaryFile):
    every_kind(outside)
    found = cases(HandlersApi(), {})
    assert {case.kind for case in choose(found, KINDS, None, send_review_again=False)} == {
        "guest",
        "rejected",
    }
    allowed = choose(found, ("review",), None, send_review_again=True)
    assert [each.outcome for each in _replay(HandlersApi(), allowed, diary)] == ["pending"]
    entries = outside.audit.list_records(AuditEntry, tenant_partition(TENANT), "AUD#").items
    assert [entry.what for entry in entries] == ["order_send_again"]


def test_a_retry_that_slips_to_a_review_sends_nothing(outside: FakeOutside, diary: DiaryFile):
    keep(outside, "r-1", order=IN_REVIEW)
    (tried,) = _replay(HandlersApi(), [Case("r-1", "rejected", "refused_by_crm")], diary)
    assert tried.outcome == "refused: choice_needed"
    assert record(outside, "r-1").order.state is OrderState.REVIEW


def test_one_reason_alone_can_be_tried(outside: FakeOutside):
    every_kind(outside)
    keep(outside, "other", order=REJECTED.model_copy(update={"reason": "sku_unknown"}))
    chosen = choose(cases(HandlersApi(), {}), KINDS, "sku_unknown", send_review_again=False)
    assert [case.reservation_id for case in chosen] == ["other"]


def test_what_was_tried_is_not_tried_again_by_the_run_that_goes_on(outside: FakeOutside, tmp_path: Path):
    every_kind(outside)
    api, wanted = HandlersApi(), cases(HandlersApi(), {})[:2]
    _replay(api, wanted[:1], DiaryFile(tmp_path / "d.json"))
    _replay(api, wanted, DiaryFile(tmp_path / "d.json"))
    assert api.calls == ["POST /v1/reservations/guest/retry", "POST /v1/reservations/rejected/retry"]


def test_a_login_that_is_refused_ends_the_replay_at_once(outside: FakeOutside, diary: DiaryFile):
    for name in ("a", "b"):
        keep(outside, name, customer=REFUSED_GUEST, order=NOT_ELIGIBLE)
    outside.crm.crm.always("*", Step.LOGIN_REFUSED)
    api = HandlersApi()
    with pytest.raises(LoginRefusedError, match="crm_login_refused"):
        _replay(api, cases(HandlersApi(), {}), diary)
    assert len(api.calls) == 1


def test_the_summary_counts_by_reason_and_outcome():
    case = Case("r-1", "guest", "refused_by_crm")
    assert summary([Tried(case, "created"), Tried(case, "created"), Tried(case, "pending (x)")]) == [
        "     2  guest refused_by_crm: created",
        "     1  guest refused_by_crm: pending (x)",
    ]


def test_the_staff_key_of_a_replay_ends_with_it(outside: FakeOutside):
    support = HandlersApi(Role.SUPPORT)
    with staff_key(support, TENANT, "replay") as key:
        key_id = key.split("_")[1]
        made = outside.access.get(AccessKeyRecord, access_key_key(key_id))
        assert made is not None
        assert (made.role, made.tenant_id, made.label, made.revoked_at) == (
            Role.STAFF,
            TENANT,
            "replay",
            None,
        )
        assert made.expires_on is not None
    ended = outside.access.get(AccessKeyRecord, access_key_key(key_id))
    assert ended is not None
    assert ended.revoked_at is not None
