"""From findings to a tenant's capabilities: what is not known for sure stays absent."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cellarhand.domain.errors import NotFoundError
from cellarhand.domain.tenants.crm_measurements import MeasuredCrm
from cellarhand.domain.tenants.tenant import CrmEnvironment
from cellarhand.use_cases.tenants.read_tenant import tenant_record
from operations.uat_probe.capabilities import MARGIN, measured_crm
from operations.uat_probe.findings import Delays, Findings, FirstOrder, Members, Refusal, Refusals, Repeat
from operations.uat_probe.plan import steps
from operations.uat_probe.writing import WrongTenantError, keep
from tests.fakes.http import TENANT
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import take_on

AT = datetime(2026, 6, 1, tzinfo=UTC)
SHOWN = FirstOrder(finds_orders=True, number_kept=True, prefix="apart", clock_minutes=-480)
SOON = Delays(seconds=(0.5, 2.0), not_seen=0)


def _measured(**known: object) -> MeasuredCrm:
    return measured_crm(Findings.model_validate(known), "sandbox", AT)


def test_nothing_found_is_nothing_claimed():
    assert _measured().model_dump(exclude={"measured_in", "measured_at"}, exclude_none=True) == {}


@pytest.mark.parametrize(
    ("first", "lags", "finds"),
    [
        (SHOWN, SOON, True),
        (SHOWN, None, True),
        (SHOWN, Delays(seconds=(0.5,), not_seen=1), False),
        (SHOWN.model_copy(update={"number_kept": False}), SOON, False),
        (FirstOrder(finds_orders=False), None, False),
    ],
)
def test_orders_can_be_read_back_only_if_every_one_was_shown_under_its_number(
    first: FirstOrder, lags: Delays | None, finds: bool
):
    assert _measured(first_order=first, read_lag=lags).finds_orders is finds


@pytest.mark.parametrize(
    ("outcome", "refuses"),
    [
        ("refused", True),
        ("duplicated", False),
        ("renumbered", False),
        ("answers_first", None),
        ("accepted_unread", None),
        ("unclear", None),
    ],
)
def test_whether_a_repeated_number_is_refused(outcome: str, refuses: bool | None):
    assert _measured(repeat={"outcome": outcome}).refuses_repeated_order_numbers is refuses


@pytest.mark.parametrize(
    ("text", "other", "words"),
    [
        ("Order number UAT-19 already exists.", "OrderItems is required.", "already exists"),
        ("Order number UAT-19 already exists.", "That member already exists.", "Order number"),
        ("Duplicate 19", "", "Duplicate"),
        ("No: 19", "", None),
        ("Request failed.", "Request failed.", None),
    ],
)
def test_the_words_that_tell_a_repeated_number_are_in_no_other_refusal(
    text: str, other: str, words: str | None
):
    seen = Refusals(seen=(Refusal(what="no lines", ended="refused", text=other),), wrong_logins_tried=0)
    found = _measured(repeat=Repeat(outcome="refused", text=text), refusals=seen)
    assert found.repeated_number_text == words


def test_bounds_stand_well_above_the_longest_delay_of_orders_and_customers():
    members = Members(found_after=3.0, repeated_email="updates")
    found = _measured(members=members, read_lag=SOON, late_execution=Delays(seconds=(7.0,), not_seen=3))
    assert (found.read_lag_seconds, found.late_execution_seconds) == (3.0 * MARGIN, 7.0 * MARGIN)


def test_findings_are_kept_only_with_a_tenant_of_the_environment_that_was_asked():
    outside = FakeOutside()
    tenant = take_on(outside.settings)
    found = _measured(first_order=SHOWN)
    keep(outside, TENANT, found)
    kept = tenant_record(outside.settings, TENANT)
    assert kept.measured == found
    assert tenant.measured is None
    outside.settings.save(kept.model_copy(update={"crm_environment": CrmEnvironment.PRODUCTION}))
    with pytest.raises(WrongTenantError):
        keep(outside, TENANT, found)
    with pytest.raises(NotFoundError):
        keep(outside, "nobody", found)


def test_every_unknown_that_is_written_down_is_asked_by_a_step():
    rows = re.findall(r"^\| (\d) \|", Path("docs/unproven.md").read_text(), re.MULTILINE)
    assert {int(number) for number in rows} == {step.question for step in steps(None)} == set(range(1, 10))


def test_every_step_fills_a_finding_and_every_finding_has_a_step():
    assert [step.name for step in steps(None)] == list(Findings.model_fields)
