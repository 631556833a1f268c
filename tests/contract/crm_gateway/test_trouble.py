"""What callers hear when a CRM fails: never that something is not there, never that it is done."""

from collections.abc import Callable

import pytest

from cellarhand.domain.errors import CrmLoginRefusedError, CrmUnavailableError
from cellarhand.ports.crm import Connection, CrmGateway, Outcome, WriteResult
from tests.contract.crm_gateway.world import ADA, ORDER, PATIENCE, ZOE, Trouble, World, just_now

READS: dict[str, Callable[[CrmGateway], object]] = {
    "find by e-mail": lambda crm: crm.find_customers(email="ada@example.com", timeout=PATIENCE),
    "find by last name": lambda crm: crm.find_customers(last_name="Archer", timeout=PATIENCE),
    "get": lambda crm: crm.get_customer(ADA.customer_id, timeout=PATIENCE),
    "clubs": lambda crm: crm.list_clubs(timeout=PATIENCE),
    "contact types": lambda crm: crm.list_contact_types(timeout=PATIENCE),
    "skus": lambda crm: crm.list_skus(timeout=PATIENCE),
    "orders": lambda crm: crm.find_orders(ORDER.order_number, around=just_now(), timeout=PATIENCE),
    "all orders": lambda crm: crm.list_orders(around=just_now(), timeout=PATIENCE),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_a_read_from_a_crm_that_is_down_raises_unavailable(
    world: World, read: Callable[[CrmGateway], object]
):
    world.trouble(Trouble.DOWN)
    with pytest.raises(CrmUnavailableError):
        read(world.crm)


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_a_read_with_a_bad_login_raises_login_refused(world: World, read: Callable[[CrmGateway], object]):
    world.trouble(Trouble.LOGIN_REFUSED)
    with pytest.raises(CrmLoginRefusedError):
        read(world.crm)


def write_both(world: World, timeout: float) -> list[WriteResult]:
    crm = world.crm
    return [crm.upsert_customer(ZOE, timeout=timeout), crm.create_order(ORDER, timeout=timeout)]


def in_the_book(world: World) -> tuple[int, int]:
    """How many of the new customer, how many of the new order."""
    return world.customers_with_email(ZOE.email), len(world.orders())


@pytest.mark.parametrize(("trouble", "login_refused"), [(Trouble.DOWN, False), (Trouble.LOGIN_REFUSED, True)])
def test_a_write_that_never_got_there_is_not_done(world: World, trouble: Trouble, login_refused: bool):
    world.trouble(trouble)
    for result in write_both(world, PATIENCE):
        assert (result.outcome, result.login_refused) == (Outcome.NOT_DONE, login_refused)
        assert result.message
    world.recover()
    assert in_the_book(world) == (0, 0)


@pytest.mark.parametrize(
    ("trouble", "executed"),
    [(Trouble.REPLY_LOST, (1, 1)), (Trouble.REQUEST_LOST, (0, 0))],
)
def test_a_write_without_an_answer_is_unknown_executed_or_not(
    world: World, trouble: Trouble, executed: tuple[int, int]
):
    world.trouble(trouble)
    results = write_both(world, world.impatience)
    assert [(result.outcome, result.id) for result in results] == [(Outcome.UNKNOWN, None)] * 2
    world.recover()
    assert in_the_book(world) == executed


def test_an_order_whose_answer_was_lost_is_found_by_its_number(world: World):
    world.trouble(Trouble.REPLY_LOST)
    world.crm.create_order(ORDER, timeout=world.impatience)
    world.recover()
    assert len(world.crm.find_orders(ORDER.order_number, around=just_now(), timeout=PATIENCE)) == 1


def test_an_order_may_be_executed_after_its_caller_has_given_up(world: World):
    world.trouble(Trouble.LATE)
    assert world.crm.create_order(ORDER, timeout=world.impatience).outcome is Outcome.UNKNOWN
    world.recover()
    assert len(world.crm.find_orders(ORDER.order_number, around=just_now(), timeout=PATIENCE)) == 1


@pytest.mark.parametrize(
    ("trouble", "finding"),
    [(Trouble.DOWN, Connection.UNREACHABLE), (Trouble.LOGIN_REFUSED, Connection.LOGIN_REFUSED)],
)
def test_a_login_test_tells_trouble_apart(world: World, trouble: Trouble, finding: Connection):
    world.trouble(trouble)
    assert world.crm.test_connection(timeout=PATIENCE).connection is finding
