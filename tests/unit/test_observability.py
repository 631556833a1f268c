"""What goes into logs and metrics, and what never does."""

import json
from io import StringIO

import pytest
from botocore.exceptions import ClientError

from cellarhand.config import MissingVariableError
from cellarhand.domain.errors import CrmLoginRefusedError
from cellarhand.observability import (
    EVERY_FUNCTION,
    EmbeddedMetrics,
    about,
    observed,
    report_failure,
    report_problem,
    report_refused_login,
)
from tests.fakes.http import FakeContext


def test_a_log_line_names_tenant_and_request_and_the_next_invocation_starts_anew(log: StringIO):
    @observed
    def handler(event: dict[str, str], context: object) -> None:
        if tenant := event.get("tenant"):
            about(tenant_id=tenant, request_id="request-1")
        report_problem(CrmLoginRefusedError("The CRM refuses the login."))

    handler({"tenant": "oak-hollow"}, FakeContext())
    handler({}, FakeContext())
    first, second = map(json.loads, log.getvalue().splitlines())
    assert (first["tenant_id"], first["request_id"], first["code"], first["who_acts"]) == (
        "oak-hollow",
        "request-1",
        "crm_login_refused",
        "staff",
    )
    assert first["function_request_id"] == "invocation-1"
    assert "tenant_id" not in second


def test_an_unforeseen_failure_is_logged_by_class_and_place_without_its_text(log: StringIO):
    try:
        raise ValueError("anna.berg@example.com")  # noqa: TRY301
    except ValueError as failure:
        report_failure(failure)
    line = json.loads(log.getvalue())
    assert (line["level"], line["error"]) == ("ERROR", "ValueError")
    assert __file__ in line["where"][-1]
    assert "anna" not in json.dumps(line)


def test_a_refusal_by_aws_is_logged_by_its_name(log: StringIO):
    error = {"Error": {"Code": "AccessDeniedException", "Message": "guest@example.com may not"}}
    report_failure(ClientError(error, "PutItem"))
    assert '"aws_code":"AccessDeniedException"' in log.getvalue()
    assert "guest@example.com" not in log.getvalue()


@pytest.mark.parametrize("failure", [ValueError("a bug"), MissingVariableError("X is not set.")])
def test_what_operators_must_act_on_is_counted_for_the_one_alarm_on_it(
    failure: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "settings")
    report_failure(failure)
    counted = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (counted["Failures"], counted["service"]) == ([1.0], EVERY_FUNCTION)


def test_a_refused_login_is_counted_for_the_one_alarm_on_it(
    capsys: pytest.CaptureFixture[str], log: StringIO
):
    report_refused_login("oak-hollow")
    counted = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (counted["LoginsRefused"], counted["service"]) == ([1.0], EVERY_FUNCTION)
    assert '"tenant_id":"oak-hollow"' in log.getvalue()


def test_what_passes_or_somebody_else_must_act_on_is_no_failure_of_ours(capsys: pytest.CaptureFixture[str]):
    report_failure(CrmLoginRefusedError("The CRM refuses the login."))
    assert "Failures" not in capsys.readouterr().out


def test_a_count_is_one_embedded_metric_with_its_outcome_and_no_tenant(
    capsys: pytest.CaptureFixture[str],
):
    EmbeddedMetrics().count("Orders", 2, outcome="synced")
    line = json.loads(capsys.readouterr().out)
    (metric,) = line["_aws"]["CloudWatchMetrics"]
    assert (metric["Namespace"], metric["Dimensions"]) == ("Cellarhand", [["outcome"]])
    assert metric["Metrics"] == [{"Name": "Orders", "Unit": "Count"}]
    assert (line["Orders"], line["outcome"]) == ([2.0], "synced")
