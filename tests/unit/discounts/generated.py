"""Generated schemas, guests and visits: narrow enough that conditions meet and fail about as often."""

import random
from typing import Any

from cellarhand.domain.discounts.engine.facts import Recognition
from cellarhand.domain.discounts.schema.schema import EVERY_CHANNEL, DiscountSchema
from cellarhand.domain.tenants.event import EventBody
from cellarhand.domain.tenants.settings import Policy
from tests.unit.discounts.case import CAST
from tests.unit.discounts.reference import Asked, Rule

CLUBS = ["club-1", "club-2"]
TYPES = ["type-1", "type-2"]
DAYS = ["2026-06-12", "2026-06-13", "2026-06-14"]
PERIODS = [
    "ever",
    "calendar_year:2026",
    "calendar_month:2026-06",
    *(f"day:2026-06-{day:02}" for day in range(1, 15)),
    *("membership_year:2025-06-14", "membership_year:2026-06-13", "membership_year:2025-06-13"),
    *("membership_year:2026-02-29", "membership_year:2026-01-05", "membership_year:2025-09-01"),
]
CODES = ["Summer", "TRADE10", "x"]


def asked(source: random.Random) -> Asked:
    """One case. The rules are complete documents, so that both engines read the same defaults."""
    rules = [_rule(source, number) for number in range(source.randint(0, 6))]
    codes = [rule["code"] for rule in rules]
    for number, rule in enumerate(rules):
        if rule["code"] in codes[:number]:
            rule |= dict.fromkeys(["code", "code_limit_total", "code_limit_per_guest"])
    complete = DiscountSchema.model_validate({"rules": rules}).model_dump(mode="json")["rules"]
    return Asked(
        rules=complete,
        policy=_policy(source),
        event=_event(source),
        request=_request(source),
        booked_at=f"2026-06-{source.randint(1, 14):02}T{source.choice(['00:00', '09:30', '23:59'])}",
        recognition=_recognition(source),
        used=_used(source, complete),
    )


def _rule(source: random.Random, number: int) -> Rule:
    rule: Rule = {"id": f"rule-{number}", "name": f"Rule {number}", "benefit": _benefit(source)}
    rule |= {"who": _who(source), "what": _what(source), "when": _when(source)}
    rule["active"] = source.random() < 0.95
    rule["priority"] = source.randint(1, 3)
    rule["code"] = _now_and_then(source, 0.3, lambda: source.choice(CODES))
    rule["guests_covered_max"] = _now_and_then(source, 0.3, lambda: source.randint(1, 6))
    most = min(3, rule["guests_covered_max"] or 3)
    rule["guests_covered_min"] = _now_and_then(source, 0.1, lambda: source.randint(1, most))
    capped = rule["benefit"]["kind"] != "access_only"
    rule["limit_per_member"] = _now_and_then(source, 0.35 * capped, lambda: _limit(source, most, rule["who"]))
    rule["code_limit_total"] = rule["code"] and _now_and_then(source, 0.4, lambda: source.randint(2, 3))
    rule["code_limit_per_guest"] = rule["code"] and _now_and_then(source, 0.4, lambda: source.randint(1, 2))
    rule["discount_max"] = _now_and_then(source, 0.3 * capped, lambda: source.randint(1, 4000))
    return rule


def _limit(source: random.Random, least: int, who: dict[str, Any]) -> dict[str, Any]:
    """A membership year goes with named clubs alone: validation refuses every other rule that has one."""
    yearly = ["calendar_year", "membership_year"] if who["clubs_any"] else ["calendar_year"]
    return {
        "counts": source.choice(["uses", "guests"]),
        "maximum": source.randint(least, 5),
        "period": source.choice(["day", "calendar_month", *yearly, "ever"]),
        "counted_on": source.choice(["event_date", "booked_date"]),
    }


def _used(source: random.Random, rules: list[Rule]) -> dict[tuple[str, str, str], int]:
    """Uses in every period that a visit may fall into, and in some that it can't."""
    codes = [(rule["code"] or "").casefold() for rule in rules]
    used = {
        (kind, code, "ever"): source.randint(0, 3) for kind in ("code", "code_and_guest") for code in codes
    }
    for rule in rules:
        for period in PERIODS:
            used["member", rule["id"], period] = source.choice([0, 0, 1, 2, 3, 6])
    return used


