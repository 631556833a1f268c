"""What holds for every schema, guest and visit."""

import random
from dataclasses import replace as with_changes

from hypothesis import given, settings
from hypothesis import strategies as st

from cellarhand.domain.discounts.allowance import AllowanceKey
from cellarhand.domain.discounts.engine.benefit_amounts import (
    at_most,
    percent_per_guest,
    share,
    spread_over_guests,
)
from cellarhand.domain.discounts.engine.compiled_schema import compile_schema
from cellarhand.domain.discounts.engine.explain import FAR
from cellarhand.domain.discounts.engine.price import price, pricing_input
from cellarhand.domain.discounts.quote import Priced
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.schema.labels import Meanings
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.tenants.settings import Policy
from tests.unit.discounts.both_engines import priced
from tests.unit.discounts.generated import asked
from tests.unit.discounts.reference import Asked

BEST = Policy(promo_versus_automatic="best_for_guest", several_automatic="best_for_guest")

often = settings(max_examples=60, deadline=None)
cases = st.randoms(use_true_random=False).map(asked)


@often
@given(cases)
def test_a_discount_is_never_below_nothing_nor_above_the_fees(case: Asked):
    quote = priced(case)
    assert 0 <= quote.discount <= quote.fees
    assert quote.total >= 0


@often
@given(cases)
def test_the_lines_add_up_to_the_discount(case: Asked):
    quote = priced(case)
    assert sum(line.amount for line in quote.discounts) == quote.discount
    assert all(line.amount > 0 and 0 < line.guests <= case.request["party_size"] for line in quote.discounts)


@often
@given(cases)
def test_guest_prices_speak_of_every_guest_and_add_up_to_the_net_fees(case: Asked):
    quote = priced(case)
    assert sum(price.guests for price in quote.guest_prices) == case.request["party_size"]
    assert sum(price.guests * price.unit_price for price in quote.guest_prices) == quote.fees - quote.discount


@often
@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_rules_never_matters(case: Asked, shuffler: random.Random):
    shuffled = list(case.rules)
    shuffler.shuffle(shuffled)
    assert priced(case) == priced(case._replace(rules=shuffled))


@often
@given(cases)
def test_evaluating_twice_gives_the_same(case: Asked):
    schema = compile_schema(DiscountSchema.model_validate({"rules": case.rules}), Meanings())
    request = DiscountRequest.model_validate(case.request)
    once, twice = (
        price(
            schema, case.policy, case.event, request, booked_at=case.booked_at, recognition=case.recognition
        )
        for _ in range(2)
    )
    assert once == twice


@often
@given(cases, st.lists(cases, min_size=1, max_size=5))
def test_what_was_asked_before_never_changes_an_answer(case: Asked, before: list[Asked]):
    schema = compile_schema(DiscountSchema.model_validate({"rules": case.rules}), Meanings())

    def ask(other: Asked) -> Priced:
        request = DiscountRequest.model_validate(other.request)
        return price(
            schema,
            other.policy,
            other.event,
            request,
            booked_at=other.booked_at,
            recognition=other.recognition,
            usage={AllowanceKey(*key): used for key, used in case.used.items()},
        )

    for other in before:
        ask(other)
    assert ask(case) == priced(case)


@often
@given(cases)
def test_deciding_alone_comes_to_the_same_as_the_whole_quote(case: Asked):
    schema = compile_schema(DiscountSchema.model_validate({"rules": case.rules}), Meanings())
    request = DiscountRequest.model_validate(case.request)
    told = {"booked_at": case.booked_at, "recognition": case.recognition}
    rules, visit, guest, fee = pricing_input(schema, case.policy, case.event, request, **told)
    whole = price(schema, case.policy, case.event, request, **told)
    short = any(rule["limit_per_member"] for rule in case.rules)
    assert short or rules.decide(visit, guest, fee).discount == whole.discount


@often
@given(cases)
def test_every_rule_is_explained_once_and_every_refusal_has_a_reason(case: Asked):
    quote = priced(case)
    assert sorted(rule.rule for rule in quote.rules) == sorted(rule["id"] for rule in case.rules)
    assert all((rule.outcome == "refused") == (rule.reason is not None) for rule in quote.rules)
    applied = {rule.rule: rule.amount for rule in quote.rules if rule.amount}
    assert applied == {line.rule: line.amount for line in quote.discounts}


@often
@given(cases)
def test_near_explanations_leave_out_only_rules_for_others(case: Asked):
    every = priced(case).rules
    near = priced(case._replace(request=case.request | {"explain": "near"})).rules
    assert near == tuple(rule for rule in every if rule.reason not in FAR)


@often
@given(cases)
def test_one_rule_more_never_raises_the_price_where_the_best_counts(case: Asked):
    best = case._replace(policy=BEST)
    for rule in case.rules:
        without = best._replace(rules=[other for other in case.rules if other is not rule])
        assert priced(best).total <= priced(without).total


@often
@given(cases)
def test_a_silent_crm_never_makes_a_visit_cheaper_where_the_best_counts(case: Asked):
    known = case._replace(policy=BEST, recognition=with_changes(case.recognition, crm_unavailable=False))
    silent = known._replace(recognition=with_changes(known.recognition, customer=None, crm_unavailable=True))
    assert priced(silent).discount <= priced(known).discount


weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=20)


@given(weights, st.data())
def test_spreading_loses_no_cent_and_gives_nobody_more_than_their_weight(
    parts: list[int], data: st.DataObject
):
    amount = data.draw(st.integers(0, sum(parts)))
    given_out = spread_over_guests(amount, parts)
    assert sum(given_out) == amount
    assert all(0 <= part <= weight for part, weight in zip(given_out, parts, strict=True))


@given(weights, st.integers(1, 1_000_000), st.integers(1, 20_000))
def test_a_ceiling_is_met_to_the_cent(amounts: list[int], rate: int, ceiling: int):
    uncapped = percent_per_guest(rate)
    assert sum(at_most(ceiling, uncapped)(amounts)) == min(ceiling, sum(uncapped(amounts)))


@given(st.integers(0, 10**11), st.integers(0, 1_000_000))
@settings(max_examples=300)
def test_rounding_is_half_up_and_never_off_by_more_than_half_a_cent(amount: int, rate: int):
    twice_the_error = 2 * share(amount, rate) * 1_000_000 - 2 * amount * rate
    assert -1_000_000 < twice_the_error <= 1_000_000
