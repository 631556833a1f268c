"""A bookable event of a winery."""

from typing import Annotated

from pydantic import Field

from cellarhand.domain.amounts import MinorUnits, Percent
from cellarhand.domain.models import StrictModel
from cellarhand.domain.records import Key, Record, tenant_partition

Sku = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^\S(.*\S)?$")]


class Audience(StrictModel):
    """Who may book an invite-only event: members of any of these clubs or contact types, by id or name."""

    clubs_any: tuple[str, ...] = ()
    contact_types_any: tuple[str, ...] = ()


class EventBody(StrictModel):
    """A bookable experience as staff define it. `fee_per_guest` is in minor units."""

    name: str = Field(min_length=1, max_length=200)
    sku: Sku | None = None
    sku_confirmed_by: str | None = Field(None, max_length=200)
    fee_per_guest: MinorUnits
    tax_percent: Percent = "0"
    tags: tuple[str, ...] = ()
    invite_only: Audience | None = None
    active: bool = True


EVENT_PREFIX = "EVENT#"
NO_SUCH_EVENT = "There is no such event."


class EventRecord(Record):
    """A stored event."""

    tenant_id: str
    event_id: str
    event: EventBody

    @property
    def key(self) -> Key:
        """One per event of a tenant."""
        return event_key(self.tenant_id, self.event_id)


def event_key(tenant_id: str, event_id: str) -> Key:
    """Where an event lives."""
    return Key(tenant_partition(tenant_id), f"{EVENT_PREFIX}{event_id}")
