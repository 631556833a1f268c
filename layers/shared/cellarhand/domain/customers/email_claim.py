"""The claim that decides which process may create the customer of an e-mail address.

The claim is read before the CRM is searched. It is saved with an intent *before* the customer is created, on
the condition that it hasn't changed since it was read. So for two bookings of one new guest, one process
creates the customer and the other waits. The claim's version is the fence: a process that lost the claim
can't write any more.

Why: docs/decisions.md#the-claims-version-is-the-fence
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
"""How long to wait for a creation that another process is sending."""


class CustomerIntent(FrozenModel):
    """A creation that may be in flight. `unknown`: its sender recorded that it got no answer."""

    reservation_id: str
    sent_at: datetime
    settle_until: datetime
    unknown: bool = False


class CustomerClaim(Record):
    """One e-mail's customer: the customer's id, or an intent to create one.

    `visible_at`: until then a read may not show the customer that we have just created.
    `unanswered`: how many creations in a row got no answer and were not found in the CRM.
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
        """One per tenant and e-mail; it doesn't contain the address."""
        return customer_claim_key(self.tenant_id, self.email_hash)


def email_hash(hash_key: str, email: str) -> str:
    """Hash a normalised address for use in keys: HMAC-SHA-256 with the tenant's own key."""
    return hmac.new(hash_key.encode(), email.encode(), sha256).hexdigest()


def customer_claim_key(tenant_id: str, hashed: str) -> Key:
    """The key of a claim."""
    return Key(tenant_partition(tenant_id), f"CUST#{hashed}")


def waits_until(claim: CustomerClaim, now: datetime, timers: Timers) -> datetime | None:
    """When to check a creation in flight again; None if there is none, or it has settled."""
    intent = claim.intent
    if intent is None or intent.settle_until <= now:
        return None
    sender_may_be_running = not intent.unknown and now < intent.sent_at + timedelta(seconds=timers.sending)
    return now + LOOK_AGAIN if sender_may_be_running else intent.settle_until


def with_intent_to_create(
    claim: CustomerClaim, reservation_id: str, now: datetime, timers: Timers
) -> CustomerClaim:
    """Add the intent to create the customer; saved before the call is sent."""
    intent = CustomerIntent(reservation_id=reservation_id, sent_at=now, settle_until=now + timers.settle)
    changes = {"intent": intent, "customer_id": None, "duplicates": 0, "visible_at": None}
    return claim.model_copy(update=changes)


def with_customer(claim: CustomerClaim, customer_id: str, duplicates: int = 0) -> CustomerClaim:
    """Record the customer that the CRM shows."""
    return CustomerClaim(
        version=claim.version,
        tenant_id=claim.tenant_id,
        email_hash=claim.email_hash,
        customer_id=customer_id,
        duplicates=duplicates,
    )


def with_duplicates(claim: CustomerClaim, duplicates: int) -> CustomerClaim:
    """Record how many other customers with this e-mail the CRM shows besides the one that we created."""
    return claim.model_copy(update={"duplicates": duplicates})


def without_customer(claim: CustomerClaim) -> CustomerClaim:
    """Forget the customer, so that the next upsert searches the CRM."""
    return CustomerClaim(version=claim.version, tenant_id=claim.tenant_id, email_hash=claim.email_hash)


def with_created_customer(
    claim: CustomerClaim, customer_id: str, now: datetime, timers: Timers
) -> CustomerClaim:
    """Record the customer that the CRM has created but may not show yet."""
    visible_at = now + timedelta(seconds=timers.read_lag + timers.clock_skew)
    return with_customer(claim, customer_id).model_copy(update={"visible_at": visible_at})


def may_be_unseen(claim: CustomerClaim, now: datetime) -> bool:
    """Whether the CRM may not show the created customer yet, so that an empty result proves nothing."""
    return claim.visible_at is not None and now < claim.visible_at


def without_intent(claim: CustomerClaim) -> CustomerClaim:
    """Remove the intent: the creation was certainly not executed."""
    return claim.model_copy(update={"intent": None})


def with_unanswered_creation(claim: CustomerClaim) -> CustomerClaim:
    """Record that the creation got no answer. It may still happen, so the intent stays until it settles."""
    if claim.intent is None:
        return claim
    intent = claim.intent.model_copy(update={"unknown": True})
    return claim.model_copy(update={"intent": intent, "unanswered": claim.unanswered + 1})


def next_check_at(claim: CustomerClaim, now: datetime) -> datetime:
    """When to check an unanswered creation: after the settle time, doubled each time, an hour at most."""
    if claim.intent is None:
        return now
    settle = claim.intent.settle_until - claim.intent.sent_at
    doubled = settle * (1 << min(claim.unanswered - 1, _DOUBLINGS))
    return claim.intent.sent_at + max(settle, min(doubled, HOURLY))
