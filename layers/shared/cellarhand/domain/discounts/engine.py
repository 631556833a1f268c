"""The engine's one entry: a schema, a visit and a guest in, a price that explains itself out."""

from collections import Counter
from collections.abc import Sequence

from cellarhand.domain.snapshot import AddOn, GuestPrice
from cellarhand.domain.tenant import EventBody, Policy

from .access import access_of
from .choosing import Choice, choose
from .compiled import CompiledSchema
from .explanation import Decision, promo_outcome, rule_outcomes
from .facts import NOBODY, STRANGER, Recognition, Standing, Visit, visit_of
from .masks import ranks
from .matching import Matched, match
from .pricing import millionths, share
from .quote import DiscountLine, Money, Priced
from .reasons import Reason
from .request import DiscountRequest


def price(
    schema: CompiledSchema,
    settings_policy: Policy,
    event: EventBody,
    request: DiscountRequest,
    *,
    booked_at: str,
    recognition: Recognition = NOBODY,
) -> Priced:
    """Price a visit. The schema's own policy wins over the settings'.

    `booked_at` is the local `YYYY-MM-DDTHH:MM` of the booking; the request's own is an instant.
    """
    policy = schema.policy.over(settings_policy)
    visit = visit_of(request, event, booked_at)
    fee = event.fee_per_guest if request.fee_per_guest is None else request.fee_per_guest
    decision = decide(schema, policy, event, visit, recognition, [fee] * visit.party_size)
    tax_rate = millionths(request.tax_percent or event.tax_percent)
    money = _money(fee * visit.party_size, decision.choice.amounts, request, tax_rate)
    opened = bool(decision.opened)
    return Priced(
        **dict(money),
        discounts=_lines(decision.choice),
        promo=promo_outcome(schema, decision, visit.code, request.promo_code),
        rules=rule_outcomes(schema, decision, request.explain),
        access=access_of(event, recognition, policy, opened_by_rule=opened, channel=visit.channel),
    )


def decide(
    schema: CompiledSchema,
    policy: Policy,
    event: EventBody,
    visit: Visit,
    recognition: Recognition,
    fees: Sequence[int],
) -> Decision:
    """Which rules are given, and why the others are not. `fees`: list price of each guest."""
    standing = STRANGER if recognition.login_missing else Standing.of(recognition.customer, policy)
    matched = match(schema.conditions, visit, recognition, standing)
    automatic = matched.holding & ~schema.access & ~schema.conditions.coded
    promo = matched.holding & ~schema.access & schema.conditions.coded
    choice = choose(
        [schema.rules[rank] for rank in ranks(automatic)],
        next((schema.rules[rank] for rank in ranks(promo)), None),
        fees,
        policy,
    )
    shut = _why_nothing_opens(event, recognition)
    opened = matched.holding & schema.access if shut is None else 0
    reasons = _reasons(matched) | choice.lost
    if shut is not None:
        reasons |= dict.fromkeys(ranks(matched.holding & schema.access), shut)
    return Decision(choice, opened, reasons)


def _why_nothing_opens(event: EventBody, recognition: Recognition) -> Reason | None:
    if event.invite_only is None:
        return Reason.NOTHING_LEFT
    return Reason.CRM_LOOKUP_UNAVAILABLE if recognition.crm_unavailable else None


def _reasons(matched: Matched) -> dict[int, Reason]:
    return {rank: reason for reason, mask in matched.failed for rank in ranks(mask)}


def _money(fees: int, amounts: Sequence[int], request: DiscountRequest, tax_rate: int) -> Money:
    net = sum(amounts)
    add_ons = _sum(request.add_ons)
    tax = share(net + _sum([add_on for add_on in request.add_ons if add_on.taxable]), tax_rate)
    return Money(
        fees=fees,
        guest_prices=tuple(GuestPrice(guests=n, unit_price=each) for each, n in Counter(amounts).items()),
        discount=fees - net,
        add_ons=add_ons,
        tax=tax,
        gratuity=request.gratuity,
        total=net + add_ons + tax + request.gratuity,
    )


def _sum(add_ons: Sequence[AddOn]) -> int:
    return sum(add_on.unit_price * add_on.quantity for add_on in add_ons)


def _lines(choice: Choice) -> tuple[DiscountLine, ...]:
    return tuple(
        DiscountLine(rule=given.rule.id, name=given.rule.name, guests=given.guests, amount=given.amount)
        for given in choice.given
    )
