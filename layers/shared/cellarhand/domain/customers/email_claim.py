"""The one place where it is decided who may create the customer of an e-mail address.

A claim is saved with an intent *before* a customer is created, on the condition that nobody changed the
claim since it was read, and it was read before the CRM was searched. So of two bookings of one new guest one
creates and the other waits. The claim's version is the fence: whoever lost the claim writes nothing any more.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.reliability.backoff import HOURLY
from cellarhand.domain.reliability.settle_time import Timers

_DOUBLINGS = 16
LOOK_AGAIN = timedelta(seconds=5)
"""When to look again at a creation that somebody else is just about."""


class CustomerIntent(FrozenModel):
    """A creation that may be in the air. `unknown`: its sender said that it got no answer."""

    reservation_id: str
    sent_at: datetime
    settle_until: datetime
    unknown: bool = False


class CustomerClaim(Record):
    """What is known of one e-mail's customer: the id, or an intent to create one.

    `visible_at`: until then a read may still miss the customer whom we have just created.
    `unanswered`: how many creations in a row got no answer and were not found to have happened.
    """

    tenant_id: str
    email_hash: str
    customer_id: str | None = None
    duplicates: int = 0
    visible_at: datetime | None = None
    unanswered: int = 0
    intent: CustomerIntent | None = None

    @property
    def key(self) -> Key:
        """One per e-mail of a tenant; the address itself is not in it."""
        return customer_claim_key(self.tenant_id, self.email_hash)


def email_hash(hash_key: str, email: str) -> str:
    """What stands for a normalised address in keys: HMAC-SHA-256 under the tenant's own key."""
    return hmac.new(hash_key.encode(), email.encode(), sha256).hexdigest()


def customer_claim_key(tenant_id: str, hashed: str) -> Key:
    """Where a claim lives."""
    return Key(tenant_partition(tenant_id), f"CUST#{hashed}")


def waits_until(claim: CustomerClaim, now: datetime, timers: Timers) -> datetime | None:
    """When to look again at a creation in the air; None if there is none, or it has settled."""
    intent = claim.intent
    if intent is None or intent.settle_until <= now:
        return None
    sender_may_live = not intent.unknown and now < intent.sent_at + timedelta(seconds=timers.sending)
    return now + LOOK_AGAIN if sender_may_live else intent.settle_until


def intending(claim: CustomerClaim, reservation_id: str, now: datetime, timers: Timers) -> CustomerClaim:
    """About to create: saved before the call leaves."""
    intent = CustomerIntent(reservation_id=reservation_id, sent_at=now, settle_until=now + timers.settle)
    fresh = {"intent": intent, "customer_id": None, "duplicates": 0, "visible_at": None}
    return claim.model_copy(update=fresh)


def known(claim: CustomerClaim, customer_id: str, duplicates: int = 0) -> CustomerClaim:
    """The CRM shows the customer."""
    return CustomerClaim(
        version=claim.version,
        tenant_id=claim.tenant_id,
        email_hash=claim.email_hash,
        customer_id=customer_id,
        duplicates=duplicates,
    )


def shared(claim: CustomerClaim, duplicates: int) -> CustomerClaim:
    """The CRM shows others of the same e-mail beside the customer whom we created."""
    return claim.model_copy(update={"duplicates": duplicates})


def forgotten(claim: CustomerClaim) -> CustomerClaim:
    """Nobody is known: the next one asks the CRM."""
    return CustomerClaim(version=claim.version, tenant_id=claim.tenant_id, email_hash=claim.email_hash)


def claimed_for_created(
    claim: CustomerClaim, customer_id: str, now: datetime, timers: Timers
) -> CustomerClaim:
    """The CRM says that it has created the customer, but may not show them for a while."""
    visible_at = now + timedelta(seconds=timers.read_lag + timers.clock_skew)
    return known(claim, customer_id).model_copy(update={"visible_at": visible_at})


def may_be_unseen(claim: CustomerClaim, now: datetime) -> bool:
    """Whether a read that finds nobody says nothing yet."""
    return claim.visible_at is not None and now < claim.visible_at


def not_created(claim: CustomerClaim) -> CustomerClaim:
    """The creation certainly did not happen."""
    return claim.model_copy(update={"intent": None})


def creation_unanswered(claim: CustomerClaim) -> CustomerClaim:
    """The creation may have happened, or may still: the intent stays until it has settled."""
    if claim.intent is None:
        return claim
    intent = claim.intent.model_copy(update={"unknown": True})
    return claim.model_copy(update={"intent": intent, "unanswered": claim.unanswered + 1})


def checked_again(claim: CustomerClaim, now: datetime) -> datetime:
    """When its sender looks again at an unanswered creation: once settled, later each time, then hourly."""
    if claim.intent is None:
        return now
    settle = claim.intent.settle_until - claim.intent.sent_at
    doubled = settle * (1 << min(claim.unanswered - 1, _DOUBLINGS))
    return claim.intent.sent_at + max(settle, min(doubled, HOURLY))
