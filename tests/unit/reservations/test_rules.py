"""The small pure rules behind the upsert, as tables."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellarhand.domain.customers.best_match import best_first
from cellarhand.domain.customers.customer import Customer, Membership, MembershipStatus
from cellarhand.domain.customers.email_claim import (
    CustomerClaim,
    email_hash,
    waits_until,
    with_intent_to_create,
    with_unanswered_creation,
)
from cellarhand.domain.reliability.backoff import retry_delay
from cellarhand.use_cases.crm.time_budget import OutOfTimeError, TimeBudget
from tests.fakes.outside import TIMERS
from tests.fakes.time import FakeClock

NOW = datetime(2026, 6, 6, 12, 0, tzinfo=UTC)


def customer(customer_id: str, *, active: bool = False, created: int = 0, modified: int = 0) -> Customer:
    held = Membership(club_id="g", club="Gold", status=MembershipStatus.ACTIVE)
    return Customer(
        customer_id=customer_id,
        memberships=(held,) if active else (),
        created_at=datetime(created, 1, 1, tzinfo=UTC) if created else None,
        modified_at=datetime(modified, 1, 1, tzinfo=UTC) if modified else None,
    )


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (customer("9", active=True, created=2020), customer("1", created=2010)),
        (customer("9", created=2010), customer("1", created=2020, modified=2026)),
        (customer("9", created=2010), customer("1", modified=2026)),
        (customer("9", modified=2026), customer("1", modified=2020)),
        (customer("9", modified=2020), customer("1")),
        (customer("9"), customer("10")),
        (customer("a"), customer("b")),
    ],
    ids=[
        "an active membership first",
        "then the oldest",
        "a known age before an unknown",
        "then the latest modified",
        "a known change before an unknown",
        "then the lowest number",
        "or the first by letters",
    ],
)
def test_which_of_two_records_is_the_guests(better: Customer, worse: Customer):
    assert best_first([worse, better]) == [better, worse]
    assert best_first([better, worse]) == [better, worse]


@given(
    st.lists(
        st.builds(
            customer,
            st.text("0123456789ab", min_size=1, max_size=3),
            active=st.booleans(),
            created=st.sampled_from([0, 2010, 2020]),
            modified=st.sampled_from([0, 2010, 2020]),
        ),
        unique_by=lambda found: found.customer_id,
        max_size=6,
    ),
    st.randoms(),
)
def test_the_crms_own_order_never_decides(found: list[Customer], random: Random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert best_first(shuffled) == best_first(found)


@pytest.mark.parametrize(
    ("failures", "jitter", "seconds"),
    [
        (1, 0, 10),
        (2, 0, 30),
        (3, 0, 120),
        (4, 0, 600),
        (5, 0, 3600),
        (500, 0, 3600),
        (1, 1, 12.5),
        (5, 0.5, 4050),
    ],
)
def test_how_long_a_failure_waits(failures: int, jitter: float, seconds: float):
    assert retry_delay(failures, jitter) == timedelta(seconds=seconds)


def test_a_claims_key_depends_on_tenant_and_address_alone():
    assert email_hash("one winery", "ada@example.com") == email_hash("one winery", "ada@example.com")
    assert email_hash("one winery", "ada@example.com") != email_hash("another", "ada@example.com")
    assert email_hash("one winery", "ada@example.com") != email_hash("one winery", "eda@example.com")


@pytest.mark.parametrize(
    ("after_seconds", "unknown", "waits_seconds"),
    [
        (0, False, 5),
        (59, False, 64),
        (60, False, 840),
        (0, True, 840),
        (839, True, 840),
        (840, True, None),
        (840, False, None),
    ],
)
def test_until_when_a_creation_in_the_air_is_waited_for(
    after_seconds: float, unknown: bool, waits_seconds: float | None
):
    claim = with_intent_to_create(CustomerClaim(tenant_id="oak", email_hash="x"), "r-1", NOW, TIMERS)
    claim = with_unanswered_creation(claim) if unknown else claim
    until = waits_until(claim, NOW + timedelta(seconds=after_seconds), TIMERS)
    assert until == (None if waits_seconds is None else NOW + timedelta(seconds=waits_seconds))


@pytest.mark.parametrize(
    ("passed", "look_up", "write"),
    [
        (0, 1.2, 2.7),
        (1, 1.2, 1.7),
        (1.45, 1.2, 1.25),
        (1.75, 0.95, None),
        (2.3, 0.4, None),
        (2.5, None, None),
    ],
)
def test_what_a_waiting_guests_three_seconds_allow(passed: float, look_up: float | None, write: float | None):
    clock = FakeClock()
    budget = TimeBudget.of_guest(clock)
    clock.advance(seconds=passed)
    for allowed, ask in ((look_up, budget.for_look_up), (write, budget.for_write)):
        if allowed is None:
            with pytest.raises(OutOfTimeError):
                ask()
        else:
            assert ask() == pytest.approx(allowed)
