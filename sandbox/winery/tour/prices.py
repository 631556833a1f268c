"""Member prices, to the cent, with the reason for every rule."""

from typing import Any

from sandbox.winery import members
from sandbox.winery.demo import Demo
from sandbox.winery.narration import dollars


def member_price(demo: Demo) -> None:
    """Three guests ask for the same visit: a member, a stranger, a member with a code."""
    demo.report.step(
        "Member price",
        "Estate Tasting, five guests at $35.00. Founders Circle: half price for up to four; tax 8.25 %.",
    )
    member = _quote(demo, guest={"email": members.FOUNDER})
    demo.report.equal("the member's discount is $70.00 (4 x $17.50)", member["discount"], 7000)
    demo.report.equal("tax is $8.66 on $105.00, half up", member["tax"], 866)
    demo.report.equal("she pays $113.66", member["total"], 11366)
    stranger = _quote(demo, guest={"email": "nobody@example.com"})
    demo.report.equal("a stranger pays $189.44", stranger["total"], 18944)
    refused = {rule["rule"]: rule["reason"] for rule in stranger["rules"]}
    demo.report.equal("with its reason: founders-half", refused["founders-half"], "not_member")


def promo_code(demo: Demo) -> None:
    """A code replaces the member price, even when it is worth less (the winery's policy)."""
    demo.report.step("Promo code", "HARVEST10 replaces the automatic discount, even though it is worth less.")
    coded = _quote(demo, guest={"email": members.FOUNDER}, promo_code=" harvest10 ")
    demo.report.equal("the code is accepted", coded["promo"]["status"], "accepted")
    demo.report.equal("10 % of $175.00", coded["discount"], 1750)
    outcome = {rule["rule"]: rule["reason"] for rule in coded["rules"] if rule["outcome"] == "refused"}
    demo.report.equal("the member rule says why it stood back", outcome["founders-half"], "replaced_by_promo")
    wrong = _quote(demo, guest=None, promo_code="SPRING")
    demo.report.equal("an unknown code is named as such", wrong["promo"]["reason"], "code_unknown")


def invite_only(demo: Demo) -> None:
    """The library dinner is for the Founders Circle and the trade."""
    demo.report.step("Invite list", "The Library Dinner is open to the Founders Circle and the trade only.")
    asked = {"event_id": "library-dinner"}
    member = _quote(demo, guest={"email": members.FOUNDER}, **asked)
    demo.report.equal("a founder may book", member["access"]["allowed"], True)
    stranger = _quote(demo, guest={"email": "nobody@example.com"}, **asked)
    demo.report.equal("a stranger may not", stranger["access"]["reason"], "invite_required")


def _quote(demo: Demo, *, guest: dict[str, str] | None, **details: Any) -> dict[str, Any]:
    request = {
        "event_id": "estate-tasting",
        "starts_at": f"{demo.visit.yesterday.isoformat()}T11:00",
        "party_size": 5,
        "channel": "widget",
        **({"guest": guest} if guest else {}),
        **details,
    }
    quote = demo.engine.ask("POST", "/v1/discounts/evaluate", request)
    who = guest["email"] if guest else "nobody named"
    demo.report.answer(
        f"{who}, {request['event_id']}",
        f"{dollars(quote['fees'])} - {dollars(quote['discount'])} + tax {dollars(quote['tax'])}"
        f" = {dollars(quote['total'])}",
    )
    return quote