def _benefit(source: random.Random) -> dict[str, Any]:
    percent = source.choice(["2.5", "10", "33.3333", "50", "99.9", "100", "0.0001"])
    return source.choice(
        [
            {"kind": "percent_off", "percent": percent},
            {"kind": "percent_off", "percent": percent, "rounds": "per_reservation"},
            {"kind": "amount_off_per_guest", "amount": source.randint(1, 3000)},
            {"kind": "amount_off_per_reservation", "amount": source.randint(1, 9000)},
            {"kind": "free_guests", "guests": source.randint(1, 4)},
            {"kind": "price_per_guest", "amount": source.randint(0, 3000)},
            {"kind": "access_only"},
        ]
    )


def _who(source: random.Random) -> dict[str, Any]:
    return {
        "clubs_any": source.choice([[], [], [], ["club-1"], CLUBS, "all"]),
        "contact_types_any": source.choice([[], [], [], ["type-1"], TYPES]),
        "contact_types_none": source.choice([[], [], [], ["type-2"]]),
    }


def _what(source: random.Random) -> dict[str, Any]:
    return {
        "events": source.choice(["all", "all", "all", ["tasting"], ["tour"], ["tasting", "tour"]]),
        "event_tags": source.choice([[], [], [], ["seated"], ["seated", "guided"]]),
    }


def _when(source: random.Random) -> dict[str, Any]:
    def sometimes(value: Any) -> Any:
        return value if source.random() < 0.12 else None

    return {
        "channels": sometimes(source.sample(EVERY_CHANNEL, 3)),
        "weekdays": sometimes(source.sample(["fri", "sat", "sun"], 2)),
        "start_times": {"from": sometimes("11:00"), "to": sometimes("14:59")},
        "party_size_min": sometimes(source.randint(1, 4)),
        "party_size_max": sometimes(source.randint(2, 6)),
        "booked_days_ahead_min": sometimes(source.randint(0, 6)),
        "booked_days_ahead_max": sometimes(source.randint(0, 12)),
        "valid": {
            "by": source.choice(["booked_date", "event_date"]),
            "from": sometimes(source.choice(["2026-06-05", "2026-06-13", "2026-06-13T11:00"])),
            "to": sometimes(source.choice(["2026-06-12", "2026-06-13", "2026-06-13T11:00"])),
            "blackout": source.choice([[], [], [], ["2026-06-13"], ["2026-06-03", "2026-06-14"]]),
        },
    }


def _policy(source: random.Random) -> Policy:
    return Policy(
        promo_versus_automatic=source.choice(["promo_replaces_automatic", "best_for_guest", "stack"]),
        several_automatic=source.choice(["best_for_guest", "priority", "stack"]),
        membership_on_hold=source.choice(["not_active", "keeps_benefits"]),
    )


def _event(source: random.Random) -> EventBody:
    fee = source.choice([0, 1, 3, 99, 2500, 2501, 3333])
    tags = source.choice([(), ("seated",), ("guided",)])
    return EventBody(name="Visit", fee_per_guest=fee, tax_percent=source.choice(["0", "7.75"]), tags=tags)


def _request(source: random.Random) -> dict[str, Any]:
    return {
        "event_id": source.choice(["tasting", "tour"]),
        "starts_at": f"{source.choice(DAYS)}T{source.choice(['10:59', '11:00', '14:59', '15:00'])}",
        "party_size": source.choice([1, 2, 3, 5, 7]),
        "channel": source.choice(EVERY_CHANNEL),
        "promo_code": source.choice([None, None, " SUMMER ", "trade10", "X", "other", "  "]),
    }


def _recognition(source: random.Random) -> Recognition:
    return CAST[source.choice(list(CAST))]


def _now_and_then(source: random.Random, chance: float, value: Any) -> Any:
    return value() if source.random() < chance else None
