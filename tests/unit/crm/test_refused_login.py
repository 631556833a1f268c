"""A refused login is never tried in a loop: an account that is tried too often gets locked."""

from collections.abc import Iterator

import pytest

from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.customers.customer import CustomerData
from cellarhand.domain.errors import CrmLoginRefusedError, CrmUnavailableError
from cellarhand.ports.crm import Outcome
from functions.settings import app
from tests.fakes.crm import Step
from tests.fakes.http import TENANT, call
from tests.unit.crm.sick_crm import World, ask

GUEST = CustomerData(email="anna@example.com", last_name="Berg")
LOGIN = {"username": "winery", "password": "a-new-password"}


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    run_in(world.outside)
    world.outside.logins.write(TENANT, "winery", "an-old-password")
    yield world
    run_in(None)


def is_refused(world: World) -> bool:
    """As a process that knows nothing yet is told."""
    try:
        ask(world.process())
    except CrmLoginRefusedError:
        return True
    return False


def test_one_refusal_is_enough_for_all_processes(world: World):
    world.crm.always("*", Step.LOGIN_REFUSED)
    assert [is_refused(world) for _ in range(10)] == [True] * 10
    assert len(world.crm.calls) == 1


def test_a_day_of_guests_at_a_winery_with_a_wrong_password_is_thirty_tries_at_most(world: World):
    world.crm.always("*", Step.LOGIN_REFUSED)
    for _ in range(24 * 60):
        assert is_refused(world)
        world.outside.clock.advance(seconds=60)
    assert 24 <= len(world.crm.calls) <= 30


@pytest.mark.parametrize(
    "mended_by",
    [
        ("PUT /v1/settings/credentials", {"body": LOGIN}),
        ("POST /v1/settings/test-login", {}),
    ],
    ids=["a new login", "a test of the login that works"],
)
def test_what_mends_it_is_in_force_at_once(world: World, mended_by: tuple[str, dict[str, object]]):
    world.crm.always("*", Step.LOGIN_REFUSED)
    for _ in range(4):
        is_refused(world)
        world.outside.clock.advance(seconds=700)
    world.crm.always("*", Step.NORMAL)
    route, parts = mended_by
    assert call(app.lambda_handler, route, **parts).status < 300
    assert not is_refused(world)


def test_a_test_of_the_login_that_fails_changes_nothing(world: World):
    world.crm.always("*", Step.LOGIN_REFUSED)
    is_refused(world)
    call(app.lambda_handler, "POST /v1/settings/test-login")
    world.crm.calls.clear()
    assert is_refused(world)
    assert world.crm.calls == []


def test_a_refusal_of_a_login_that_was_changed_meanwhile_locks_nobody_out(world: World):
    used = world.outside.logins.read(TENANT)
    world.outside.logins.write(TENANT, "winery", "a-new-password")
    remembered = [used]

    def read(tenant_id: str, *, fresh: bool = False) -> object:
        if fresh:
            remembered.clear()
        return remembered[0] if remembered else kept(tenant_id)

    kept = world.outside.logins.read
    world.outside.logins.read = read  # type: ignore[method-assign, assignment]
    world.crm.script("find_customers", Step.LOGIN_REFUSED)
    with pytest.raises(CrmUnavailableError):
        ask(world.process())
    assert not is_refused(world)


def test_while_all_is_well_a_new_login_writes_nothing_of_the_breaker(world: World):
    call(app.lambda_handler, "PUT /v1/settings/credentials", body=LOGIN)
    assert world.outside.ledger.writes == []


def test_a_write_with_an_outdated_login_is_not_done_and_may_be_sent_again(world: World):
    crm = world.process()
    world.outside.logins.write(TENANT, "winery", "a-new-password")
    world.crm.script("upsert_customer", Step.LOGIN_REFUSED)
    outdated = crm.upsert_customer(GUEST, timeout=1)
    assert (outdated.outcome, outdated.login_refused) == (Outcome.NOT_DONE, False)
    assert crm.upsert_customer(GUEST, timeout=1).outcome is Outcome.DONE


def test_the_new_login_is_fetched_once_for_all_that_were_refused_with_the_old_one(world: World):
    crm = world.process()
    world.outside.logins.write(TENANT, "winery", "a-new-password")
    world.crm.always("upsert_customer", Step.LOGIN_REFUSED)
    inner: list[bool] = []

    def another_in_flight(_: str) -> None:
        if not inner:
            inner.append(True)
            inner.append(crm.upsert_customer(GUEST, timeout=1).login_refused)

    world.crm._before_call = another_in_flight
    assert not crm.upsert_customer(GUEST, timeout=1).login_refused
    assert inner == [True, False]
    assert world.outside.logins.fresh == [TENANT]
    assert not is_refused(world)


def test_a_login_refused_for_good_is_reported_and_left_alone(world: World):
    crm = world.process()
    world.crm.always("*", Step.LOGIN_REFUSED)
    for _ in range(5):
        assert crm.upsert_customer(GUEST, timeout=1).login_refused
    assert world.refusals == [TENANT]
    assert len(world.crm.calls) == 1
