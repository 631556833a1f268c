"""The engine's one entry: a schema, a visit and a guest in, a price that explains itself out."""

from collections.abc import Sequence
from dataclasses import dataclass

from cellarhand.domain.snapshot import AddOn
from cellarhand.domain.tenant import EventBody, Policy

from .access import OPEN, access_of
from .allowances import Allowed, allowed, drawn_by, left_after
from .choice import NOTHING_GIVEN, Choice
from .compiled import CompiledSchema
from .explanation import NO_CODE, Said, promo_outcome
from .facts import NOBODY, Recognition, Standing, Visit, place_of, standing_of, visit_of
from .in_force import RulesInForce
from .limits import NOTHING_USED, AllowanceKey, Occasion, Usage
from .masks import all_of, ranks
from .names import fold_label
from .pricing import millionths, share
from .quote import Priced, Promo, RuleOutcome
from .reasons import Reason
from .request import DiscountRequest

NOTHING_DRAWN = Allowed()


@dataclass(slots=True, eq=False)
class Situation:
    """A visit and a guest as rules see them, and the price as long as no allowance runs short."""

    rules: RulesInForce
    visit: Visit
    guest: Standing
    fee: int
    choice: Choice


type Decision = tuple[Choice, int, Said]
"""The rules given, the access rules that are used, and what is said of rules that fit place and guest."""


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

    `booked_at` is the local `YYYY-MM-DDTHH:MM` of the booking; the request's own is an instant. `usage`: of
    the allowances named by `allowances_in_question`.
    """
    asked = _situation(schema, settings_policy, event, request, booked_at, recognition)
    of_limits = NOTHING_DRAWN
    if asked.choice.holding & schema.limited:
        occasion = Occasion(request.starts_at, booked_at, request.party_size, recognition.customer)
        of_limits = allowed(schema, asked.choice.holding, occasion, usage)
    choice, opened, late = _decide(schema, asked, of_limits, event, recognition)
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
        promo=_promo(schema, asked, request.promo_code, late) if request.promo_code else NO_CODE,
        rules=schema.explanations.outcomes(asked.visit.place, asked.guest, late, request.explain),
        access=access_of(
            event, recognition, asked.rules.policy, opened_by_rule=bool(opened), channel=request.channel
        )
        if event.invite_only or recognition.crm_unavailable
        else OPEN,
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
    """The allowances whose usage `price` would look at. Empty for most visits: then nothing need be read."""
    asked = _situation(schema, settings_policy, event, request, booked_at, recognition)
    occasion = Occasion(request.starts_at, booked_at, request.party_size, recognition.customer)
    return tuple(key for _, _, key in drawn_by(schema, asked.choice.holding, occasion))


def _situation(
    schema: CompiledSchema,
    settings_policy: Policy,
    event: EventBody,
    request: DiscountRequest,
    booked_at: str,
    recognition: Recognition,
) -> Situation:
    rules = schema.under(settings_policy)
    code = request.promo_code and fold_label(request.promo_code)
    known = code if code in schema.code_ranks else None
    place = place_of(request.event_id, event.tags, request.channel, known)
    visit = visit_of(
        place, request.starts_at, booked_at, request.party_size, to_the_minute=schema.to_the_minute
    )
    guest = standing_of(recognition, rules.policy)
    fee = event.fee_per_guest if request.fee_per_guest is None else request.fee_per_guest
    return Situation(rules, visit, guest, fee, rules.decide(visit, guest, fee))


def _decide(
    schema: CompiledSchema, asked: Situation, of_limits: Allowed, event: EventBody, recognition: Recognition
) -> Decision:
    visit, choice = asked.visit, asked.choice
    holding = choice.holding
    lost = schema.matching.fitting(visit.place, asked.guest) & ~holding
    said = schema.explanations.refused(schema.matching.failed(visit, lost)) if lost else {}
    if of_limits.used_up:
        holding &= ~all_of(1 << rank for rank in of_limits.used_up)
        said |= schema.explanations.refused(of_limits.used_up.items())
    if choice is NOTHING_GIVEN or of_limits.used_up or of_limits.covers:
        choice = asked.rules.choose(holding, asked.fee, visit.party_size, of_limits.covers)
    said |= schema.explanations.of_choice(choice)
    opened = holding & schema.access
    if opened and (reason := _why_nothing_opens(event, recognition)):
        said |= schema.explanations.refused((rank, reason) for rank in ranks(opened))
        opened = 0
    elif opened:
        said |= _opening(schema, opened)
    return choice, opened, said


def _why_nothing_opens(event: EventBody, recognition: Recognition) -> Reason | None:
    if event.invite_only is None:
        return Reason.NOTHING_LEFT
    return Reason.CRM_LOOKUP_UNAVAILABLE if recognition.crm_unavailable else None


def _opening(schema: CompiledSchema, opened: int) -> Said:
    return {rank: RuleOutcome(rule=schema.rules[rank].id, outcome="applied") for rank in ranks(opened)}


def _promo(schema: CompiledSchema, asked: Situation, typed: str, said: Said) -> Promo:
    code = asked.visit.place.code
    if code is None:
        return promo_outcome(typed, Reason.CODE_UNKNOWN)
    rank = schema.code_ranks[code]
    if rank in said:
        return promo_outcome(typed, said[rank].reason)
    reason = schema.explanations.misfit(rank, asked.visit.place, asked.guest)
    return promo_outcome(typed, reason)


def _add_ons(add_ons: Sequence[AddOn]) -> tuple[int, int]:
    """What they cost, and as much of it as is taxed."""
    costs = [(add_on.unit_price * add_on.quantity, add_on.taxable) for add_on in add_ons]
    return sum(cost for cost, _ in costs), sum(cost for cost, taxable in costs if taxable)
