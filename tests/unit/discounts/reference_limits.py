"""The second engine's allowances, written from the prose alone."""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.unit.discounts.reference import Asked, Rule

type Row = tuple[str, str, str, int]
"""Rule, kind, period, and what is left."""

REASONS = {
    "code": "code_used_up",
    "code_and_guest": "code_already_used_by_guest",
    "member": "member_limit_reached",
}


def left(rule: "Rule", asked: "Asked") -> list[Row]:
    """What is left of everything that limits a rule, in the order of asking."""
    code = (rule["code"] or "").lower()
    keys: list[tuple[str, str, str, int | None]] = [
        ("code", code, "ever", rule["code_limit_total"]),
        ("code_and_guest", code, "ever", rule["code_limit_per_guest"]),
    ]
    if member := rule["limit_per_member"]:
        keys.append(("member", rule["id"], period(rule, member, asked), member["maximum"]))
    return [
        (rule["id"], of, when, max(0, most - asked.used.get((of, subject, when), 0)))
        for of, subject, when, most in keys
        if most is not None
    ]


def limited(rule: "Rule", rows: list[Row]) -> tuple["Rule", str | None]:
    """The rule for as many guests as are left, or why it is out."""
    by_guests = bool(rule["limit_per_member"]) and rule["limit_per_member"]["counts"] == "guests"
    for _, of, _, rest in rows:
        wanted = rule["guests_covered_min"] or 1 if of == "member" and by_guests else 1
        if rest < wanted:
            return rule, REASONS[of]
        if of == "member" and by_guests:
            rule = rule | {"guests_covered_max": min(rest, rule["guests_covered_max"] or rest)}
    return rule, None


def period(rule: "Rule", limit: dict[str, Any], asked: "Asked") -> str:
    """The period that counts, by name."""
    moment = asked.request["starts_at"] if limit["counted_on"] == "event_date" else asked.booked_at
    day = date.fromisoformat(moment[:10])
    names = {
        "day": f"day:{day}",
        "calendar_month": f"calendar_month:{day:%Y-%m}",
        "calendar_year": f"calendar_year:{day:%Y}",
        "membership_year": membership_year(rule, day, asked),
        "ever": "ever",
    }
    return names[limit["period"]]


def membership_year(rule: "Rule", day: date, asked: "Asked") -> str:
    """From the last anniversary on."""
    customer, wanted = asked.recognition.customer, rule["who"]["clubs_any"]
    joined = [
        held.joined_on
        for held in (customer.memberships if customer else ())
        if held.joined_on and (wanted in ("all", []) or held.club_id in wanted)
    ]
    if not joined:
        return f"calendar_year:{day:%Y}"
    first = min(joined)
    begun = (day.month, day.day) >= (first.month, first.day)
    return f"membership_year:{day.year if begun else day.year - 1}-{first:%m-%d}"
