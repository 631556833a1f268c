"""Check the member price of a reservation against the CRM, after the reservation is stored.

Why: docs/decisions.md#compare-a-booked-price-with-todays-price
"""

from cellarhand.domain.discounts.price_difference import PriceCheck
from cellarhand.domain.discounts.quotes.price_check import as_of_now, depends_on_guest, recheck_price
from cellarhand.domain.discounts.quotes.quote_record import QuoteSource
from cellarhand.domain.errors import CrmError, SettingsIncompleteError
from cellarhand.domain.reservations.allowance_claims import member_names
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.event import EventBody
from cellarhand.ports.crm import CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.crm.time_budget import TimeBudget
from cellarhand.use_cases.ledger.reservation_context import ReservationContext, save_or_reload

from .claim_allowances import ClaimAllowances
from .claim_context import ClaimContext


class RecheckMemberPrice:
    """Calls the CRM only if an unknown guest would pay another price, or if another guest was quoted.

    If the CRM doesn't answer, the stored price check stays. A change costs a second write.
    """

    def __init__(self, ledger: Records, crm: CrmGateways, book: ClaimAllowances, clock: Clock) -> None:
        self._ledger = ledger
        self._crm = crm
        self._book = book
        self._clock = clock

    def __call__(
        self, facts: ReservationContext, record: ReservationRecord, budget: TimeBudget
    ) -> ReservationRecord:
        """The record, with its price check updated. `record`: as stored and after the guest's upsert."""
        visit = self._book.visit(facts, record, record)
        if facts.event is None or visit.quote is None or visit.quote.basis is None:
            return record
        zone, now = facts.tenant.timezone, self._clock.now()
        basis = as_of_now(visit.quote, visit.quote.basis, record.snapshot, now, zone)
        found = self._found(visit, basis, facts.event, budget)
        if found is None:
            return record
        return save_or_reload(self._ledger, record.model_copy(update={"price_check": found}), now)

    def _found(
        self, visit: ClaimContext, basis: QuoteSource, event: EventBody, budget: TimeBudget
    ) -> PriceCheck | None:
        customer_id = visit.record.customer.customer_id
        prices = visit.present_prices(event, self._book.usage(visit))
        depends_on_crm = _is_another_guest(visit, basis) or depends_on_guest(prices, basis, visit.snapshot)
        if customer_id is None or not depends_on_crm:
            return None
        try:
            gateway = self._crm.of(visit.facts.tenant)
            customer = gateway.get_customer(customer_id, timeout=budget.for_look_up())
        except (CrmError, SettingsIncompleteError):
            return None
        return recheck_price(prices, basis, visit.snapshot, customer)


def _is_another_guest(visit: ClaimContext, basis: QuoteSource) -> bool:
    guest = visit.snapshot.guest
    names = member_names(visit.facts.tenant.hash_key, guest.email, visit.record.customer.customer_id)
    return bool(basis.members) and not set(names) & set(basis.members)
