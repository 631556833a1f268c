"""The whole probe as operators run it: dry run, one go, going on, report, and the tenant's capabilities."""

from pathlib import Path

import pytest

from cellarhand.domain.tenants.crm_measurements import MeasuredCrm
from operations.uat_probe import __main__ as command
from operations.uat_probe.journal import Journal
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.default_seed import PARTNER_KEY, PASSWORD, USERNAME

COUNTS = (
    "--reads=2 --cuts=2 --burst=3 --in-flight=2 --members=3 "
    "--read-bound=5 --late-bound=3 --poll=0.05 --spacing=0.01"
)


@pytest.fixture(autouse=True)
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VINSUITE_USERNAME", USERNAME)
    monkeypatch.setenv("VINSUITE_PASSWORD", PASSWORD)
    monkeypatch.setenv("VINSUITE_PARTNER_KEY", str(PARTNER_KEY))


def _run(monkeypatch: pytest.MonkeyPatch, options: str) -> None:
    monkeypatch.setattr("sys.argv", ["uat-probe", *options.split()])
    command.main()


def test_the_whole_probe_answers_every_question_and_writes_what_it_found(
    simulator: RemoteSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    written: dict[str, MeasuredCrm] = {}
    monkeypatch.setattr(command, "write", lambda _, tenant, found: written.update({tenant: found}))
    simulator.set_faults(
        {"kind": "refused_duplicates"}, behaviours={"read_lag_seconds": 0.3, "server_utc_offset_minutes": 60}
    )
    report = tmp_path / "found.json"
    options = f"--environment=sandbox --address={simulator.soap_url} --report={report} --write=oak {COUNTS}"
    _run(monkeypatch, options)

    journal = Journal.model_validate_json(report.read_text())
    assert all(finding is not None for _, finding in journal.findings)
    assert written["oak"].model_dump(
        exclude={"measured_at", "read_lag_seconds", "late_execution_seconds"}
    ) == {
        "measured_in": "sandbox",
        "finds_orders": True,
        "refuses_repeated_order_numbers": True,
        "repeated_number_text": "already exists",
        "orders_carry_prefix": True,
    }
    assert (written["oak"].read_lag_seconds or 0) >= 2 * 0.3
    text = report.with_suffix(".md").read_text()
    assert "DateModified stands in UTC+60 min." in text
    assert "not asked yet" not in text
    assert PASSWORD not in report.read_text() + text
    assert str(PARTNER_KEY) not in report.read_text() + text

    sent = simulator.calls("sim")
    _run(monkeypatch, options)
    assert simulator.calls("sim") == sent


def test_a_dry_run_makes_no_call(
    simulator: RemoteSimulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    simulator.forget_calls()
    _run(monkeypatch, f"--dry-run --report={tmp_path / 'found.json'}")
    assert "In all at most 412 orders" in capsys.readouterr().out
    assert simulator.calls("sim") == {}
    assert not list(tmp_path.iterdir())


def test_a_login_that_fails_is_told_in_a_line(
    simulator: RemoteSimulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    simulator.set_faults({"kind": "inactive_account"})
    with pytest.raises(SystemExit) as ended:
        _run(
            monkeypatch,
            f"--environment=sandbox --address={simulator.soap_url} --report={tmp_path / 'x.json'}",
        )
    assert ended.value.code == 1
    assert "The account is inactive." in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        "--environment=production",
        "--environment=sandbox --address=https://ws.ewinerysolutions.com/2.00/EWSWebServices.asmx",
        "--environment=uat --address=https://ws.ewinerysolutions.com/2.00/EWSWebServices.asmx",
        "--environment=sandbox",
    ],
)
def test_production_and_foreign_places_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: str
):
    with pytest.raises(SystemExit) as ended:
        _run(monkeypatch, f"{options} --report={tmp_path / 'x.json'}")
    assert ended.value.code != 0
    assert not list(tmp_path.iterdir())


def test_a_report_about_another_login_is_not_gone_on_with(
    simulator: RemoteSimulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    options = (
        f"--environment=sandbox --address={simulator.soap_url} --report={tmp_path / 'x.json'} --minutes=0"
    )
    simulator.set_faults(behaviours={"read_lag_seconds": 60})
    _run(monkeypatch, options)
    monkeypatch.setenv("VINSUITE_USERNAME", "another")
    with pytest.raises(SystemExit):
        _run(monkeypatch, options)
    assert "another login" in capsys.readouterr().err
