"""A winery's rules and its guests' visits, generated: the same seed, the same work for every engine."""

import random
from datetime import date, timedelta
from typing import Any, NamedTuple

from cellarhand.domain.discounts.schema.schema import CONSUMER_CHANNELS

CLUBS = [f"club-{n}" for n in range(20)]
TYPES = [f"type-{n}" for n in range(5)]
EVENTS = [f"event-{n}" for n in range(10)]
FEES = dict(zip(EVENTS, [2500, 3500, 2501, 6000, 9000, 4500, 1999, 7500, 12000, 3000], strict=True))
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
FIRST_DAY = date(2026, 6, 1)
DAYS = 120
HOURS = [f"{hour:02}:{minute:02}" for hour in range(10, 17) for minute in (0, 15, 30, 45)]

MIN_CONDITIONS = 3

type Rule = dict[str, Any]


class Asked(NamedTuple):
    """A visit: by a member of one club who carries one contact type, known to the CRM."""

    club: str
    contact_type: str
    event: str
    channel: str
    code: str
    starts_at: str
    booked_at: str
    party_size: int


def rules(count: int, seed: int = 7) -> list[Rule]:
    """Rules with some four conditions each, in the form of the discount schema's document."""
    source = random.Random(seed)  # noqa: S311 - repeatable
    return [_narrow_rule(source, number) for number in range(count)]


def visits(count: int, seed: int) -> list[Asked]:
    """Visits spread evenly over clubs, events, channels, days and hours: the least favourable to an index."""
    source = random.Random(1_000 + seed)  # noqa: S311 - repeatable
    return [_visit(source) for _ in range(count)]


def never_matching(count: int, seed: int = 11) -> list[Rule]:
    """More rules, as a winery collects them: for other events, for other clubs, and of seasons gone by."""
    source = random.Random(seed)  # noqa: S311 - repeatable
    found = [_narrow_rule(source, 100_000 + number) for number in range(count)]
    for number, rule in enumerate(found):
        rule["code"] = None
        if number % 3 == 0:
            rule["what"] = {"events": [f"elsewhere-{number % 40}"]}
        elif number % 3 == 1:
            rule["who"] = rule["who"] | {"clubs_any": [f"other-club-{number % 40}"]}
        else:
            ended = FIRST_DAY - timedelta(days=source.randint(1, 700))
            rule["when"] = rule["when"] | {"valid": {"by": "event_date", "to": ended.isoformat()}}
    return found


def _narrow_rule(source: random.Random, number: int) -> Rule:
    """A rule with three conditions at least: one for everybody would beat all others."""
    while True:
        rule = _rule(source, number)
        asked = [rule["code"], *rule["who"].values(), rule["what"]["events"] != "all", *rule["when"]]
        if sum(map(bool, asked)) >= MIN_CONDITIONS:
            return rule


def _rule(source: random.Random, number: int) -> Rule:
    def some(chance: float, value: Any) -> Any:
        return value if source.random() < chance else None

    least = source.randint(1, 5)
    rule: Rule = {
        "id": f"r{number:06}",
        "name": f"Rule {number}",
        "priority": source.randint(1, 9),
        "who": {
            "clubs_any": some(0.75, source.sample(CLUBS, source.randint(1, 4))) or [],
            "contact_types_any": some(0.5, source.sample(TYPES, source.randint(1, 3))) or [],
        },
        "what": {"events": some(0.6, source.sample(EVENTS, source.randint(1, 4))) or "all"},
        "when": _when(source, least),
        "benefit": _benefit(source),
        "guests_covered_max": some(0.3, source.randint(2, 6)),
        "discount_max": some(0.3, source.choice([1000, 2500, 5000])),
        "code": some(0.15, f"CODE{number % 40}"),
    }
    if number >= 40:
        rule["code"] = None
    return rule


def _when(source: random.Random, least: int) -> dict[str, Any]:
    when: dict[str, Any] = {}
    if source.random() < 0.3:
        when["channels"] = source.sample(CONSUMER_CHANNELS, source.randint(1, 3))
    if source.random() < 0.3:
        when["weekdays"] = source.sample(WEEKDAYS, source.randint(2, 5))
    if source.random() < 0.3:
        when["start_times"] = {"from": source.choice(HOURS[:12]), "to": source.choice(HOURS[12:])}
    if source.random() < 0.4:
        when |= {"party_size_min": least, "party_size_max": least + source.randint(0, 5)}
    if source.random() < 0.3:
        when["booked_days_ahead_min"] = source.choice([3, 7, 14, 30])
    if source.random() < 0.3:
        first = FIRST_DAY + timedelta(days=source.randint(0, 60))
        last = first + timedelta(days=source.randint(20, 60))
        by = source.choice(["event_date", "event_date", "booked_date"])
        when["valid"] = {"by": by, "from": first.isoformat(), "to": last.isoformat()}
    return when


def _benefit(source: random.Random) -> dict[str, Any]:
    return source.choice(
        [
            {"kind": "percent_off", "percent": source.choice(["2.5", "10", "12.5", "20", "33.3333"])},
            {"kind": "percent_off", "percent": "15", "rounds": "per_reservation"},
            {"kind": "amount_off_per_guest", "amount": source.choice([300, 500, 1000])},
            {"kind": "amount_off_per_reservation", "amount": source.choice([1000, 1500, 5000])},
            {"kind": "free_guests", "guests": source.randint(1, 2)},
            {"kind": "price_per_guest", "amount": source.choice([1500, 2000])},
        ]
    )


def _visit(source: random.Random) -> Asked:
    day = FIRST_DAY + timedelta(days=source.randrange(DAYS))
    booked = day - timedelta(days=source.randint(0, 60))
    return Asked(
        club=source.choice(CLUBS),
        contact_type=source.choice(TYPES),
        event=source.choice(EVENTS),
        channel=source.choice(CONSUMER_CHANNELS),
        code=f"CODE{source.randrange(40)}" if source.random() < 0.2 else "",
        starts_at=f"{day}T{source.choice(HOURS)}",
        booked_at=f"{booked}T{source.randrange(24):02}:{source.randrange(60):02}",
        party_size=source.randint(1, 8),
    )
