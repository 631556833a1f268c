"""The entry point of the discount engine: prices a visit and explains every rule."""

from collections.abc import Sequence

from cellarhand.domain.booking.snapshot import AddOn
from cellarhand.domain.discounts.allowance import AllowanceKey
from cellarhand.domain.discounts.quote import Priced, Promo, RuleOutcome
from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.schema.labels import fold_label
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Policy

from .applied_rules import NO_RULE_APPLIED, AppliedRules
from .benefit_amounts import millionths, share
from .bitmasks import all_of, ranks
from .compiled_schema import CompiledSchema
from .decide import RulesInForce
from .event_access import OPEN_TO_ALL, access_of
from .explain import NO_CODE, Outcomes, promo_outcome
from .facts import (
    NOBODY,
    BookingContext,
    GuestFacts,
    Recognition,
    VisitFacts,
    booking_context,
    guest_facts,
    visit_facts,
)
from .remaining_usage import RemainingUsage, drawn_allowances, left_after, remaining_usage
from .usage_limits import NOTHING_USED, Occasion, Usage

NOTHING_LIMITED = RemainingUsage()


type PricingInput = tuple[RulesInForce, VisitFacts, GuestFacts, int]
"""The rules in force, the facts of a visit and a guest, and the fee of each guest."""

type Decision = tuple[AppliedRules, int, Outcomes]
"""The rules applied, the access rules used (a bitmask), and outcomes of rules that fit place and guest."""


def price(
    schema: CompiledSchema,
    settings_policy: Policy,
    event: EventBody,
    request: DiscountRequest,
    *,
    booked_at: str,
    recognition: Recognition = NOBODY,
    usage: Usage = NOTHING_USED,
) -> Priced:
    """Price a visit. The schema's own policy wins over the settings'.

    `booked_at` is the local `YYYY-MM-DDTHH:MM` of the booking; the request's own is an instant. `usage`: what
    is used of the allowances that `allowances_in_question` names.
    """
    asked = pricing_input(
        schema, settings_policy, event, request, booked_at=booked_at, recognition=recognition
    )
    return price_input(
        schema, asked, event, request, booked_at=booked_at, recognition=recognition, usage=usage
    )


def price_input(
    schema: CompiledSchema,
    asked: PricingInput,
    event: EventBody,
    request: DiscountRequest,
    *,
    booked_at: str,
    recognition: Recognition,
    usage: Usage,
) -> Priced:
    """The second half of `price`: decide, explain, and work out the money."""
    rules, visit, guest, fee = asked
    choice = rules.decide(visit, guest, fee)
    of_limits = NOTHING_LIMITED
    if choice.holding & schema.limited:
        occasion = Occasion(request.starts_at, booked_at, request.party_size, recognition.customer)
        of_limits = remaining_usage(schema, choice.holding, occasion, usage)
    choice, opened, late = _decide(schema, asked, choice, of_limits, event, recognition)
    net = choice.net
    add_ons, taxable = _add_ons(request.add_ons) if request.add_ons else (0, 0)
    tax = share(net + taxable, millionths(request.tax_percent or event.tax_percent))
    return Priced(
        fees=net + choice.discount,
        guest_prices=choice.guest_prices,
        discount=choice.discount,
        add_ons=add_ons,
        tax=tax,
        gratuity=request.gratuity,
        total=net + add_ons + tax + request.gratuity,
        discounts=choice.lines,
        promo=_promo(schema, visit.place, guest, request.promo_code, late) if request.promo_code else NO_CODE,
        rules=schema.explanations.outcomes(visit.place, guest, late, request.explain),
        access=access_of(
            event, recognition, rules.policy, opened_by_rule=bool(opened), channel=request.channel
        )
        if event.invite_only or recognition.crm_unavailable
        else OPEN_TO_ALL,
        allowances=left_after(of_limits.drawn, choice, opened) if of_limits.drawn else (),
    )


