"""Replaying what needs attention, through the API's own handlers."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cellarhand import bootstrap
from cellarhand.domain.access import AccessKeyRecord, Role
from cellarhand.domain.audit import AuditEntry
from cellarhand.domain.customer_steps import REFUSED_BY_CRM
from cellarhand.domain.records import Key, tenant_partition
from cellarhand.domain.reservation import (
    CustomerProgress,
    CustomerState,
    Exclusion,
    OrderProgress,
    OrderState,
    ReservationRecord,
    reservation_key,
)
from cellarhand.domain.tenant import EventRecord
from functions.order_sync import app as order_sync
from functions.settings import app as settings
from operations.api import ApiRefusedError
from operations.replay_attention import __main__ as command
from operations.replay_attention.__main__ import choose, staff_key
from operations.replay_attention.replay import DiaryFile, LoginRefusedError, Tried, replay, summary
from operations.replay_attention.selection import KINDS, Case, cases
from tests.fakes.crm import InMemoryCrm, Step
from tests.fakes.http import TENANT, Handler, call
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import take_on
from tests.unit.order_sync.given import EVENT, NOW, SETTINGS, SKUS, reservation

REFUSED_GUEST = CustomerProgress(state=CustomerState.NEEDS_ATTENTION, reason=REFUSED_BY_CRM)
NOT_ELIGIBLE = OrderProgress(state=OrderState.NOT_ELIGIBLE, reason="customer_needs_attention")
REJECTED = OrderProgress(state=OrderState.REJECTED, reason="refused_by_crm", number=7, prefix="CH-")
IN_REVIEW = OrderProgress(state=OrderState.REVIEW, reason="duplicates_found", number=8, prefix="CH-")


class HandlersApi:
    """Fills `Api` with the functions themselves, behind API Gateway's routes."""

    def __init__(self, role: Role = Role.STAFF) -> None:
        self._role = role
        self.calls: list[str] = []

    def ask(
        self, method: str, path: str, *, body: Any = None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        self.calls.append(f"{method} {path}")
        template, named = _template(path)
        handler: Handler = settings.lambda_handler if "access-keys" in path else order_sync.lambda_handler
        answer = call(handler, f"{method} {template}", role=self._role, path=named, query=query, body=body)
        if answer.status >= 400:
            raise ApiRefusedError(answer.status, answer.body["code"], answer.body["detail"])
        return dict(answer.body or {})


def _template(path: str) -> tuple[str, dict[str, str]]:
    parts = path.split("/")
    if len(parts) < 4:
        return path, {}
    name = "key_id" if parts[2] == "access-keys" else "reservation_id"
    return "/".join([*parts[:3], f"{{{name}}}", *parts[4:]]), {name: parts[3]}


@pytest.fixture
def outside() -> Iterator[FakeOutside]:
    world = FakeOutside()
    world.crm.crm = InMemoryCrm(skus=SKUS, now=world.clock.now)
    take_on(world.settings, decided=SETTINGS)
    world.settings.save(EventRecord(tenant_id=TENANT, event_id="cellar", event=EVENT))
    bootstrap.run_in(world)
    yield world
    bootstrap.run_in(None)


@pytest.fixture
def diary(tmp_path: Path) -> DiaryFile:
    return DiaryFile(tmp_path / "diary.json")


def _keep(outside: FakeOutside, reservation_id: str, **changes: Any) -> None:
    outside.ledger.save(reservation(reservation_id, tenant_id=TENANT, **changes))


def _record(outside: FakeOutside, reservation_id: str) -> ReservationRecord:
    found = outside.ledger.get(ReservationRecord, reservation_key(TENANT, reservation_id))
    assert found is not None
    return found


def _replay(api: HandlersApi, wanted: list[Case], diary: DiaryFile) -> list[Tried]:
    return replay(api, wanted, diary, lambda _: None, rate=1000, pause=lambda _: None)


def _every_kind(outside: FakeOutside) -> None:
    _keep(outside, "guest", customer=REFUSED_GUEST, order=NOT_ELIGIBLE)
    _keep(outside, "rejected", order=REJECTED)
    _keep(outside, "review", order=IN_REVIEW)


def test_guests_rejected_orders_and_reviews_are_found_and_nothing_else(outside: FakeOutside):
    _every_kind(outside)
    _keep(outside, "waiting")
    _keep(outside, "unpaid", order=OrderProgress(state=OrderState.NOT_ELIGIBLE, reason="balance_due"))
    _keep(outside, "kept-out", order=REJECTED, excluded=Exclusion(by="staff", at=NOW))
    _keep(outside, "gone", customer=REFUSED_GUEST, order=NOT_ELIGIBLE, snapshot={"state": "cancelled"})
    assert cases(HandlersApi(), {}) == [
        Case("guest", "guest", "refused_by_crm"),
        Case("rejected", "rejected", "refused_by_crm"),
        Case("review", "review", "duplicates_found"),
    ]


def test_every_page_of_the_list_is_read(outside: FakeOutside):
    for number in range(120):
        _keep(outside, f"r-{number}", order=REJECTED)
    assert len(cases(HandlersApi(), {})) == 120


def test_dates_of_the_visit_bound_the_cases(outside: FakeOutside):
    _every_kind(outside)
    assert cases(HandlersApi(), {"from": "2026-06-06"}) == []
    assert len(cases(HandlersApi(), {"from": "2026-06-05", "to": "2026-06-05"})) == 3


def test_a_guest_is_upserted_and_a_rejected_order_waits_again(outside: FakeOutside, diary: DiaryFile):
    _every_kind(outside)
    tried = _replay(
        HandlersApi(), choose(cases(HandlersApi(), {}), KINDS, None, send_review_again=False), diary
    )
    assert [(each.case.reservation_id, each.outcome) for each in tried] == [
        ("guest", "created"),
        ("rejected", "pending"),
    ]
    assert _record(outside, "guest").customer.state is CustomerState.CREATED
    assert _record(outside, "review").order.state is OrderState.REVIEW


def test_an_order_in_review_is_sent_again_only_by_its_own_leave(outside: FakeOutside, diary: DiaryFile):
    _every_kind(outside)
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
    _keep(outside, "r-1", order=IN_REVIEW)
    (tried,) = _replay(HandlersApi(), [Case("r-1", "rejected", "refused_by_crm")], diary)
    assert tried.outcome == "refused: choice_needed"
    assert _record(outside, "r-1").order.state is OrderState.REVIEW


def test_one_reason_alone_can_be_tried(outside: FakeOutside):
    _every_kind(outside)
    _keep(outside, "other", order=REJECTED.model_copy(update={"reason": "sku_unknown"}))
    chosen = choose(cases(HandlersApi(), {}), KINDS, "sku_unknown", send_review_again=False)
    assert [case.reservation_id for case in chosen] == ["other"]


def test_what_was_tried_is_not_tried_again_by_the_run_that_goes_on(outside: FakeOutside, tmp_path: Path):
    _every_kind(outside)
    api, wanted = HandlersApi(), cases(HandlersApi(), {})[:2]
    _replay(api, wanted[:1], DiaryFile(tmp_path / "d.json"))
    _replay(api, wanted, DiaryFile(tmp_path / "d.json"))
    assert api.calls == ["POST /v1/reservations/guest/retry", "POST /v1/reservations/rejected/retry"]


def test_a_login_that_is_refused_ends_the_replay_at_once(outside: FakeOutside, diary: DiaryFile):
    for name in ("a", "b"):
        _keep(outside, name, customer=REFUSED_GUEST, order=NOT_ELIGIBLE)
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
        made = outside.access.get(AccessKeyRecord, Key(f"K#{key_id}", "KEY"))
        assert made is not None
        assert (made.role, made.tenant_id, made.label, made.revoked_at) == (
            Role.STAFF,
            TENANT,
            "replay",
            None,
        )
        assert made.expires_on is not None
    ended = outside.access.get(AccessKeyRecord, Key(f"K#{key_id}", "KEY"))
    assert ended is not None
    assert ended.revoked_at is not None


def _command(monkeypatch: pytest.MonkeyPatch, options: str) -> None:
    monkeypatch.setenv("CELLARHAND_SUPPORT_KEY", "support")
    monkeypatch.setattr(
        command, "HttpApi", lambda _, key: HandlersApi(Role.SUPPORT if key == "support" else Role.STAFF)
    )
    monkeypatch.setattr(
        "sys.argv", ["replay", f"--tenant={TENANT}", "--url=http://127.0.0.1:1", *options.split()]
    )
    command.main()


def test_a_dry_run_counts_and_tries_nothing(
    outside: FakeOutside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    _every_kind(outside)
    _command(monkeypatch, "--dry-run")
    assert capsys.readouterr().out.splitlines() == [
        "     1  review duplicates_found: left alone",
        "     1  guest refused_by_crm: would be tried again",
        "     1  rejected refused_by_crm: would be tried again",
    ]
    assert _record(outside, "guest").customer.state is CustomerState.NEEDS_ATTENTION


def test_the_command_tries_all_but_reviews_and_forgets_its_diary_at_the_end(
    outside: FakeOutside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    _every_kind(outside)
    _command(monkeypatch, f"--rate=1000 --diary={tmp_path / 'diary.json'}")
    assert "2 of 2  rejected  rejected refused_by_crm: pending" in capsys.readouterr().out
    assert _record(outside, "review").order.state is OrderState.REVIEW
    assert not list(tmp_path.iterdir())


def test_why_a_review_is_sent_again_stands_with_the_key_that_did_it(
    outside: FakeOutside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    _every_kind(outside)
    why = "--send-review-again=looked-none-there"
    _command(monkeypatch, f"--kind=review {why} --rate=1000 --diary={tmp_path / 'diary.json'}")
    assert _record(outside, "review").order.state is OrderState.PENDING
    made = next(
        entry
        for entry in outside.audit.list_records(AuditEntry, tenant_partition(TENANT), "AUD#").items
        if entry.what == "access_key_made"
    )
    key = outside.access.get(AccessKeyRecord, Key(f"K#{made.ids['key_id']}", "KEY"))
    assert key is not None
    assert key.label.endswith("looked-none-there")
