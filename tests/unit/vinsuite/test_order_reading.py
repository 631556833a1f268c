"""Reading an order back by its number, without missing one and without a search by number."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellarhand.adapters.crm.vinsuite.orders.windows import WindowReader
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError, Seen
from cellarhand.domain.errors import CrmUnavailableError, NotSupportedByCrmError
from cellarhand.domain.orders.order import FoundOrder, OrderNumber
from tests.unit.vinsuite.loopback import Loopback, answer
from tests.unit.vinsuite.replies import ORDER_ID, fault, gateway, success

NUMBER = OrderNumber(prefix="CH-", number=4711)
NOON = datetime(2026, 6, 9, 12, tzinfo=UTC)
AROUND = (NOON - timedelta(minutes=1), NOON)


def orders(*numbers: str) -> str:
    rows = "".join(
        f"<Order><OrderID>{ORDER_ID[:-1]}{index}</OrderID>{number}</Order>"
        for index, number in enumerate(numbers)
    )
    return success("GetOrders", f"<Orders>{rows}</Orders>")


def found(peer: Loopback, *numbers: str) -> list[FoundOrder]:
    peer.answers(answer(orders(*numbers)))
    return gateway(peer.url).find_orders(NUMBER, around=AROUND, timeout=5)


def apart(prefix: str, number: str) -> str:
    return f"<OrderNumberPrefix>{prefix}</OrderNumberPrefix><OrderNumber>{number}</OrderNumber>"


OURS = {
    "apart": (apart("CH-", "4711"), NUMBER),
    "apart in small letters": (apart("ch-", "4711"), NUMBER),
    "in one field": ("<OrderNumber>CH-4711</OrderNumber>", NUMBER),
    "without a prefix, so perhaps ours": ("<OrderNumber>4711</OrderNumber>", None),
}
FOREIGN = {
    "another prefix": apart("XX-", "4711"),
    "another number": apart("CH-", "47110"),
    "no number": "<OrderNumberPrefix>CH-</OrderNumberPrefix>",
    "the same text cut elsewhere": apart("CH-4", "711"),
    "another number in one field": "<OrderNumber>CH-14711</OrderNumber>",
    "nothing at all": "",
}


@pytest.mark.parametrize(("row", "number"), OURS.values(), ids=OURS.keys())
def test_an_order_that_may_be_ours_is_found(peer: Loopback, row: str, number: OrderNumber | None):
    assert [order.order_number for order in found(peer, row)] == [number]


@pytest.mark.parametrize("row", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_foreign_order_is_not(peer: Loopback, row: str):
    assert found(peer, row) == []


def test_all_orders_of_the_number_are_told(peer: Loopback):
    ours, other = apart("CH-", "4711"), apart("CH-", "1")
    peer.answers(answer(orders(ours, other, ours)), answer(orders(ours, other)), answer(orders("", ours)))
    assert len(gateway(peer.url).find_orders(NUMBER, around=AROUND, timeout=5)) == 2


def test_what_tells_orders_apart_is_read(peer: Loopback):
    row = (
        apart("CH-", "4711") + "<BillingEmail>Ann@Example.com</BillingEmail><Total>63.4300</Total>"
        "<RequestedShipDate>2026-06-09T00:00:00</RequestedShipDate>"
    )
    (order,) = found(peer, row)
    assert (order.email, order.total, order.pickup_date) == ("ann@example.com", 6343, date(2026, 6, 9))


def test_money_that_is_not_exact_is_no_answer(peer: Loopback):
    with pytest.raises(CrmUnavailableError):
        found(peer, apart("CH-", "4711") + "<Total>63.435</Total>")


def test_the_window_is_26_hours_wider_on_both_sides(peer: Loopback):
    found(peer)
    fields = peer.received[0].fields
    assert fields.value("DateModifiedFrom") == "2026-06-08T09:59:00.000"
    assert fields.value("DateModifiedTo") == "2026-06-10T14:00:00.000"


def test_without_such_a_call_it_is_said_that_orders_can_not_be_read(peer: Loopback):
    peer.answers(answer(fault("Client"), 500))
    crm = gateway(peer.url)
    with pytest.raises(NotSupportedByCrmError):
        crm.find_orders(NUMBER, around=AROUND, timeout=5)
    assert not crm.capabilities().finds_orders


def test_a_crash_says_nothing_about_the_call(peer: Loopback):
    peer.answers(answer(fault("Server"), 500))
    crm = gateway(peer.url)
    with pytest.raises(CrmUnavailableError):
        crm.find_orders(NUMBER, around=AROUND, timeout=5)
    assert crm.capabilities().finds_orders


def test_an_order_that_can_not_be_read_whole_is_listed_with_what_can(peer: Loopback):
    peer.answers(answer(orders("<Total>63.435</Total><RequestedShipDate>soon</RequestedShipDate>")))
    (order,) = gateway(peer.url).list_orders(around=AROUND, timeout=5)
    assert order.crm_order_id == f"{ORDER_ID[:-1]}0"
    assert (order.number, order.total, order.pickup_date) == (None, None, None)


def test_a_list_shorter_than_an_earlier_one_is_believed_at_once(peer: Loopback):
    three, two, one = ("",) * 3, ("",) * 2, ("",)
    peer.answers(*(answer(orders(*rows)) for rows in (three, two, one, two)))
    crm = gateway(peer.url)
    crm.list_orders(around=AROUND, timeout=5)
    assert len(peer.received) == 3
    assert len(crm.list_orders(around=AROUND, timeout=5)) == 2
    assert len(peer.received) == 4


DAY = timedelta(days=1)
SECONDS = st.lists(st.integers(0, 86_400), max_size=60, unique=True)
BURST = st.lists(st.integers(40_000, 40_060), max_size=40, unique=True)


class Book:
    """Orders by their times, listed up to a cap."""

    def __init__(self, times: list[datetime], cap: int = 1000, *, tells_times: bool = True) -> None:
        self.times = times
        self.cap = cap
        self.tells_times = tells_times
        self.reads = 0

    def read(self, begin: datetime, end: datetime) -> list[int]:
        self.reads += 1
        found = [number for number, time in enumerate(self.times) if begin <= time <= end]
        return found[: self.cap]

    def whole(self) -> set[int]:
        reader = WindowReader(self.read, lambda number: self.times[number] if self.tells_times else None, 2)
        return set(reader.whole(NOON, NOON + DAY))


def at(seconds: list[int]) -> list[datetime]:
    return [NOON + timedelta(seconds=second) for second in seconds]


@given(SECONDS | BURST, st.integers(min_value=2, max_value=70), st.booleans())
def test_a_hidden_cap_hides_no_order(seconds: list[int], cap: int, tells_times: bool):
    book = Book(at(seconds), cap, tells_times=tells_times)
    assert len(book.whole()) == len(seconds)


@given(SECONDS | BURST)
def test_without_a_cap_three_reads_are_enough(seconds: list[int]):
    book = Book(at(seconds))
    assert len(book.whole()) == len(seconds)
    assert book.reads <= (1 if len(seconds) < 2 else 3)


@pytest.mark.parametrize("tells_times", [True, False])
def test_orders_of_one_moment_are_believed(tells_times: bool):
    book = Book(at([3600] * 30), tells_times=tells_times)
    assert len(book.whole()) == 30


class HeavyBook(Book):
    """Whose longer lists are more than we take at once."""

    def read(self, begin: datetime, end: datetime) -> list[int]:
        found = super().read(begin, end)
        if len(found) > 20:
            raise CallFailedError(Seen.OVERSIZED, "too large")
        return found


@given(SECONDS, st.booleans())
def test_what_is_too_much_for_one_reply_is_read_in_parts(seconds: list[int], tells_times: bool):
    book = HeavyBook(at(seconds), tells_times=tells_times)
    assert len(book.whole()) == len(seconds)


def test_more_of_one_moment_than_one_reply_may_hold_is_no_answer():
    with pytest.raises(CallFailedError):
        HeavyBook(at([3600] * 30)).whole()


def test_more_orders_of_one_moment_than_are_listed_is_no_answer():
    with pytest.raises(CallFailedError):
        Book(at([3600] * 9 + [7200] * 9), cap=5).whole()
