"""Rules and visits as the peers take them: days and hours as numbers, labels as they are."""

from datetime import date
from typing import Any

from .workload import FEES, WEEKDAYS, Asked, Rule

type Facts = dict[str, Any]


def facts(visit: Asked) -> Facts:
    """What a peer is given for a visit; made outside the timing."""
    day, booked = _day(visit.starts_at), _day(visit.booked_at)
    return {
        "club": visit.club,
        "kind": visit.contact_type,
        "event": visit.event,
        "channel": visit.channel,
        "code": visit.code,
        "weekday": WEEKDAYS[date.fromordinal(day).weekday()],
        "hour": minutes(visit.starts_at[11:]),
        "day": day,
        "booked": booked,
        "ahead": day - booked,
        "party": visit.party_size,
        "fee": FEES[visit.event],
    }


def wanted(rule: Rule) -> dict[str, list[str]]:
    """By fact, the labels that a rule is content with."""
    who, when = rule["who"], rule["when"]
    every = {
        "code": [rule["code"]] if rule["code"] else [],
        "event": [] if rule["what"]["events"] == "all" else rule["what"]["events"],
        "club": who["clubs_any"],
        "kind": who["contact_types_any"],
        "channel": when.get("channels", []),
        "weekday": when.get("weekdays", []),
    }
    return {fact: labels for fact, labels in every.items() if labels}


def bounds(rule: Rule) -> list[tuple[str, int | None, int | None]]:
    """Facts with the least and the largest value that a rule is content with."""
    when = rule["when"]
    valid, hours = when.get("valid", {}), when.get("start_times", {})
    every = [
        (
            "day" if valid.get("by") == "event_date" else "booked",
            _day(valid.get("from")),
            _day(valid.get("to")),
        ),
        ("hour", minutes(hours.get("from")), minutes(hours.get("to"))),
        ("ahead", when.get("booked_days_ahead_min"), None),
        ("party", when.get("party_size_min"), when.get("party_size_max")),
    ]
    return [(fact, least, most) for fact, least, most in every if (least, most) != (None, None)]


def ranked(rules: list[Rule]) -> list[Rule]:
    """In the order that settles equal discounts."""
    return sorted(rules, key=lambda rule: (rule["priority"], rule["id"]))


def minutes(hour: Any) -> Any:
    """`HH:MM` as minutes of the day; absent stays absent."""
    return hour and int(hour[:2]) * 60 + int(hour[3:])


def _day(moment: Any) -> Any:
    return moment and date.fromisoformat(moment[:10]).toordinal()
