"""The engine and the slow second one, asked the same."""

from cellarhand.domain.discounts.allowance import AllowanceKey
from cellarhand.domain.discounts.engine.compiled_schema import compile_schema
from cellarhand.domain.discounts.engine.price import allowances_in_question, price
from cellarhand.domain.discounts.quote import Priced
from cellarhand.domain.discounts.request import DiscountRequest
from cellarhand.domain.discounts.schema.labels import Meanings
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from tests.unit.discounts import reference
from tests.unit.discounts.reference import Asked


def priced(case: Asked) -> Priced:
    """The engine's answer, told no more of what is used than it asks for."""
    schema = compile_schema(DiscountSchema.model_validate({"rules": case.rules}), Meanings())
    request = DiscountRequest.model_validate(case.request)
    keys = allowances_in_question(
        schema, case.policy, case.event, request, booked_at=case.booked_at, recognition=case.recognition
    )
    return price(
        schema,
        case.policy,
        case.event,
        request,
        booked_at=case.booked_at,
        recognition=case.recognition,
        usage={AllowanceKey(*key): case.used.get(tuple(key), 0) for key in keys},
    )


def compare(case: Asked) -> None:
    """Fail unless both say the same."""
    ours, theirs = priced(case), reference.answer(case)
    assert (ours.discount, ours.tax) == (theirs.discount, theirs.tax), case
    assert {rule.rule: rule.reason or rule.outcome for rule in ours.rules} == theirs.outcomes, case
    assert (ours.promo.status, ours.promo.reason) == theirs.promo, case
    paid = [price.unit_price for price in ours.guest_prices for _ in range(price.guests)]
    assert sorted(paid) == sorted(theirs.guest_prices), case
    limited = {rule["id"]: rule["limit_per_member"] or {} for rule in case.rules}
    guests = {line.rule: line.guests for line in ours.discounts}
    for after, (rule, of, period, left) in zip(ours.allowances, theirs.left, strict=True):
        drawn = guests.get(rule, 0)
        by_guests = of == "member" and limited[rule]["counts"] == "guests"
        expected = left - (drawn if by_guests else min(drawn, 1))
        assert (after.rule, after.of, after.period, after.left) == (rule, of, period, expected), case
        assert after.left >= 0, case
