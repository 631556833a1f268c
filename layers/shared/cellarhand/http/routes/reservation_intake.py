"""The booking engine reports a reservation: keep its snapshot, and have the guest in the winery's CRM."""

from cellarhand.bootstrap import reservations
from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.http.api import ENGINE_AND_STAFF, Request, Routes
from cellarhand.observability import about, logger
from cellarhand.use_cases.reservations.keep_reservation import KeptReservation

routes = Routes()


@routes.route(
    "PUT",
    "/v1/reservations/{reservation_id}",
    roles=ENGINE_AND_STAFF,
    body=Snapshot,
    problems=("sequence_reused", "changed_meanwhile"),
)
def put_reservation(request: Request[Snapshot]) -> KeptReservation:
    """Answer 200 once the snapshot is kept, whatever the CRM does."""
    reservation_id = request.path["reservation_id"]
    about(reservation_id=reservation_id)
    kept = reservations.keep_reservation()(request.caller, request.tenant_id, reservation_id, request.body)
    logger.info("snapshot kept", ignored=kept.ignored, customer=kept.customer.state, order=kept.order.state)
    return kept
