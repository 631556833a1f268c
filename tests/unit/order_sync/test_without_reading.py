"""A CRM that can't be searched for an order: what is unknown is sent again, or is a person's case."""

from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm, Step
from tests.unit.order_sync.given import SKUS, TENANT, replaced, snapshot
from tests.unit.order_sync.runner import STAFF, winery_with


def blind(**capabilities: bool) -> InMemoryCrm:
    """A CRM that refuses a number that it has, and shows no orders."""
    known = {"finds_orders": False, "refuses_repeated_order_numbers": True, **capabilities}
    return InMemoryCrm(skus=SKUS, capabilities=ALL_CAPABILITIES._replace(**known))


def test_a_crm_that_cannot_be_searched_leaves_the_unknown_to_a_person():
    winery = winery_with(Step.UNKNOWN_EXECUTED, crm=blind(refuses_repeated_order_numbers=False))
    assert winery.sync().results == {"r-1": ("review", "outcome_unknown")}
    assert len(winery.orders) == 1


def test_a_crm_that_refuses_repeats_is_sent_the_unknown_again():
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED, Step.UNKNOWN_NOT_EXECUTED, crm=blind())
    assert winery.sync().results == {"r-1": ("synced", None)}
    assert (len(winery.orders), winery.order_of().crm_order_id) == (1, "order-1")


def test_a_number_that_exists_by_then_is_most_likely_ours_and_a_person_names_the_order():
    winery = winery_with(Step.UNKNOWN_EXECUTED, crm=blind())
    assert winery.sync().results == {"r-1": ("review", "number_exists")}
    assert winery.outside.metrics.total("Orders", outcome="review") == 1
    winery.decisions().settle_review(STAFF, TENANT, "r-1", "it_is_there", "seen-1")
    assert (len(winery.orders), winery.order_of().sent) == (1, winery.orders[0])


def test_what_has_changed_meanwhile_is_not_in_the_order_that_is_sent_again():
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED, crm=blind())
    run = winery.start()
    winery.drain()
    winery.ledger.save(replaced(winery.record(), snapshot(sequence=2, party_size=3)))
    winery.drain_until_over(run)
    assert [order.total for order in winery.orders] == [8000]
    assert winery.record().locked_after_sync


def test_a_call_off_while_unknown_is_sent_again_to_nobody():
    winery = winery_with(Step.UNKNOWN_EXECUTED, crm=blind())
    run = winery.start()
    winery.drain()
    cancelled = snapshot(sequence=2, state="cancelled")
    winery.ledger.save(replaced(winery.record(), cancelled))
    winery.drain_until_over(run)
    assert winery.told(run).results == {"r-1": ("review", "outcome_unknown")}
    assert len(winery.crm.calls_of("create_order")) == 1


def test_three_unknown_sends_are_enough():
    winery = winery_with(*[Step.UNKNOWN_NOT_EXECUTED] * 9, crm=blind())
    assert winery.sync().results == {"r-1": ("review", "outcome_unknown")}
    assert len(winery.crm.calls_of("create_order")) == 3


def test_a_repeat_that_certainly_was_not_executed_costs_no_attempt():
    steps = [Step.UNKNOWN_NOT_EXECUTED, Step.NOT_DONE, Step.NOT_DONE, Step.NOT_DONE, Step.NORMAL]
    winery = winery_with(*steps, crm=blind())
    assert winery.sync().results == {"r-1": ("synced", None)}


def test_a_repeat_that_is_refused_in_unknown_words_stays_unknown():
    winery = winery_with(Step.UNKNOWN_NOT_EXECUTED, Step.REFUSED, Step.NORMAL, crm=blind())
    assert winery.sync().results == {"r-1": ("synced", None)}


def test_what_staff_have_sent_again_is_not_rejected_for_the_number_that_exists_by_then():
    steps = (Step.UNKNOWN_NOT_EXECUTED, Step.UNKNOWN_NOT_EXECUTED, Step.UNKNOWN_EXECUTED)
    winery = winery_with(*steps, crm=blind())
    assert winery.sync().results == {"r-1": ("review", "outcome_unknown")}
    winery.decisions().settle_review(STAFF, TENANT, "r-1", "send_again", None)
    assert winery.sync().results == {"r-1": ("review", "number_exists")}
    assert len(winery.orders) == 1
