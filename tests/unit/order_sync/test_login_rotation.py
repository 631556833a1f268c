"""A CRM password that changes while a run is under way, and one that stays wrong."""

from collections.abc import Iterator
from typing import Any

import pytest

from cellarhand.bootstrap import order_sync, tenants
from cellarhand.bootstrap.outside import outside, run_in
from cellarhand.domain.orders.order import Order
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.crm import CrmGateway, CrmLogin, Outcome, WriteResult
from tests.fakes.crm import InMemoryCrm
from tests.fakes.outside import FakeCrmGateways, FakeCrmLogins
from tests.unit.order_sync.given import SKUS, TENANT
from tests.unit.order_sync.runner import STAFF, TimeLeft, Winery


class Door:
    """Fills `CrmGateway` with one login: lets orders through while the CRM takes its password."""

    def __init__(self, crm: "GuardedBook", login: CrmLogin) -> None:
        self._crm = crm
        self._login = login

    def create_order(self, order: Order, *, timeout: float) -> WriteResult:
        if self._crm.password != self._login.password:
            self._crm.refused_versions.append(self._login.version)
            return WriteResult(Outcome.NOT_DONE, message="Bad login.", login_refused=True)
        return self._crm.create_order(order, timeout=timeout)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crm, name)


class GuardedBook(InMemoryCrm):
    """A CRM behind a password. `change_at`: with so many orders in its book somebody changes it."""

    def __init__(self, change_at: int) -> None:
        super().__init__(skus=SKUS)
        self.password = "old"
        self.change_at = change_at
        self.refused_versions: list[str] = []

    def create_order(self, order: Order, *, timeout: float) -> WriteResult:
        done = super().create_order(order, timeout=timeout)
        if len(self.orders) == self.change_at:
            self.password = "new"
        return done


class Doors(FakeCrmGateways):
    """A gateway with the login of the moment."""

    def __init__(self, book: GuardedBook, logins: FakeCrmLogins) -> None:
        super().__init__(book)
        self._book = book
        self._logins = logins

    def of(self, tenant: TenantRecord) -> CrmGateway:
        login = self._logins.read(tenant.tenant_id)
        assert login is not None
        return Door(self._book, login)


class SlowToNotice(FakeCrmLogins):
    """Keeps a login until it is read past the cache, as a process does for minutes."""

    def __init__(self) -> None:
        super().__init__()
        self._known: CrmLogin | None = None

    def read(self, tenant_id: str, *, fresh: bool = False) -> CrmLogin | None:
        if fresh or self._known is None:
            self._known = super().read(tenant_id, fresh=fresh)
        return self._known


@pytest.fixture
def winery() -> Iterator[Winery]:
    made = Winery(threads=True, crm=GuardedBook(change_at=20))
    made.outside.logins = SlowToNotice()
    made.outside.logins.write(TENANT, "valley", "old")
    made.outside.crm = Doors(book(made), made.outside.logins)
    run_in(made.outside)
    yield made
    run_in(None)


def book(winery: Winery) -> GuardedBook:
    assert isinstance(winery.crm, GuardedBook)
    return winery.crm


def drain() -> None:
    order_sync.process_runs()(TENANT, TimeLeft())


def test_a_password_that_is_changed_in_both_places_stops_no_run(winery: Winery):
    winery.keep_many(60)
    run = winery.start()
    assert outside().logins.read(TENANT) is not None
    winery.outside.logins.write(TENANT, "valley", "new")
    for _ in range(3):
        drain()
        winery.clock.advance(seconds=15)
    at_once = 2
    assert len(book(winery).refused_versions) <= at_once
    assert set(book(winery).refused_versions) == {"1"}
    assert winery.told(run).counts == {"synced": 60}
    assert len(winery.orders) == 60


def test_a_password_that_stays_wrong_fails_the_run_and_is_not_tried_in_a_loop(winery: Winery):
    winery.keep_many(60)
    run = winery.start()
    for _ in range(10):
        drain()
        winery.clock.advance(seconds=60)
    assert winery.run(run).reason == "crm_login_refused"
    assert len(book(winery).refused_versions) <= 2
    tenants.manage_settings().keep_login(TENANT, STAFF, "valley", "new")
    again = winery.start()
    for _ in range(3):
        drain()
        winery.clock.advance(seconds=15)
    assert winery.told(again).state == "done"
    assert len(winery.orders) == 60
