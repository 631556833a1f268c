"""What a probe has found out at one winery's VinSuite decides what its gateway says, does and believes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cellarhand.adapters.crm.vinsuite.wire.assumptions import DEFAULT_ASSUMPTIONS, as_measured
from cellarhand.domain.errors import NotSupportedByCrmError
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.tenants.crm_measurements import MeasuredCrm
from cellarhand.ports.crm import Outcome
from tests.unit.vinsuite.loopback import Loopback, answer
from tests.unit.vinsuite.replies import ORDER, gateway, refusal

AT = datetime(2026, 6, 1, tzinfo=UTC)
AROUND = (AT, AT)
TIMERS = Timers(sending=60, late_execution=600, read_lag=120, clock_skew=60, crm_write=25)


def measured(**found: Any) -> MeasuredCrm:
    return MeasuredCrm(measured_in="uat", measured_at=AT, **found)


@pytest.mark.parametrize("nothing", [None, measured()])
def test_what_was_not_measured_is_assumed(nothing: MeasuredCrm | None):
    assert as_measured(nothing) == DEFAULT_ASSUMPTIONS


def test_orders_that_were_found_not_to_be_shown_are_not_looked_for(peer: Loopback):
    crm = gateway(peer.url, as_measured(measured(finds_orders=False)))
    with pytest.raises(NotSupportedByCrmError):
        crm.find_orders(ORDER.order_number, around=AROUND, timeout=5)
    assert (crm.capabilities().finds_orders, peer.received) == (False, [])


def test_a_refusal_in_the_measured_words_says_that_the_number_exists(peer: Loopback):
    found = measured(refuses_repeated_order_numbers=True, repeated_number_text="Number already used")
    peer.answers(answer(refusal("AddOrder", "Order NUMBER ALREADY USED (exception 7).")))
    crm = gateway(peer.url, as_measured(found))
    result = crm.create_order(ORDER, timeout=5)
    assert (result.outcome, result.number_exists) == (Outcome.REFUSED, True)
    assert crm.capabilities().refuses_repeated_order_numbers


def test_measured_bounds_lengthen_the_timers():
    longer = measured(read_lag_seconds=500, late_execution_seconds=900).lengthened(TIMERS)
    assert longer == TIMERS._replace(read_lag=500, late_execution=900)


@pytest.mark.parametrize("seconds", [None, 0, 1])
def test_measured_bounds_never_shorten_the_timers(seconds: float | None):
    found = measured(read_lag_seconds=seconds, late_execution_seconds=seconds)
    assert found.lengthened(TIMERS) == TIMERS
