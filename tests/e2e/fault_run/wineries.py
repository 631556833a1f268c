"""Ten wineries, so that one's open breaker does not hold up the others, with their VinSuite books."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import SecretStr

from sandbox.vinsuite.state.book import Book, Club, Member, Membership, Product, Seed
from sandbox.vinsuite.wire.values import stable_id
from sandbox.winery.clients import Cellarhand

NAMES = (
    "aspen-hill",
    "birch-lane",
    "cedar-gate",
    "dogwood-run",
    "elm-court",
    "fir-bank",
    "gum-tree",
    "hazel-end",
    "ivy-green",
    "juniper-bay",
)
SKU = "TASTE"
PASSWORD = "fault-run-only"
_LONG_AGO = datetime(2025, 1, 5, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Winery:
    """A tenant with its callers."""

    name: str
    engine: Cellarhand
    staff: Cellarhand


def on_hold_email(winery: str, place: int) -> str:
    """A member on hold whom VinSuite knows before the run."""
    return f"member{place}@{winery}.example.com"


def seed(winery: str) -> Seed:
    """Two members on hold, one SKU."""
    club = stable_id(f"{winery}/club")
    return Seed(
        username=f"{winery}-ws",
        password=SecretStr(PASSWORD),
        book=Book(
            winery_id=stable_id(winery),
            title=winery,
            clubs=(Club(club_level_id=club, title="Cellar Club"),),
            members=tuple(_on_hold(winery, place) for place in range(2)),
            products=(Product(product_id=stable_id(f"{winery}/sku"), sku=SKU, title="Tasting"),),
        ),
    )


def onboard(support: Cellarhand, winery: str) -> Winery:
    """Take the winery on and configure it."""
    tenant = {
        "tenant_id": winery,
        "name": winery,
        "timezone": "America/Los_Angeles",
        "currency": "USD",
        "provider": "vinsuite",
        "crm_environment": "sandbox",
    }
    made = support.ask("POST", "/v1/tenants", tenant, status=201)
    keys = {role: Cellarhand(support.url, key["key"]) for role, key in made["keys"].items()}
    login = {"username": f"{winery}-ws", "password": PASSWORD}
    keys["staff"].ask("PUT", "/v1/settings/credentials", login, status=204)
    event = {"name": "Tasting", "sku": SKU, "fee_per_guest": 2500, "tax_percent": "0"}
    keys["staff"].ask("PUT", "/v1/events/tasting", event)
    return Winery(winery, keys["engine"], keys["staff"])


def _on_hold(winery: str, place: int) -> Member:
    membership = Membership(
        club_membership_id=stable_id(f"{winery}/membership/{place}"),
        club_level_id=stable_id(f"{winery}/club"),
        state="on_hold",
    )
    return Member(
        member_id=stable_id(f"{winery}/member/{place}"),
        email=on_hold_email(winery, place),
        first_name="Mel",
        last_name="Holder",
        modified_at=_LONG_AGO,
        memberships=(membership,),
    )
