"""A sync run from start to end, judged by the CRM's own book of orders."""

from datetime import date
from threading import Barrier, Lock

import pytest

from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.orders.order import Order
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.domain.reservations.reservation import CustomerProgress, CustomerState
from cellarhand.domain.tenants.settings import CrmAllowance
from cellarhand.ports.crm import Connection, WriteResult
from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm, Step
from tests.unit.order_sync.given import LINKED, SKUS, TENANT, order, reservation
from tests.unit.order_sync.runner import Winery


def test_a_paid_reservation_becomes_exactly_one_order():
    winery = Winery()
    winery.keep(reservation(snapshot={"number": 77}))
    told = winery.sync()
    assert winery.orders == [order(number=77)]
    assert (told.state, told.counts, told.money) == ("done", {"synced": 1}, 8000)
    assert winery.order_of().crm_order_id == "order-1"


def test_running_twice_doubles_nothing():
    winery = Winery()
    winery.keep_many(3)
    winery.sync()
    winery.clock.advance(seconds=60)
    again = winery.sync()
    assert len(winery.orders) == 3
    assert (again.state, again.counts) == ("nothing_to_do", {})


def test_naming_a_synced_reservation_tells_that_it_is():
    winery = Winery()
    winery.keep(reservation())
    winery.sync()
    winery.clock.advance(seconds=60)
    told = winery.sync(Selection(reservation_ids=("r-1", "nobody")))
    assert told.results == {"r-1": ("synced", "already_synced"), "nobody": (None, "not_found")}
    assert (told.state, told.money, len(winery.orders)) == ("failed", 0, 1)


def test_each_reservation_left_out_has_its_reason():
    winery = Winery()
    winery.keep(
        reservation("good"),
        reservation("owes", snapshot={"paid": 0}),
        reservation("off", snapshot={"state": "cancelled"}),
        reservation("stranger", customer=CustomerProgress(state=CustomerState.NEEDS_ATTENTION)),
    )
    told = winery.sync()
    assert told.state == "done"
    assert told.reasons == {"balance_due": 1, "cancelled": 1, "customer_missing": 1}
    assert winery.order_of("owes").reason == "balance_due"


def test_a_selection_takes_only_what_it_names():
    winery = Winery()
    winery.keep(
        reservation("may", snapshot={"starts_at": "2026-05-31T11:00"}),
        reservation("june"),
        reservation("july", snapshot={"starts_at": "2026-07-01T11:00"}),
        reservation("other", snapshot={"event_id": "other"}),
    )
    selection = Selection(from_date=date(2026, 6, 1), to_date=date(2026, 6, 30), event_ids=("cellar",))
    assert set(winery.sync(selection).results) == {"june"}


def test_a_hundred_and_twenty_reservations_are_walked_page_by_page():
    winery = Winery()
    ids = winery.keep_many(120)
    told = winery.sync()
    assert told.counts == {"synced": 120}
    assert told.money == 120 * 8000
    assert set(told.results) == set(ids)
    assert len(set(winery.numbers)) == 120


class MeasuringCrm(InMemoryCrm):
    """Lets an order through only when `together` calls are in flight, and counts how many ever were."""

    def __init__(self, together: int) -> None:
        super().__init__(skus=SKUS)
        self._gate = Barrier(together)
        self._counting = Lock()
        self._in_flight = 0
        self.most_in_flight = 0

    def create_order(self, order: Order, *, timeout: float) -> WriteResult:
        with self._counting:
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
        self._gate.wait(timeout=10)
        try:
            return super().create_order(order, timeout=timeout)
        finally:
            with self._counting:
                self._in_flight -= 1


def test_the_window_is_used_in_full_and_never_overstepped():
    crm = MeasuringCrm(together=4)
    winery = Winery(threads=True, crm=crm, crm_allowance=CrmAllowance(orders=4))
    ids = winery.keep_many(120)
    told = winery.sync()
    assert told.counts == {"synced": 120}
    assert len(set(winery.numbers)) == len(winery.orders) == 120
    assert winery.states(ids) == {OrderState.SYNCED}
    assert crm.most_in_flight == 4


