"""Connecting to VinSuite and recognising who books."""

from sandbox.winery import members
from sandbox.winery.demo import Demo


def test_login(demo: Demo) -> None:
    """Staff test the winery's VinSuite login."""
    demo.report.step(
        "Test Login", "Is the winery's VinSuite login good? Five kinds of trouble are distinguished."
    )
    found = demo.staff.ask("POST", "/v1/settings/test-login")
    demo.report.answer("answer", found)
    demo.report.equal("the login works", found["connection"], "works")


def look_up(demo: Demo) -> None:
    """The booking engine recognises a club member by e-mail, staff find people by last name."""
    demo.report.step("Look-up", "Who is booking? By e-mail for the engine, by last name for staff (Match).")
    found = demo.engine.ask("POST", "/v1/customers/search", {"email": f"  {members.FOUNDER.upper()} "})
    person = found["customers"][0]
    demo.report.answer("by e-mail", {key: person[key] for key in ("first_name", "last_name", "memberships")})
    membership = person["memberships"][0]
    demo.report.equal("she is in the Founders Circle", membership["club"], "Founders Circle")
    demo.report.equal(
        "and it gives her benefits", (membership["status"], membership["benefits"]), ("active", True)
    )
    family = demo.staff.ask("POST", "/v1/customers/search", {"last_name": "ABERNATHY"})
    demo.report.equal("eight people have that last name", len(family["customers"]), 8)
    _two_records(demo)
    unknown = demo.engine.ask("POST", "/v1/customers/search", {"email": "nobody@example.com"})
    demo.report.equal("a stranger is a plain answer, not an error", unknown["customers"], [])


def _two_records(demo: Demo) -> None:
    twice = demo.staff.ask("POST", "/v1/customers/search", {"email": members.TWICE_ON_FILE})
    first, second = twice["customers"]
    demo.report.equal("two records with one e-mail are flagged", first["duplicates"], [second["customer_id"]])
    demo.report.equal("the one with an active membership comes first", first["first_name"], "Farid")
