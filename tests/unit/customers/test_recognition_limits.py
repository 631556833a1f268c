"""Addresses can't be tried out: how often guests may be asked for, through the real handlers."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from cellarhand.bootstrap import customers
from cellarhand.bootstrap.outside import Outside
from cellarhand.domain.errors import StaleRecordError, StorageUnavailableError, TooManyRequestsError
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reliability.rate_limit import RateLimitRecord
from cellarhand.domain.tenants.access_key import Caller, Role
from cellarhand.domain.tenants.settings import RecognitionLimits, Settings
from cellarhand.domain.tenants.tenant import Provider, TenantRecord
from cellarhand.use_cases.customers.limit_lookups import LimitLookups
from cellarhand.use_cases.tenants.read_tenant import settings_record, tenant_record
from functions.customer_lookup import app as lookup
from functions.discount_evaluation import app as evaluation
from tests.fakes.http import TENANT, Answered, call
from tests.fakes.outside import FakeOutside
from tests.fakes.tenants import offer

SEARCH = "POST /v1/customers/search"
ONE = "GET /v1/customers/{customer_id}"
QUOTE = "POST /v1/discounts/evaluate"
EMAIL = "anna.berg@example.com"
ENGINE = Caller(key_id="enginekey", role=Role.ENGINE, tenant_id=TENANT)


@pytest.fixture(autouse=True)
def world(outside: FakeOutside) -> FakeOutside:
    offer(outside.settings, "tasting")
    return outside


def _limit(outside: Outside, **limits: int) -> None:
    before = settings_record(outside.settings, TENANT)
    decided = Settings(recognition_limits=RecognitionLimits(**limits))
    outside.settings.save(before.model_copy(update={"settings": decided}))


def _search(email: str = EMAIL, role: Role = Role.ENGINE, tenant: str = TENANT) -> Answered:
    return call(lookup.lambda_handler, SEARCH, role=role, tenant=tenant, body={"email": email})


def _quote(guest: dict[str, str] | None = None, *, anonymous: bool = False) -> Answered:
    visit = {"event_id": "tasting", "starts_at": "2026-06-20T14:00", "party_size": 2, "channel": "widget"}
    body = visit | ({"guest": guest} if guest else {})
    return call(evaluation.lambda_handler, QUOTE, role=Role.ENGINE, body=body, anonymous=anonymous)


def _counted(outside: FakeOutside) -> list[RateLimitRecord]:
    return outside.ledger.list_records(RateLimitRecord, tenant_partition(TENANT), "RATE#").items


def test_one_address_is_asked_for_so_often_a_minute_whatever_the_way(world: FakeOutside):
    _limit(world, per_guest=3)
    ways = [_search(), _quote({"email": f" {EMAIL.upper()}"}), _quote({"email": EMAIL}, anonymous=True)]
    assert [answer.status for answer in ways] == [200, 200, 200]
    refused = _quote({"email": EMAIL}, anonymous=True)
    assert (refused.status, refused.body["code"]) == (429, "too_many_requests")
    assert (refused.body["who_acts"], refused.headers["retry-after"]) == ("nobody", "60")
    assert _search().status == 429
    assert _search("other@example.com").status == 200


def test_after_a_minute_it_goes_on(world: FakeOutside):
    _limit(world, per_guest=1)
    world.clock.advance(seconds=45)
    assert [_search().status, _search().status] == [200, 429]
    assert _search().headers["retry-after"] == "15"
    world.clock.advance(seconds=15)
    assert _search().status == 200


def test_an_id_is_an_address_to_be_tried_too(world: FakeOutside):
    _limit(world, per_guest=1)
    assert _quote({"customer_id": "7"}).status == 200
    assert call(lookup.lambda_handler, ONE, role=Role.ENGINE, path={"customer_id": "7"}).status == 429


def test_a_key_asks_for_so_many_guests_a_minute(world: FakeOutside):
    _limit(world, per_key=5)
    asked = [_search(f"guest-{number}@example.com").status for number in range(7)]
    assert asked == [200] * 5 + [429] * 2
    assert _search(role=Role.STAFF).status == 200, "another key has its own"
    assert _search(tenant="birch-hill").status == 200


def test_a_quote_that_names_nobody_is_never_refused_and_writes_nothing_but_itself(world: FakeOutside):
    _limit(world, per_key=1, per_guest=1)
    assert [_quote().status for _ in range(3)] == [200] * 3
    assert _counted(world) == []


def test_a_winery_without_a_crm_recognises_nobody_and_counts_nobody(world: FakeOutside):
    tenant: TenantRecord = tenant_record(world.settings, TENANT)
    world.settings.save(tenant.model_copy(update={"provider": Provider.NONE}))
    _limit(world, per_guest=1)
    assert [_quote({"email": EMAIL}).status for _ in range(3)] == [200] * 3
    assert _counted(world) == []


def test_what_is_counted_names_nobody_and_vanishes(world: FakeOutside):
    _search()
    assert EMAIL not in repr(vars(world.ledger))
    assert [record.subject[:6] for record in _counted(world)] == ["guest:"]
    world.clock.advance(seconds=60)
    assert _counted(world) == []


def test_a_request_that_names_a_guest_costs_one_write_and_one_in_ten_for_its_key(world: FakeOutside):
    _search("warm.up@example.com")
    before = len(world.ledger.writes)
    for number in range(100):
        assert _search(f"guest-{number}@example.com").status == 200
    assert len(world.ledger.writes) - before == 100 + 10


def test_a_request_that_its_key_may_not_make_writes_nothing_and_asks_nobody(world: FakeOutside):
    _limit(world, per_key=1)
    _search()
    writes, calls = len(world.ledger.writes), len(world.crm.crm.calls)
    assert [_search(f"guest-{number}@example.com").status for number in range(10)] == [429] * 10
    assert (len(world.ledger.writes), len(world.crm.crm.calls)) == (writes, calls)


def test_a_guest_who_may_not_be_asked_for_costs_the_key_alone(world: FakeOutside):
    _limit(world, per_guest=1, per_key=20)
    _search()
    calls = len(world.crm.crm.calls)
    assert [_search().status for _ in range(9)] == [429] * 9
    assert len(world.crm.crm.calls) == calls
    assert {record.subject[:4]: record.count for record in _counted(world)} == {"gues": 1, "key:": 10}


def test_refusals_are_counted(world: FakeOutside):
    _limit(world, per_guest=1)
    _search()
    _search()
    assert world.metrics.total("LookUps", outcome="too_many_requests") == 1


def test_a_ledger_that_fails_stops_no_guest(world: FakeOutside, monkeypatch: pytest.MonkeyPatch):
    def down(*_: object) -> Any:
        raise StorageUnavailableError("The store does not answer.")

    limit = customers.limit_lookups()
    monkeypatch.setattr(world.ledger, "get", down)
    limit(ENGINE, TENANT, EMAIL)


def _processes(world: FakeOutside, number: int) -> Iterator[LimitLookups]:
    for _ in range(number):
        yield LimitLookups(world.settings, world.ledger, world.clock, world.metrics)


def _allowed(process: LimitLookups, guest: str) -> bool:
    try:
        process(ENGINE, TENANT, guest)
    except TooManyRequestsError:
        return False
    return True


def test_processes_share_the_count_of_a_guest(world: FakeOutside):
    _limit(world, per_guest=4)
    asked = [_allowed(process, EMAIL) for process in _processes(world, 6)]
    assert asked == [True] * 4 + [False] * 2


def test_processes_exceed_the_limit_of_a_key_by_less_than_a_bundle_each(world: FakeOutside):
    _limit(world, per_key=600)
    processes = list(_processes(world, 8))
    passed = sum(_allowed(processes[n % 8], f"guest-{n}") for n in range(1_000))
    assert 600 <= passed < 600 + 8 * 10


def test_many_at_once_for_one_guest_are_never_more_than_allowed(world: FakeOutside):
    _limit(world, per_guest=5)
    passed: list[bool] = []

    def ask(process: LimitLookups) -> None:
        passed.append(_allowed(process, EMAIL))

    threads = [threading.Thread(target=ask, args=(process,)) for process in _processes(world, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= sum(passed) <= 5


def test_a_count_that_is_always_lost_to_others_refuses_a_guest_but_no_key(
    world: FakeOutside, monkeypatch: pytest.MonkeyPatch
):
    def too_late(record: RateLimitRecord) -> RateLimitRecord:
        if record.subject.startswith(subject):
            raise StaleRecordError("changed meanwhile")
        return record

    _limit(world, per_key=1)
    monkeypatch.setattr(world.ledger, "save", too_late)
    [process, another] = _processes(world, 2)
    subject = "key:"
    assert _allowed(process, EMAIL)
    subject = "guest:"
    assert not _allowed(another, EMAIL)
