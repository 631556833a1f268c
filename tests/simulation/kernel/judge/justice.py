"""Safety: what may never be in a CRM's book, whatever has gone wrong and however often.

Never two orders of one reservation, never two customers of one address made by us, never an order that no
accepted snapshot justifies, never a cent that does not add up, never anything of another winery's, never
more orders on their way than the winery allows.
"""

from collections import Counter
from collections.abc import Iterator

from cellarhand.domain.tenants.settings import CrmAllowance
from tests.simulation.kernel.judge.crm_book import CrmBook, Sent
from tests.simulation.kernel.people.told import Told
from tests.simulation.kernel.people.workflow import Scene

ORDERS_AT_ONCE = CrmAllowance().orders


def safety(scene: Scene) -> Iterator[str]:
    """What is wrong in the books; and whatever our own code failed on."""
    for tenant_id, book in scene.world.crms.items():
        told = [each for each in scene.engine.told if each.tenant_id == tenant_id]
        yield from _doubled(book, told)
        yield from _strangers(book, told)
        yield from _miswritten(book)
        if book.most_waiting > ORDERS_AT_ONCE:
            yield f"{book.most_waiting} orders of {tenant_id} were on their way at once"
        for sent in book.sent:
            if not _is_justified(told, sent, scene.world.timers.sending):
                yield f"order {sent.order.order_number} was sent at {sent.at:.0f} without a reason"
    yield from (f"failure of ours: {failure}" for failure in scene.world.log.failures)


def _doubled(book: CrmBook, told: list[Told]) -> Iterator[str]:
    orders = [came.order for came in book.came]
    numbers = Counter(order.order_number for order in orders)
    yield from (f"{n} orders under {number}" for number, n in numbers.items() if n > 1)
    for reservation_id in {each.reservation_id for each in told}:
        snapshots = [each for each in told if each.reservation_id == reservation_id]
        number = sum(any(each.is_of(order) for each in snapshots) for order in orders)
        if number > 1:
            yield f"{number} orders of {reservation_id}"
    emails = Counter(customer.email for customer in book.customers)
    yield from (f"{n} customers of {email}" for email, n in emails.items() if n > 1)


def _strangers(book: CrmBook, told: list[Told]) -> Iterator[str]:
    for order, _ in book.came:
        if not any(each.is_of(order) for each in told):
            yield f"order {order.order_number} is of no reservation of this winery"
    for customer in book.customers:
        if customer.email not in {each.guest for each in told}:
            yield f"{customer.email} is no guest of this winery"


def _miswritten(book: CrmBook) -> Iterator[str]:
    """Orders that do not add up, of another's customer, or of what this winery does not sell."""
    emails = {customer.customer_id: customer.email for customer in book.customers}
    for order, _ in book.came:
        lines = sum(line.quantity * line.unit_price for line in order.lines)
        if not lines == order.sub_total == order.total - order.taxes:
            yield f"order {order.order_number} does not add up"
        if emails.get(order.buyer.customer_id) != order.buyer.email:
            yield f"order {order.order_number} is another customer's"
        if not {line.sku for line in order.lines} <= book.skus:
            yield f"order {order.order_number} sells what is another winery's"


def _is_justified(told: list[Told], sent: Sent, decided_before: float) -> bool:
    """Whether a snapshot that wants just this order may have been the newest when its sending was decided."""
    about = [each for each in told if each.is_of(sent.order)]
    return any(
        each.wants_an_order
        and each.is_bought_by_guest(sent.order)
        and each.body["total"] == sent.order.total
        and each.first_sent_at <= sent.at
        and not any(_has_replaced(newer, each, sent.at - decided_before) for newer in about)
        for each in about
    )


def _has_replaced(newer: Told, older: Told, by: float) -> bool:
    is_newer = newer.body["sequence"] > older.body["sequence"]
    return is_newer and newer.accepted_at is not None and newer.accepted_at < by
