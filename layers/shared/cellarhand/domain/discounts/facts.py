"""What rules are asked about: a visit and a guest, reduced to what conditions compare."""

from dataclasses import dataclass

from cellarhand.domain.customer import Customer, MembershipStatus
from cellarhand.domain.tenant import EventBody, Policy

from .local_dates import Weekday, days_between, weekday_of
from .names import fold_label
from .request import DiscountRequest
from .schema import Channel


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is known of the guest.

    `crm_unavailable`: the look-up failed, so nobody can say. `login_missing`: the winery gives member
    prices to logged-in guests only and this one is not; invitations are not affected.
    """

    customer: Customer | None = None
    crm_unavailable: bool = False
    login_missing: bool = False


NOBODY = Recognition()


@dataclass(frozen=True, slots=True)
class Visit:
    """A booking as rules see it. Moments are the winery's local `YYYY-MM-DDTHH:MM`; tags and code folded."""

    event_id: str
    tags: tuple[str, ...]
    starts_at: str
    booked_at: str
    party_size: int
    channel: Channel
    code: str | None

    @property
    def weekday(self) -> Weekday:
        """Of the visit."""
        return weekday_of(self.starts_at)

    @property
    def days_ahead(self) -> int:
        """Calendar days from booking to visit; below 0 when booked afterwards."""
        return days_between(self.booked_at, self.starts_at)


def visit_of(request: DiscountRequest, event: EventBody, booked_at: str) -> Visit:
    """The visit that a request asks for. `booked_at`: local `YYYY-MM-DDTHH:MM`."""
    return Visit(
        event_id=request.event_id,
        tags=tuple(fold_label(tag) for tag in event.tags),
        starts_at=request.starts_at,
        booked_at=booked_at,
        party_size=request.party_size,
        channel=request.channel,
        code=fold_label(request.promo_code) if request.promo_code else None,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A guest as rules see them: ids of clubs whose benefits count, of all clubs, of contact types."""

    benefits: tuple[str, ...] = ()
    clubs: tuple[str, ...] = ()
    contact_types: tuple[str, ...] = ()

    @classmethod
    def of(cls, customer: Customer | None, policy: Policy) -> "Standing":
        """What the CRM's record amounts to under the winery's policy for memberships on hold."""
        if customer is None:
            return STRANGER
        counting = {MembershipStatus.ACTIVE}
        if policy.membership_on_hold == "keeps_benefits":
            counting.add(MembershipStatus.ON_HOLD)
        return cls(
            benefits=tuple(held.club_id for held in customer.memberships if held.status in counting),
            clubs=tuple(held.club_id for held in customer.memberships),
            contact_types=tuple(kind.id for kind in customer.contact_types),
        )


STRANGER = Standing()
