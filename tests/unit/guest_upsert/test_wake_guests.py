"""Once the winery's login is mended, guests who waited for just that wait no longer than a minute."""

import json

import pytest

from functions.settings import app as settings
from tests.fakes.crm import Step
from tests.fakes.http import call
from tests.unit.guest_upsert.winery import GUEST, TENANT, Winery

WOKEN = json.dumps({"tenant_id": TENANT, "reservation_ids": [], "login_repaired": True})
LOGIN = {"username": "winery", "password": "a-new-password"}


def waiting_for_a_login(count: int, **changes: object) -> Winery:
    winery = Winery()
    winery.crm.always("*", Step.LOGIN_REFUSED)
    for number in range(count):
        guest = {**GUEST, "email": f"guest{number}@example.com"}
        winery.put(f"r-{number}", guest=guest, **changes)
    winery.crm.always("*", Step.NORMAL)
    winery.clock.advance(seconds=120)
    return winery


def deliver_everything(winery: Winery) -> None:
    left, winery.world.hints.left = winery.world.hints.left, []
    for hint in left:
        body = WOKEN if hint.queue == "login-mended" else winery.hint(*hint.reservation_ids)
        assert winery.receive(body) == []


@pytest.mark.parametrize(
    ("route", "parts"),
    [("PUT /v1/settings/credentials", {"body": LOGIN}), ("POST /v1/settings/test-login", {})],
)
def test_all_are_tried_at_once(route: str, parts: dict[str, object]):
    winery = waiting_for_a_login(3)
    winery.world.hints.left = []
    assert call(settings.lambda_handler, route, tenant=TENANT, **parts).status < 300
    deliver_everything(winery)
    deliver_everything(winery)
    assert {winery.record(f"r-{n}").customer.state for n in range(3)} == {"created"}


def test_who_could_not_pay_yet_is_woken_too():
    winery = waiting_for_a_login(1, paid=0)
    winery.receive(WOKEN)
    assert winery.due() == ["r-0"]


def test_who_waits_for_something_else_keeps_their_time():
    winery = Winery()
    winery.crm.always("*", Step.UNAVAILABLE)
    winery.put()
    before = winery.record()
    winery.receive(WOKEN)
    assert winery.record() == before


def test_a_visit_of_long_ago_keeps_its_own_next_attempt():
    winery = waiting_for_a_login(1, starts_at="2026-04-01T11:00")
    winery.receive(WOKEN)
    assert winery.due() == []


def test_what_there_is_no_time_for_is_not_begun():
    winery = waiting_for_a_login(1)
    assert winery.receive(WOKEN, seconds_left=5) == []
    assert winery.due() == []


def test_whoever_is_refused_again_waits_again():
    winery = waiting_for_a_login(1)
    winery.crm.always("*", Step.LOGIN_REFUSED)
    winery.receive(WOKEN)
    winery.do_what_is_due()
    assert winery.record("r-0").customer.reason == "crm_login_refused"
    assert winery.due() == []
