"""The command that operators type to replay what needs attention."""

from pathlib import Path

import pytest

from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import CustomerState
from cellarhand.domain.tenants.access_key import AccessKeyRecord, Role, access_key_key
from cellarhand.domain.tenants.audit_entry import AuditEntry
from operations.replay_attention import __main__ as command
from tests.fakes.http import TENANT
from tests.fakes.outside import FakeOutside
from tests.unit.operations.attention import HandlersApi, every_kind, record


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
    every_kind(outside)
    _command(monkeypatch, "--dry-run")
    assert capsys.readouterr().out.splitlines() == [
        "     1  review duplicates_found: left alone",
        "     1  guest refused_by_crm: would be tried again",
        "     1  rejected refused_by_crm: would be tried again",
    ]
    assert record(outside, "guest").customer.state is CustomerState.NEEDS_ATTENTION


def test_the_command_tries_all_but_reviews_and_forgets_its_diary_at_the_end(
    outside: FakeOutside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    every_kind(outside)
    _command(monkeypatch, f"--rate=1000 --diary={tmp_path / 'diary.json'}")
    assert "2 of 2  rejected  rejected refused_by_crm: pending" in capsys.readouterr().out
    assert record(outside, "review").order.state is OrderState.REVIEW
    assert not list(tmp_path.iterdir())


def test_why_a_review_is_sent_again_stands_with_the_key_that_did_it(
    outside: FakeOutside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    every_kind(outside)
    why = "--send-review-again=looked-none-there"
    _command(monkeypatch, f"--kind=review {why} --rate=1000 --diary={tmp_path / 'diary.json'}")
    assert record(outside, "review").order.state is OrderState.PENDING
    made = next(
        entry
        for entry in outside.audit.list_records(AuditEntry, tenant_partition(TENANT), "AUD#").items
        if entry.what == "access_key_made"
    )
    key = outside.access.get(AccessKeyRecord, access_key_key(made.ids["key_id"]))
    assert key is not None
    assert key.label.endswith("looked-none-there")
