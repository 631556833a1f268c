"""Four calls to the running demo winery, as `make run` prints them and README's "Try it" shows them."""

from pathlib import Path

from sandbox.machine.places import DEMO_ENV
from sandbox.winery.demo import Demo
from sandbox.winery.private_file import write_private

LINES = r"""
. .local/demo.env

curl -s "$API/v1/customers/search" -H "$ENGINE" -H "$JSON" -d '{"email": "ada.abernathy@example.com"}'; echo

curl -s "$API/v1/discounts/evaluate" -H "$ENGINE" -H "$JSON" -d '{"event_id": "estate-tasting",
  "starts_at": "2030-06-15T11:00", "party_size": 2, "channel": "widget",
  "guest": {"email": "ada.abernathy@example.com"}}'; echo

curl -s -X PUT "$API/v1/reservations/try-1" -H "$ENGINE" -H "$JSON" -d '{"sequence": 1, "number": 1001,
  "state": "confirmed", "event_id": "estate-tasting", "starts_at": "2030-06-15T11:00", "party_size": 2,
  "booked_at": "2030-06-01T18:30:00Z", "booking_source": "WGT",
  "guest": {"email": "ada.abernathy@example.com", "first_name": "Ada", "last_name": "Abernathy"},
  "fee_per_guest": 3500, "discounts": [{"rule": "founders-half", "guests": 2, "amount": 3500}],
  "tax": 289, "total": 3789, "paid": 3789}'; echo

curl -s "$API/v1/order-syncs" -H "$STAFF" -H "$JSON" -d '{"reservation_ids": ["try-1"],
  "dry_run": true}'; echo
""".strip()
"""Look-up, quote, reservation and preview of its order. They can be repeated; nothing is sent to the CRM."""


def write_demo_env(demo: Demo, file: Path = DEMO_ENV) -> None:
    """Write the shell variables that `LINES` use: the API's address and the headers of both callers."""
    variables = {
        "API": demo.stack.api_url,
        "ENGINE": f"Authorization: Bearer {demo.engine.key}",
        "STAFF": f"Authorization: Bearer {demo.staff.key}",
        "JSON": "Content-Type: application/json",
    }
    write_private(file, "".join(f"{name}='{value}'\n" for name, value in variables.items()))
