"""What a booking must hold of the allowances, and how much of it the booking gets."""

from typing import Any

import pytest

from cellarhand.domain.booking.snapshot import GivenDiscount
from cellarhand.domain.discounts.allowance import AllowanceKey, AllowanceNeed
from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema, compile_schema
from cellarhand.domain.discounts.engine.price import allowances_in_question
from cellarhand.domain.discounts.engine.remaining_usage import allowance_needs
from cellarhand.domain.discounts.engine.usage_limits import Occasion
from cellarhand.domain.discounts.schema.labels import meanings_of
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from tests.unit.discounts.case import CAST, KNOWN, Case, run, stage

FREE = {
    "id": "free",
    "name": "Free",
    "who": {"clubs_any": "all"},
    "benefit": {"kind": "free_guests", "guests": 2},
    "limit_per_member": {"counts": "guests", "maximum": 4, "period": "calendar_month"},
}
CODE = {
    "id": "code",
    "name": "Code",
    "code": "Summer",
    "benefit": {"kind": "percent_off", "percent": "10"},
    "code_limit_total": 10,
    "code_limit_per_guest": 1,
}
DOOR = {
    "id": "door",
    "name": "Door",
    "code": "DOOR",
    "benefit": {"kind": "access_only"},
    "code_limit_total": 3,
}
PLAIN = {"id": "plain", "name": "Plain", "benefit": {"kind": "percent_off", "percent": "5"}}
JUNE = Occasion("2026-06-13T11:00", "2026-05-03T09:30", party_size=3, customer=CAST["gold"].customer)
MONTH = AllowanceKey("member", "free", "calendar_month:2026-06")


def compiled(*rules: dict[str, Any]) -> CompiledSchema:
    schema = DiscountSchema.model_validate({"rules": list(rules)})
    return compile_schema(schema, meanings_of(schema, KNOWN))


def needs(*discounts: tuple[str | None, int | None], **more: Any) -> tuple[AllowanceNeed, ...]:
    given = [
        GivenDiscount(rule=rule, guests=guests, amount=100, name="Comp", by="anna")
        for rule, guests in discounts
    ]
    return allowance_needs(compiled(FREE, CODE, DOOR, PLAIN), given, JUNE, **more)


def test_a_limit_in_guests_needs_as_many_as_were_given():
    assert needs(("free", 2)) == (AllowanceNeed(MONTH, "free", asked=2, maximum=4, in_part=True),)


def test_a_discount_that_names_no_guests_needs_all_that_its_rule_covers():
    assert [need.asked for need in needs(("free", None))] == [3]


def test_two_lines_of_one_rule_need_both_their_guests():
    assert [need.asked for need in needs(("free", 1), ("free", 1))] == [2]


def test_a_code_needs_one_use_of_all_and_one_of_the_guest():
    assert [(need.key, need.asked, need.maximum) for need in needs(("code", 3))] == [
        (AllowanceKey("code", "summer", "ever"), 1, 10),
        (AllowanceKey("code_and_guest", "summer", "ever"), 1, 1),
    ]


@pytest.mark.parametrize("discount", [(None, 2), ("plain", 3), ("forgotten", 1), ("free", 0)])
def test_what_is_not_limited_needs_nothing(discount: tuple[str | None, int | None]):
    assert needs(discount) == ()


def test_a_code_that_opened_an_event_needs_a_use_though_it_gave_no_money():
    assert [need.key.subject for need in needs(opened_by=" Door ")] == ["door"]
    assert needs(opened_by="summer") == ()


@pytest.mark.parametrize(
    ("in_part", "asked", "used", "granted"),
    [
        (True, 2, 1, 2),
        (True, 2, 3, 1),
        (True, 2, 4, 0),
        (True, 2, 9, 0),
        (False, 1, 3, 1),
        (False, 1, 4, 0),
        (False, 1, 9, 0),
    ],
)
def test_guests_are_granted_in_part_and_uses_all_or_none(in_part: bool, asked: int, used: int, granted: int):
    need = AllowanceNeed(MONTH, "free", asked=asked, maximum=4, in_part=in_part)
    assert need.grant(used) == granted


def staged(**fields: Any) -> Case:
    usual = {"name": "n", "working": "w", "guest": "gold", "rules": [FREE, CODE], "expect": {"discount": 0}}
    return Case.model_validate(usual | fields)


def in_question(case: Case) -> list[AllowanceKey]:
    ready = stage(case)
    found = allowances_in_question(
        compile_schema(ready.schema, meanings_of(ready.schema, KNOWN)),
        ready.policy,
        ready.event,
        ready.request,
        booked_at=ready.booked_at,
        recognition=ready.recognition,
    )
    return list(found)


def test_only_allowances_of_rules_that_otherwise_hold_are_in_question():
    assert in_question(staged()) == [MONTH]
    assert in_question(staged(guest="nobody")) == []
    assert [key.kind for key in in_question(staged(request={"promo_code": "SUMMER"}))] == [
        "code",
        "code_and_guest",
        "member",
    ]


def test_what_a_quote_gives_is_what_its_booking_needs():
    case = staged(request={"party_size": 3}, used=[["member", "free", "calendar_month:2026-06", 3]])
    quote = run(stage(case))
    [need] = allowance_needs(compiled(FREE, CODE), quote.discounts, JUNE)
    assert (need.asked, need.grant(3)) == (1, 1)
    assert [left.left for left in quote.allowances] == [4 - 3 - need.asked]
