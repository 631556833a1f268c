"""The winery in the in-memory CRM."""

from datetime import date

from cellarhand.domain.customers.customer import Customer
from cellarhand.ports.crm import CrmGateway
from tests.contract.crm_gateway.world import (
    CUSTOMERS,
    FOUNDERS,
    GOLD,
    PURCHASERS,
    SKUS,
    TRADE,
    Trouble,
)
from tests.fakes.crm import InMemoryCrm, Step

_STEPS = {
    Trouble.DOWN: Step.UNAVAILABLE,
    Trouble.LOGIN_REFUSED: Step.LOGIN_REFUSED,
    Trouble.REPLY_LOST: Step.UNKNOWN_EXECUTED,
    Trouble.REQUEST_LOST: Step.UNKNOWN_NOT_EXECUTED,
    Trouble.LATE: Step.LATE,
}


JOINED_ON = date(2020, 3, 15)


class InMemoryWorld:
    """Fills `World`."""

    impatience = 1.0

    def __init__(self) -> None:
        self._crm = InMemoryCrm(
            customers=[_with_joining_dates(customer) for customer in CUSTOMERS],
            clubs=[GOLD, FOUNDERS],
            contact_types=[TRADE, PURCHASERS],
            skus=SKUS,
        )

    @property
    def crm(self) -> CrmGateway:
        """The fake itself."""
        return self._crm

    def trouble(self, trouble: Trouble) -> None:
        """By its script."""
        self._crm.always("*", _STEPS[trouble])

    def recover(self) -> None:
        """Script nothing, release what was held back."""
        self._crm.always("*", Step.NORMAL)
        self._crm.release()

    def orders(self) -> list[tuple[str, str, int]]:
        """From its ledger."""
        return [(str(order.order_number), order.buyer.email, order.total) for order in self._crm.orders]

    def customers_with_email(self, email: str) -> int:
        """From its ledger."""
        return sum(customer.email == email for customer in self._crm.customers)


def _with_joining_dates(customer: Customer) -> Customer:
    joined = tuple(held.model_copy(update={"joined_on": JOINED_ON}) for held in customer.memberships)
    return customer.model_copy(update={"memberships": joined})
