"""VinSuite fails in every way it can during fifty reservations. The judge is VinSuite's own book."""

from collections import Counter
from collections.abc import Iterator

import pytest

from operations.stack_tables import tables_of
from operations.support_key import make_support_key
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.winery.clients import Cellarhand
from sandbox.winery.stack import LocalStack
from tests.e2e.fault_run import bookings as fifty
from tests.e2e.fault_run import plan, wineries
from tests.e2e.fault_run.bookings import Booking
from tests.e2e.fault_run.course import until_everybody_is_known, until_everything_is_synced
from tests.e2e.fault_run.repeated_order import repeat_an_order

pytestmark = pytest.mark.emulator

_DEAD_LETTERS = (
    "CustomerUpsertRetryDeadLettersUrl",
    "OrderSyncDeadLettersUrl",
    "SyncScheduleDeadLettersUrl",
    "ClockDeadLettersUrl",
)


@pytest.fixture(scope="module")
def simulator(local_stack: LocalStack) -> Iterator[RemoteSimulator]:
    with RemoteSimulator(local_stack.vinsuite_url) as simulator:
        simulator.clear_faults()
        yield simulator
        simulator.clear_faults()


@pytest.fixture(scope="module")
def run(local_stack: LocalStack, simulator: RemoteSimulator) -> list[Booking]:
    """Fifty reservations through every fault, to the end."""
    key = make_support_key(tables_of(local_stack.outputs), "fault run")
    support = Cellarhand(local_stack.api_url, key)
    for name in wineries.NAMES:
        simulator.seed(name, wineries.seed(name))
    bookings = fifty.of([wineries.onboard(support, name) for name in wineries.NAMES])
    simulator.set_faults(*plan.while_booking(), behaviours=plan.BEHAVIOURS)
    fifty.book(bookings)
    strangers = until_everybody_is_known(bookings, seconds=420)
    assert not strangers, [(b.reservation_id, b.state()["customer"]) for b in strangers]
    simulator.set_faults(*plan.while_syncing(), behaviours=plan.BEHAVIOURS)
    left = until_everything_is_synced(bookings, seconds=420)
    assert not left, [(b.reservation_id, b.state()["order"]) for b in left]
    return bookings


def test_no_reservation_is_lost(run: list[Booking], simulator: RemoteSimulator) -> None:
    ordered = {name: _order_numbers(simulator, name) for name in wineries.NAMES}
    missing = [b.reservation_id for b in run if f"CH-{b.number}" not in ordered[b.winery.name]]
    assert len(run) == 50
    assert missing == []


def test_no_reservation_has_a_second_order(run: list[Booking], simulator: RemoteSimulator) -> None:
    for name in wineries.NAMES:
        assert len(_order_numbers(simulator, name)) == fifty.PER_WINERY
        assert set(_order_numbers(simulator, name).values()) == {1}


def test_no_guest_has_a_second_customer(run: list[Booking], simulator: RemoteSimulator) -> None:
    for name in wineries.NAMES:
        emails = Counter(member.email for member in simulator.book(name).members)
        assert set(emails) == {booking.email for booking in run if booking.winery.name == name}
        assert set(emails.values()) == {1}


def test_every_order_is_the_guests_own_to_the_cent(run: list[Booking], simulator: RemoteSimulator) -> None:
    for name in wineries.NAMES:
        book = simulator.book(name)
        member_of = {member.email: member.member_id for member in book.members}
        orders = {order.displayed_number: order for order in book.orders}
        for booking in (booking for booking in run if booking.winery.name == name):
            order = orders[f"CH-{booking.number}"]
            assert order.member_id == member_of[booking.email]
            assert order.payload.total is not None
            assert round(order.payload.total * 100) == booking.snapshot["total"]


def test_every_fault_fired_often_enough(run: list[Booking], simulator: RemoteSimulator) -> None:
    fired = simulator.fired()
    rare = {kind: fired.get(kind, 0) for kind in plan.dosed_kinds()}
    assert {kind: times for kind, times in rare.items() if times < plan.MIN_FIRED} == {}


def test_a_repeated_order_number_would_have_been_seen(run: list[Booking], simulator: RemoteSimulator) -> None:
    assert simulator.fired().get("refused_duplicates", 0) == 0
    simulator.set_faults({"kind": "refused_duplicates"}, behaviours=plan.BEHAVIOURS)
    for _ in range(plan.MIN_FIRED):
        repeat_an_order(simulator, run[0])
    assert simulator.fired()["refused_duplicates"] == plan.MIN_FIRED


def test_a_failing_crm_leaves_every_dead_letter_queue_empty(
    run: list[Booking], local_stack: LocalStack
) -> None:
    sqs = local_stack.client("sqs")
    depth = "ApproximateNumberOfMessages"
    for output in _DEAD_LETTERS:
        queue = local_stack.outputs[output]
        found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[depth])["Attributes"]
        assert (output, int(found[depth])) == (output, 0)


def _order_numbers(simulator: RemoteSimulator, winery: str) -> Counter[str]:
    return Counter(order.displayed_number for order in simulator.book(winery).orders)