def test_the_guest_s_upsert_is_waited_for():
    winery = Winery()
    winery.keep(reservation(customer=CustomerProgress(state=CustomerState.PENDING)))
    run = winery.start()
    winery.drain()
    assert winery.orders == []
    assert not winery.run(run).is_over
    linked = winery.record().model_copy(update={"customer": LINKED})
    winery.ledger.save(linked)
    winery.drain_until_over(run)
    assert len(winery.orders) == 1


def test_the_sku_is_looked_up_before_anything_is_sent():
    winery = Winery(crm=InMemoryCrm(skus={"OTHER"}))
    winery.keep(reservation())
    assert winery.sync().reasons == {"sku_unknown_in_crm": 1}
    assert winery.crm.calls_of("create_order") == []


def cannot_list_skus(connection: Connection = Connection.WORKS) -> InMemoryCrm:
    return InMemoryCrm(connection=connection, capabilities=ALL_CAPABILITIES._replace(knows_skus=False))


def test_where_skus_cannot_be_listed_staff_must_have_confirmed_them():
    winery = Winery(crm=cannot_list_skus())
    winery.keep(reservation())
    assert winery.sync().reasons == {"sku_unconfirmed": 1}


def test_nothing_to_do_with_a_dead_login_is_a_failure():
    winery = Winery()
    winery.crm.always("list_skus", Step.LOGIN_REFUSED)
    assert winery.sync().state == "failed"


@pytest.mark.parametrize(
    "connection", [Connection.LOGIN_REFUSED, Connection.ACCOUNT_INACTIVE, Connection.OUR_CONFIGURATION]
)
def test_a_dead_login_is_found_where_skus_cannot_be_listed(connection: Connection):
    assert Winery(crm=cannot_list_skus(connection)).sync().state == "failed"


def test_a_winery_without_a_login_fails_its_run():
    winery = Winery()
    winery.outside.crm.without_login.add(TENANT)
    run = winery.start()
    winery.drain()
    assert winery.run(run).reason == "settings_incomplete"


def test_one_bad_record_never_stops_the_others():
    winery = Winery()
    winery.keep_many(3)
    broken = winery.record("r-002")
    linked_to_nobody = broken.model_copy(update={"customer": CustomerProgress(state=CustomerState.LINKED)})
    winery.ledger.save(linked_to_nobody)
    told = winery.sync()
    assert told.state == "partly_done"
    assert told.results["r-002"] == ("pending", "internal_error")
    assert len(winery.orders) == 2
    assert len(winery.failures) == 1


def test_the_engine_s_number_of_another_reservation_is_rejected_with_the_reason():
    winery = Winery()
    winery.keep(reservation("first", snapshot={"number": 5}), reservation("second", snapshot={"number": 5}))
    told = winery.sync()
    assert told.results["second"] == ("rejected", "order_number_taken")
    assert "first" in str(winery.order_of("second").message)
    assert winery.numbers == [5]


def test_own_numbers_step_over_what_an_engine_took():
    winery = Winery()
    winery.keep(reservation("a", snapshot={"number": 1_500_000_000}))
    winery.sync()
    winery.keep(reservation("b"))
    winery.clock.advance(seconds=1)
    winery.sync()
    assert winery.numbers == [1_500_000_000, 1_500_000_001]


def test_what_the_crm_refuses_waits_for_staff_with_its_words():
    winery = Winery()
    winery.keep_many(2)
    winery.crm.script("create_order", Step.REFUSED)
    told = winery.sync()
    assert told.counts == {"rejected": 1, "synced": 1}
    assert told.state == "partly_done"
    assert winery.order_of("r-001").message == "The CRM said no."


def test_the_number_s_prefix_stays_when_the_setting_changes():
    winery = Winery()
    winery.keep(reservation())
    winery.crm.script("create_order", Step.NOT_DONE)
    run = winery.start()
    winery.drain()
    assert winery.order_of().prefix == "CH-"
    changed = Winery(order_prefix="NEW-")
    changed.keep(winery.record().model_copy(update={"version": 0}))
    changed.sync()
    assert str(changed.orders[0].order_number).startswith("CH-")
    assert not winery.run(run).is_over


def test_an_event_without_settings_is_told():
    winery = Winery()
    winery.keep(reservation(snapshot={"event_id": "gone"}))
    assert winery.sync().reasons == {"event_unknown": 1}
