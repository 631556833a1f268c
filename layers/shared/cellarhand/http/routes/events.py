"""The bookable experiences of a winery."""

from typing import Any

from pydantic import BaseModel

from cellarhand.bootstrap import tenants
from cellarhand.domain.booking.snapshot import EventId
from cellarhand.domain.models import StrictModel
from cellarhand.domain.tenants.event import EventBody, EventRecord
from cellarhand.http.api import ENGINE_AND_STAFF, IF_MATCH, STAFF, Request, Routes, Versioned

routes = Routes()


class Event(EventBody):
    """An event and its id."""

    event_id: str


class Events(BaseModel):
    """A page of events, in the order of their ids; `next` goes into `after` for the next page."""

    events: list[Event]
    next: str | None


class EventsQuery(StrictModel):
    """Which page: it begins behind the event `after`."""

    after: EventId | None = None


@routes.route("GET", "/v1/events", roles=ENGINE_AND_STAFF, query=EventsQuery)
def list_events(request: Request[Any, EventsQuery]) -> Events:
    """All events, inactive ones too."""
    page = tenants.manage_settings().events(request.tenant_id, request.query.after)
    return Events(events=[_event(record) for record in page.items], next=page.next)


@routes.route("GET", "/v1/events/{event_id}", roles=ENGINE_AND_STAFF, problems=("not_found",))
def read_event(request: Request[Any]) -> Versioned[Event]:
    """One event."""
    record = tenants.manage_settings().event(request.tenant_id, request.path["event_id"])
    return Versioned(_event(record), record.version)


@routes.route(
    "PUT",
    "/v1/events/{event_id}",
    roles=STAFF,
    body=EventBody,
    takes=(IF_MATCH,),
    problems=("version_changed", "changed_meanwhile"),
)
def replace_event(request: Request[EventBody]) -> Versioned[Event]:
    """Create an event, or replace all of it: what is left out gets its default."""
    record = tenants.manage_settings().replace_event(
        request.tenant_id, request.caller, request.path["event_id"], request.body, request.if_match
    )
    return Versioned(_event(record), record.version)


def _event(record: EventRecord) -> Event:
    return Event(event_id=record.event_id, **dict(record.event))
