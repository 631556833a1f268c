"""Guests are recognised, priced and booked."""

from cellarhand.domain.tenants.access_key import Role
from tests.api_examples.winery import ADA, SCHEMA, VISIT, ExampleWinery, snapshot

PUT = "PUT /v1/reservations/{reservation_id}"


def look_ups(winery: ExampleWinery) -> None:
    """Who is this?"""
    search = "POST /v1/customers/search"
    winery.ask(search, "by e-mail", role=Role.ENGINE, body={"email": ADA.email})
    winery.ask(search, "by last name", body={"last_name": "Abernathy"})
    winery.ask(search, "invalid_json", raw_body='{"email": ', expect=400)
    anonymous = {"role": Role.ENGINE, "anonymous": True}
    winery.ask(search, "anonymous_key", body={"email": ADA.email}, expect=403, **anonymous)
    winery.ask("GET /v1/customers/{customer_id}", "member", role=Role.ENGINE, path={"customer_id": "c-1"})
    winery.ask(
        "GET /v1/customers/{customer_id}", "customer_not_found", path={"customer_id": "c-9"}, expect=404
    )


def quotes(winery: ExampleWinery) -> None:
    """What does the visit cost, for whom?"""
    evaluate = "POST /v1/discounts/evaluate"
    visit = {**VISIT, "guest": {"email": ADA.email}}
    winery.ask(evaluate, "member", role=Role.ENGINE, body=visit)
    coded = {**VISIT, "promo_code": "HARVEST10"}
    winery.ask(evaluate, "promo code", role=Role.ENGINE, body=coded)
    winery.ask(evaluate, "anonymous", role=Role.ENGINE, anonymous=True, body=visit)
    unknown = {**VISIT, "event_id": "cellar-tour"}
    winery.ask(evaluate, "event_not_found", role=Role.ENGINE, body=unknown, expect=404)


def reservations(winery: ExampleWinery) -> None:
    """Snapshots, and what staff decide about them."""
    path = {"reservation_id": "r-1001"}
    winery.ask(PUT, "new guest", role=Role.ENGINE, path=path, body=snapshot())
    other = snapshot(guest_note="Terrace, please")
    winery.ask(PUT, "sequence_reused", role=Role.ENGINE, path=path, body=other, expect=409)
    nameless = {"email": "olive@example.com", "first_name": "Olive"}
    without = {"reservation_id": "r-1002"}
    winery.ask(
        PUT,
        "guest without last name",
        role=Role.ENGINE,
        path=without,
        body=snapshot(number=1002, guest=nameless),
    )
    retry = "POST /v1/reservations/{reservation_id}/retry"
    winery.ask(retry, "last name added", path=without, body={"guest": {"last_name": "Overton"}})
    third = {"reservation_id": "r-1003"}
    winery.ask(PUT, role=Role.ENGINE, path=third, body=snapshot(number=1003))
    winery.ask("POST /v1/reservations/{reservation_id}/exclude", "exclude", path=third)
    winery.ask("POST /v1/reservations/{reservation_id}/include", "include", path=third)
    winery.ask("GET /v1/reservations/{reservation_id}", "reservation", path=path)
    winery.ask("GET /v1/reservations", "of one day", query={"from": "2026-06-05", "to": "2026-06-05"})
    replay = {"draft": {"rules": SCHEMA["rules"][:1]}, "replay": {"days": 30}}
    winery.ask("POST /v1/discounts/simulate", "the visits of a month", body=replay)
