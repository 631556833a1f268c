"""A second engine, written from the prose alone: slow, without index or masks, in fractions.

It shares the schema's shape with the real one and nothing of how that decides or calculates.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Policy
from tests.unit.discounts import reference_limits

CONSUMERS = ["widget", "marketplace", "mobile", "affiliate", "concierge"]
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TURNS = {"percent_off": 1, "amount_off_per_guest": 2, "amount_off_per_reservation": 2, "free_guests": 3}

type Rule = dict[str, Any]


class Asked(NamedTuple):
    """Everything a price depends on, as plain data. Labels of rules are ids here; moments are local text."""

    rules: list[Rule]
    policy: Policy
    event: EventBody
    request: dict[str, Any]
    booked_at: str
    recognition: Recognition
    used: dict[tuple[str, str, str], int]


class Answer(NamedTuple):
    """What both engines must agree on. `left`: rows of rule, kind, period and what is left before booking."""

    discount: int
    tax: int
    guest_prices: list[int]
    outcomes: dict[str, str]
    promo: tuple[str, str | None]
    left: list[tuple[str, str, str, int]]


def answer(asked: Asked) -> Answer:
    """Price it the long way."""
    rules = sorted(asked.rules, key=lambda rule: (rule["priority"], rule["id"]))
    party, fee = asked.request["party_size"], asked.event.fee_per_guest
    outcomes: dict[str, str] = {}
    holding = []
    left: list[tuple[str, str, str, int]] = []
    for rule in rules:
        reason = why_not(rule, asked)
        if reason is None:
            rows = reference_limits.left(rule, asked)
            left += rows
            rule, reason = reference_limits.limited(rule, rows)
        if reason is None and rule["benefit"]["kind"] == "access_only":
            outcomes[rule["id"]] = "nothing_left"
        elif reason is None:
            holding.append(rule)
        else:
            outcomes[rule["id"]] = reason
    prices, settled = settle(holding, [fee] * party, asked.policy)
    outcomes |= settled
    taxed = sum(prices) * Fraction(asked.event.tax_percent) / 100
    return Answer(
        fee * party - sum(prices), rounded(taxed), prices, outcomes, promo_of(asked, outcomes), left
    )


def why_not(rule: Rule, asked: Asked) -> str | None:
    """The first thing that is wrong, in the order of the prose."""
    who, what, when, valid = rule["who"], rule["what"], rule["when"], rule["when"]["valid"]
    visit, party = asked.request["starts_at"], asked.request["party_size"]
    ahead = (date.fromisoformat(visit[:10]) - date.fromisoformat(asked.booked_at[:10])).days
    judged = visit if valid["by"] == "event_date" else asked.booked_at
    first, last = valid["from"] or "0001-01-01", valid["to"] or "9999-12-31"
    channels = when["channels"] or [*CONSUMERS, *(["back_office"] if rule["code"] else [])]
    start = when["start_times"]
    checks: list[tuple[str, bool]] = [
        ("rule_inactive", rule["active"]),
        ("code_not_given", not rule["code"] or rule["code"].lower() == given_code(asked)),
        ("wrong_event", what["events"] == "all" or asked.request["event_id"] in what["events"]),
        ("wrong_event", not what["event_tags"] or bool({*what["event_tags"]} & {*asked.event.tags})),
        *who_checks(who, asked),
        ("channel", asked.request["channel"] in channels),
        ("dates", judged[: len(first)] >= first and judged[: len(last)] <= last),
        ("blackout", judged[:10] not in valid["blackout"]),
        ("weekday", DAYS[date.fromisoformat(visit[:10]).weekday()] in (when["weekdays"] or DAYS)),
        ("start_time", (start["from"] or "00:00") <= visit[11:] <= (start["to"] or "23:59")),
        ("booked_too_late", ahead >= or_else(when["booked_days_ahead_min"], ahead)),
        ("booked_too_early", ahead <= or_else(when["booked_days_ahead_max"], ahead)),
        ("party_too_small", party >= or_else(when["party_size_min"], party)),
        ("party_too_large", party <= or_else(when["party_size_max"], party)),
        (
            "guests_below_minimum",
            min(party, rule["guests_covered_max"] or party) >= (rule["guests_covered_min"] or 0),
        ),
    ]
    return next((reason for reason, holds in checks if not holds), None)


def who_checks(who: dict[str, Any], asked: Asked) -> list[tuple[str, bool]]:
    """The conditions on the guest, given what is known of them."""
    wants, types_any, types_none = who["clubs_any"], who["contact_types_any"], who["contact_types_none"]
    if asked.recognition.login_missing:
        return [("login_required", not wants and not types_any)]
    if asked.recognition.crm_unavailable:
        return [("crm_lookup_unavailable", not (wants or types_any or types_none))]
    customer = asked.recognition.customer
    held = customer.memberships if customer else ()
    counting = {"active"} | ({"on_hold"} if asked.policy.membership_on_hold == "keeps_benefits" else set())
    mine = {kind.id for kind in customer.contact_types} if customer else set()
    ours = [m for m in held if wants == "all" or m.club_id in wants]
    return [
        ("not_member", not wants or bool(ours)),
        ("membership_not_active", not wants or any(m.status in counting for m in ours)),
        ("wrong_contact_type", not types_any or bool(mine & set(types_any))),
        ("wrong_contact_type", not mine & set(types_none)),
    ]


def settle(holding: list[Rule], fees: list[int], policy: Policy) -> tuple[list[int], dict[str, str]]:
    """What guests pay after the rules that hold, and what became of each of these."""
    codes = [rule for rule in holding if rule["code"]]
    prices, outcomes = settle_automatic([rule for rule in holding if not rule["code"]], fees, policy)
    if not codes:
        return prices, outcomes
    promo = codes[0]
    base = prices if policy.promo_versus_automatic == "stack" else fees
    with_promo = after(promo, base)
    if sum(with_promo) == sum(base):
        return prices, outcomes | {promo["id"]: "nothing_left"}
    if policy.promo_versus_automatic == "stack":
        return with_promo, outcomes | {promo["id"]: "applied"}
    if policy.promo_versus_automatic == "best_for_guest" and sum(with_promo) > sum(prices):
        return prices, outcomes | {promo["id"]: "smaller_than_other"}
    return with_promo, dict.fromkeys(outcomes, "replaced_by_promo") | {promo["id"]: "applied"}


def settle_automatic(rules: list[Rule], fees: list[int], policy: Policy) -> tuple[list[int], dict[str, str]]:
    """The automatic rules among themselves."""
    if policy.several_automatic == "stack":
        return stacked(rules, fees)
    worth = {rule["id"]: sum(fees) - sum(after(rule, fees)) for rule in rules}
    outcomes = {rule["id"]: "nothing_left" for rule in rules if not worth[rule["id"]]}
    rivals = [rule for rule in rules if worth[rule["id"]]]
    if not rivals:
        return fees, outcomes
    by_number = policy.several_automatic == "priority"
    rivals.sort(key=lambda r: (r["priority"] if by_number else 0, -worth[r["id"]], r["priority"], r["id"]))
    winner = rivals[0]
    for loser in rivals[1:]:
        outranked = by_number and loser["priority"] > winner["priority"]
        smaller = worth[loser["id"]] < worth[winner["id"]] and not outranked
        outcomes[loser["id"]] = "smaller_than_other" if smaller else "lower_priority"
    return after(winner, fees), outcomes | {winner["id"]: "applied"}


def stacked(rules: list[Rule], fees: list[int]) -> tuple[list[int], dict[str, str]]:
    """Each on what the one before left: percent, amounts, free guests, prices."""
    outcomes = {}
    turns = sorted(rules, key=lambda r: (TURNS.get(r["benefit"]["kind"], 4), r["priority"], r["id"]))
    for rule in turns:
        left = after(rule, fees)
        outcomes[rule["id"]] = "applied" if sum(left) < sum(fees) else "nothing_left"
        fees = left
    return fees, outcomes


def after(rule: Rule, prices: list[int]) -> list[int]:
    """What each guest pays after one rule."""
    covered = prices[: rule["guests_covered_max"] or len(prices)]
    cuts = BENEFITS[rule["benefit"]["kind"]](rule["benefit"], covered)
    if rule["discount_max"] and sum(cuts) > rule["discount_max"]:
        back = divided(sum(cuts) - rule["discount_max"], cuts)
        cuts = [cut - less for cut, less in zip(cuts, back, strict=True)]
    cuts += [0] * (len(prices) - len(cuts))
    return [price - cut for price, cut in zip(prices, cuts, strict=True)]


def percent_off(benefit: dict[str, Any], prices: list[int]) -> list[int]:
    rate = Fraction(benefit["percent"]) / 100
    if benefit["rounds"] == "per_guest":
        return [rounded(price * rate) for price in prices]
    return divided(rounded(sum(prices) * rate), prices)


def free_guests(benefit: dict[str, Any], prices: list[int]) -> list[int]:
    paying = [guest for guest, price in enumerate(prices) if price][: benefit["guests"]]
    return [price if guest in paying else 0 for guest, price in enumerate(prices)]


BENEFITS: dict[str, Callable[[dict[str, Any], list[int]], list[int]]] = {
    "percent_off": percent_off,
    "amount_off_per_guest": lambda b, prices: [min(price, b["amount"]) for price in prices],
    "amount_off_per_reservation": lambda b, prices: divided(min(sum(prices), b["amount"]), prices),
    "free_guests": free_guests,
    "price_per_guest": lambda b, prices: [price - min(price, b["amount"]) for price in prices],
}


def divided(amount: int, weights: list[int]) -> list[int]:
    """In proportion, whole cents; spare ones go down the line from guest 1, past those with no weight."""
    if not sum(weights):
        return [0 for _ in weights]
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [floor(part) for part in exact]
    for guest in [guest for guest, weight in enumerate(weights) if weight][: amount - sum(parts)]:
        parts[guest] += 1
    return parts


def rounded(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


def given_code(asked: Asked) -> str | None:
    return (asked.request.get("promo_code") or "").strip().lower() or None


def or_else(bound: int | None, default: int) -> int:
    return default if bound is None else bound


def promo_of(asked: Asked, outcomes: dict[str, str]) -> tuple[str, str | None]:
    code = given_code(asked)
    if code is None:
        return "none", None
    named = [rule["id"] for rule in asked.rules if rule["code"] and rule["code"].lower() == code]
    outcome = outcomes[named[0]] if named else "code_unknown"
    if outcome == "applied":
        return "accepted", None
    return "refused", "code_outside_dates" if outcome in ("dates", "blackout") else outcome