def allowances_in_question(
    schema: CompiledSchema,
    settings_policy: Policy,
    event: EventBody,
    request: DiscountRequest,
    *,
    booked_at: str,
    recognition: Recognition = NOBODY,
) -> tuple[AllowanceKey, ...]:
    """The allowances whose usage `price` needs. Empty for most visits: then no sums have to be read."""
    rules, visit, guest, fee = pricing_input(
        schema, settings_policy, event, request, booked_at=booked_at, recognition=recognition
    )
    choice = rules.decide(visit, guest, fee)
    occasion = Occasion(request.starts_at, booked_at, request.party_size, recognition.customer)
    return tuple(key for _, _, key in drawn_allowances(schema, choice.holding, occasion))


def pricing_input(
    schema: CompiledSchema,
    settings_policy: Policy,
    event: EventBody,
    request: DiscountRequest,
    *,
    booked_at: str,
    recognition: Recognition,
) -> PricingInput:
    """The first half of `price`: reduce the request to facts that rules compare."""
    rules = schema.under(settings_policy)
    code = request.promo_code and fold_label(request.promo_code)
    known = code if code in schema.code_ranks else None
    place = booking_context(request.event_id, event.tags, request.channel, known)
    visit = visit_facts(
        place, request.starts_at, booked_at, request.party_size, to_the_minute=schema.to_the_minute
    )
    guest = guest_facts(recognition, rules.policy)
    fee = event.fee_per_guest if request.fee_per_guest is None else request.fee_per_guest
    return rules, visit, guest, fee


def _decide(
    schema: CompiledSchema,
    asked: PricingInput,
    choice: AppliedRules,
    of_limits: RemainingUsage,
    event: EventBody,
    recognition: Recognition,
) -> Decision:
    rules, visit, guest, fee = asked
    holding = choice.holding
    lost = schema.matching.fitting(visit.place, guest) & ~holding
    outcomes = schema.explanations.refused(schema.matching.failed(visit, lost)) if lost else {}
    if of_limits.used_up:
        holding &= ~all_of(1 << rank for rank in of_limits.used_up)
        outcomes |= schema.explanations.refused(of_limits.used_up.items())
    if choice is NO_RULE_APPLIED or of_limits.used_up or of_limits.covers:
        choice = rules.combine(holding, fee, visit.party_size, of_limits.covers)
    outcomes |= schema.explanations.of_choice(choice)
    opened = holding & schema.access
    if opened and (reason := _why_nothing_opens(event, recognition)):
        outcomes |= schema.explanations.refused((rank, reason) for rank in ranks(opened))
        opened = 0
    elif opened:
        outcomes |= _opening(schema, opened)
    return choice, opened, outcomes


def _why_nothing_opens(event: EventBody, recognition: Recognition) -> Reason | None:
    if event.invite_only is None:
        return Reason.NOTHING_LEFT
    return Reason.CRM_LOOKUP_UNAVAILABLE if recognition.crm_unavailable else None


def _opening(schema: CompiledSchema, opened: int) -> Outcomes:
    return {rank: RuleOutcome(rule=schema.rules[rank].id, outcome="applied") for rank in ranks(opened)}


def _promo(
    schema: CompiledSchema, place: BookingContext, guest: GuestFacts, typed: str, outcomes: Outcomes
) -> Promo:
    code = place.code
    if code is None:
        return promo_outcome(typed, Reason.CODE_UNKNOWN)
    rank = schema.code_ranks[code]
    if rank in outcomes:
        return promo_outcome(typed, outcomes[rank].reason)
    reason = schema.explanations.misfit(rank, place, guest)
    return promo_outcome(typed, reason)


def _add_ons(add_ons: Sequence[AddOn]) -> tuple[int, int]:
    """Their total, and the taxable part of it."""
    costs = [(add_on.unit_price * add_on.quantity, add_on.taxable) for add_on in add_ons]
    return sum(cost for cost, _ in costs), sum(cost for cost, taxable in costs if taxable)
