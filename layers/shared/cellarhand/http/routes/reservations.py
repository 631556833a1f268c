"""How far reservations have come, and what staff decide about them."""

from datetime import date
from typing import Any, Self

from pydantic import Field, model_validator

from cellarhand.bootstrap import order_sync, reservations
from cellarhand.domain.booking.snapshot import Guest
from cellarhand.domain.models import StrictModel
from cellarhand.domain.reservations.order_lifecycle import ReviewDecision
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.http.api import ENGINE_AND_STAFF, STAFF, Request, Routes
from cellarhand.http.request import CursorQuery
from cellarhand.use_cases.reservations.list_reservations import (
    ReservationDetails,
    ReservationList,
    details_of,
)

routes = Routes()


class ReservationsQuery(CursorQuery):
    """Which reservations: local dates of the visit, inclusive."""

    order_state: OrderState | None = None
    from_date: date | None = Field(None, alias="from")
    to_date: date | None = Field(None, alias="to")


class RetryBody(StrictModel):
    """What to try again: the guest (with corrected fields, if any), or an order that waits for a choice.

    `crm_order_id` goes with `it_is_there`: without it nobody could find the order there again.
    """

    guest: Guest = Guest()
    order: ReviewDecision | None = None
    crm_order_id: str | None = Field(None, min_length=1, max_length=64)

    @model_validator(mode="after")
    def _names_what_is_there(self) -> Self:
        if (self.order == "it_is_there") != (self.crm_order_id is not None):
            raise ValueError("crm_order_id goes with it_is_there, and with that alone")
        return self


@routes.route("GET", "/v1/reservations", roles=ENGINE_AND_STAFF, query=ReservationsQuery)
def list_reservations(request: Request[Any, ReservationsQuery]) -> ReservationList:
    """Reservations by the state of their order and the date of the visit."""
    query = request.query
    return reservations.list_reservations().search(
        request.tenant_id, query.order_state, query.from_date, query.to_date, query.cursor
    )


@routes.route("GET", "/v1/reservations/{reservation_id}", roles=ENGINE_AND_STAFF, problems=("not_found",))
def read_reservation(request: Request[Any]) -> ReservationDetails:
    """One reservation: its guest's and its order's way into the CRM, and its last steps."""
    return reservations.list_reservations().one(request.tenant_id, request.path["reservation_id"])


@routes.route(
    "POST",
    "/v1/reservations/{reservation_id}/retry",
    roles=STAFF,
    body=RetryBody,
    problems=("not_found", "choice_needed", "not_in_review", "already_synced", "changed_meanwhile"),
)
def retry_reservation(request: Request[RetryBody]) -> ReservationDetails:
    """Try again after a fix; an order in review takes a choice."""
    reservation_id, body = request.path["reservation_id"], request.body
    is_corrected = bool(body.guest.model_fields_set)
    staff = order_sync.decide_order()
    if body.order is None and not is_corrected:
        staff.require_choice(request.tenant_id, reservation_id)
    if body.order is not None:
        record = staff.settle_review(
            request.caller, request.tenant_id, reservation_id, body.order, body.crm_order_id
        )
    if body.order is None or is_corrected:
        record = reservations.retry_reservation()(
            request.caller, request.tenant_id, reservation_id, body.guest
        )
    return details_of(record)


@routes.route(
    "POST",
    "/v1/reservations/{reservation_id}/exclude",
    roles=STAFF,
    problems=("not_found", "already_synced", "changed_meanwhile"),
)
def exclude_reservation(request: Request[Any]) -> ReservationDetails:
    """Keep a reservation out of order sync."""
    staff = order_sync.decide_order()
    return details_of(staff.exclude(request.caller, request.tenant_id, request.path["reservation_id"]))


@routes.route(
    "POST",
    "/v1/reservations/{reservation_id}/include",
    roles=STAFF,
    problems=("not_found", "already_synced", "changed_meanwhile"),
)
def include_reservation(request: Request[Any]) -> ReservationDetails:
    """Let it in again."""
    staff = order_sync.decide_order()
    return details_of(staff.include(request.caller, request.tenant_id, request.path["reservation_id"]))
