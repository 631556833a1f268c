"""Orders, as every CRM must take them and give them back."""

from cellarhand.domain.orders.order import OrderNumber
from cellarhand.ports.crm import Outcome
from tests.contract.crm_gateway.world import ORDER, PATIENCE, World, just_now

IN_THE_BOOK = ("CH-4711", "ada@example.com", 6343)


def test_an_order_stands_in_the_book_once(world: World):
    result = world.crm.create_order(ORDER, timeout=PATIENCE)
    assert (result.outcome, result.message, result.login_refused) == (Outcome.DONE, None, False)
    assert result.id
    assert world.orders() == [IN_THE_BOOK]


def test_an_order_is_found_by_its_number_with_all_that_tells_it_apart(world: World):
    created = world.crm.create_order(ORDER, timeout=PATIENCE)
    (found,) = world.crm.find_orders(ORDER.order_number, around=just_now(), timeout=PATIENCE)
    assert (found.crm_order_id, found.order_number) == (created.id, ORDER.order_number)
    assert (found.email, found.total, found.pickup_date) == ("ada@example.com", 6343, ORDER.pickup_date)


def test_no_order_is_found_by_another_number(world: World):
    world.crm.create_order(ORDER, timeout=PATIENCE)
    for number in (OrderNumber(prefix="CH-", number=471), OrderNumber(prefix="XX-", number=4711)):
        assert world.crm.find_orders(number, around=just_now(), timeout=PATIENCE) == []


def test_a_repeated_number_is_refused_or_both_orders_are_found(world: World):
    results = [world.crm.create_order(ORDER, timeout=PATIENCE).outcome for _ in range(2)]
    found = world.crm.find_orders(ORDER.order_number, around=just_now(), timeout=PATIENCE)
    refuses = world.crm.capabilities().refuses_repeated_order_numbers
    assert results == [Outcome.DONE, Outcome.REFUSED if refuses else Outcome.DONE]
    assert len(found) == len(world.orders()) == (1 if refuses else 2)


def test_all_orders_of_a_window_are_listed_each_once(world: World):
    numbers = [OrderNumber(prefix=prefix, number=number) for prefix in ("CH-", "") for number in (4711, 4712)]
    for number in numbers:
        world.crm.create_order(ORDER.model_copy(update={"order_number": number}), timeout=PATIENCE)
    listed = world.crm.list_orders(around=just_now(), timeout=PATIENCE)
    assert sorted(order.number or "" for order in listed) == ["4711", "4712", "CH-4711", "CH-4712"]
    assert len({order.crm_order_id for order in listed}) == 4


def test_a_listed_order_stands_as_it_was_sent(world: World):
    created = world.crm.create_order(ORDER, timeout=PATIENCE)
    (listed,) = world.crm.list_orders(around=just_now(), timeout=PATIENCE)
    assert (listed.crm_order_id, listed.number) == (created.id, "CH-4711")
    assert (listed.email, listed.total, listed.pickup_date) == ("ada@example.com", 6343, ORDER.pickup_date)


def test_a_crm_without_orders_lists_none(world: World):
    assert world.crm.list_orders(around=just_now(), timeout=PATIENCE) == []
