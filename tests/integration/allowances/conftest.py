"""A winery on the emulator's tables, with a code for three and a CRM in memory."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from cellarhand.adapters.system import SystemClock
from cellarhand.bootstrap import discounts
from cellarhand.bootstrap.aws import Aws
from cellarhand.bootstrap.outside import run_in
from cellarhand.config import Config
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import Emulator
from tests.fakes.aws import forget_clients, make_table
from tests.fakes.crm import InMemoryCrm
from tests.fakes.http import TENANT
from tests.fakes.outside import FakeCrmGateways
from tests.fakes.signals import CollectedHints
from tests.fakes.tenants import offer, take_on

TABLES = ("settings", "ledger", "access", "audit")
TIMERS = ("SENDING_TIMEOUT", "LATE_EXECUTION", "READ_LAG", "CLOCK_SKEW", "CRM_WRITE_TIMEOUT")
RULES = [
    {
        "id": "half",
        "name": "Half price",
        "code": "HALF",
        "code_limit_total": 3,
        "benefit": {"kind": "percent_off", "percent": "50"},
    },
    {
        "id": "free",
        "name": "Friends of the house",
        "benefit": {"kind": "free_guests", "guests": 4},
        "limit_per_member": {"counts": "guests", "maximum": 3, "period": "calendar_month"},
    },
]
_numbers = count(1)


class AwsWithoutCrm(Aws):
    """The tables are AWS's; the CRM is in memory, and hints go nowhere."""

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__(Config(environ))
        self.crm_in_memory = InMemoryCrm(now=SystemClock().now)
        self.collected = CollectedHints()

    @property
    def crm(self) -> Any:
        return FakeCrmGateways(self.crm_in_memory)

    @property
    def hints(self) -> Any:
        return self.collected


@pytest.fixture
def world(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsWithoutCrm]:
    """Tables of the test's own, a tasting at 40.00, and both rules."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    forget_clients()
    made = AwsWithoutCrm(_environ(next(_numbers)))
    run_in(made)
    take_on(made.settings)
    offer(made.settings, "tasting", fee=4000)
    document = DiscountSchema.model_validate({"rules": RULES})
    discounts.write_schema()(TENANT, document, written_by="anna", if_match=None)
    yield made
    run_in(None)
    forget_clients()


def _environ(number: int) -> dict[str, str]:
    return {
        **{f"{name.upper()}_TABLE": make_table(f"allowances-{name}-{number}") for name in TABLES},
        **{f"{name}_SECONDS": "1" for name in TIMERS},
    }
