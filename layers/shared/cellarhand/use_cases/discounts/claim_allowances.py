"""Claim the allowances that a snapshot's discounts need, and check its price. Saved with the reservation.

Why: docs/decisions.md#contention-for-an-allowance-never-costs-the-reservation
"""

from collections.abc import Sequence

from cellarhand.domain.discounts.allowance import (
    MAX_HELD,
    AllowanceAnswer,
    AllowanceKey,
    AllowanceNeed,
    HeldAllowances,
    Settled,
    WantedAllowance,
    settle,
)
from cellarhand.domain.discounts.engine.usage_limits import Usage
from cellarhand.domain.discounts.price_difference import PriceCheck
from cellarhand.domain.discounts.quotes.price_check import check_price, check_without_quote
from cellarhand.domain.discounts.quotes.quote_record import QuoteRecord, quote_key
from cellarhand.domain.reservations.allowance_claims import (
    Claim,
    ReservationWithAllowances,
    claim_of,
    consume,
    is_consumed,
    known_customer,
    member_names,
)
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.ledger.reservation_context import ReservationContext

from .claim_context import ClaimContext
from .compiled_schemas import CompiledSchemas
from .usage_sums import UsageSums, names_of, usage_without


class ClaimAllowances:
    """Reads and decides. `KeepReservation` saves the result, or calls again if a record changed meanwhile."""

    def __init__(self, ledger: Records, schemas: CompiledSchemas, sums: UsageSums, clock: Clock) -> None:
        self._ledger = ledger
        self._sums = sums
        self._schemas = schemas
        self._clock = clock

    def __call__(
        self, facts: ReservationContext, stored: ReservationRecord | None, record: ReservationRecord
    ) -> ReservationWithAllowances:
        """The record with its allowances and price check. `stored`: the record that it replaces."""
        held = stored.allowances if stored else HeldAllowances()
        match claim_of(held, record.snapshot, self._clock.now(), facts.tenant.timezone):
            case Claim.GIVEN_BACK:
                return self._give_back(record, held)
            case Claim.KEPT:
                kept = held.model_copy(update={"uses": consume(held.uses), "settled": True})
                return ReservationWithAllowances(
                    record.model_copy(update={"allowances": kept, "price_check": None})
                )
            case Claim.ASKED:
                return self._claim(self.visit(facts, stored, record))

    def visit(
        self, facts: ReservationContext, stored: ReservationRecord | None, record: ReservationRecord
    ) -> ClaimContext:
        """Read the schema in force and the quote that the snapshot names, if any."""
        number, schema = self._schemas.current(record.tenant_id)
        quote_id = record.snapshot.quote_id
        quote = self._ledger.get(QuoteRecord, quote_key(record.tenant_id, quote_id)) if quote_id else None
        return ClaimContext(facts, stored, record, number, schema, quote)

    def usage(self, visit: ClaimContext) -> Usage:
        """What other reservations use of the allowances that the price depends on."""
        keys = visit.allowance_keys()
        members = self._members(visit, keys)
        names = {name for key in keys for name in names_of(key, members)}
        own = visit.record.allowances.uses
        return usage_without(own, keys, members, self._sums.read(visit.record.tenant_id, names))

    def _give_back(self, record: ReservationRecord, held: HeldAllowances) -> ReservationWithAllowances:
        sums = self._sums.read(record.tenant_id, [use.name for use in held.uses])
        settled = settle(record.tenant_id, held.uses, (), sums)
        kept = HeldAllowances(memberships=held.memberships)
        return ReservationWithAllowances(
            record.model_copy(update={"allowances": kept, "price_check": None}), settled.sums
        )

    def _claim(self, visit: ClaimContext) -> ReservationWithAllowances:
        tenant_id, own = visit.record.tenant_id, visit.held.uses
        needs, price_keys = visit.needs, visit.allowance_keys()
        members = self._members(visit, (*(need.key for need in needs), *price_keys))
        wanted = _wanted(needs, members)
        names = {name for want in wanted for name in want.names} | {use.name for use in own}
        names |= {name for key in price_keys for name in names_of(key, members)}
        sums = self._sums.read(tenant_id, names)
        settled = settle(tenant_id, own, wanted, sums, consumed=is_consumed(visit.snapshot))
        holds = HeldAllowances(uses=settled.uses, answers=settled.answers, memberships=visit.memberships)
        check = self._price_check(visit, settled, usage_without(own, price_keys, members, sums))
        record = visit.record.model_copy(update={"allowances": holds, "price_check": check})
        return ReservationWithAllowances(record, settled.sums)

    def _members(self, visit: ClaimContext, keys: tuple[AllowanceKey, ...]) -> tuple[str, ...]:
        """The names under which the guest's uses count.

        The quote knows the customer id before the guest is linked. Nothing is read if all keys are of codes,
        which everybody shares.
        """
        if all(key.kind == "code" for key in keys):
            return ()
        tenant, email = visit.facts.tenant, visit.snapshot.guest.email
        customer_id = known_customer(visit.stored, visit.snapshot)
        quoted = visit.quote.basis.members if visit.quote and visit.quote.basis else ()
        if customer_id is None and set(member_names(tenant.hash_key, email, None)) & set(quoted):
            return quoted
        return self._sums.names(tenant, email, customer_id)

    def _keeps_price_check(self, visit: ClaimContext, settled: Settled) -> bool:
        """Whether the stored price check still holds: neither the price nor what is granted has changed."""
        same_gaps = _missing(visit.held.answers) == _missing(settled.answers)
        return visit.held.settled and not visit.needs_price_check and same_gaps

    def _price_check(self, visit: ClaimContext, settled: Settled, usage: Usage) -> PriceCheck | None:
        if visit.stored and self._keeps_price_check(visit, settled):
            return visit.stored.price_check
        short = not HeldAllowances(answers=settled.answers).in_full
        snapshot, event, quote = visit.snapshot, visit.facts.event, visit.quote
        if event and quote and quote.basis:
            prices = visit.present_prices(event, usage)
            return check_price(prices, quote, quote.basis, snapshot, self._clock.now(), short=short)
        if short:
            return check_without_quote(snapshot, settled.answers, event)
        return PriceCheck.unknown("quote_unknown") if snapshot.quote_id else None


def _wanted(needs: Sequence[AllowanceNeed], members: tuple[str, ...]) -> list[WantedAllowance]:
    """Needs beyond `MAX_HELD` get no member's name, so they are not granted."""
    wanted = []
    for position, need in enumerate(needs):
        names = names_of(need.key, members) if position < MAX_HELD else ()
        wanted.append(WantedAllowance(need, tuple(name.member for name in names)))
    return wanted


def _missing(answers: tuple[AllowanceAnswer, ...]) -> list[tuple[str, str, int]]:
    missing = ((answer.rule, answer.of, answer.asked - answer.granted) for answer in answers)
    return [(rule, kind, amount) for rule, kind, amount in missing if amount]
