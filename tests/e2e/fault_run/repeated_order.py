"""What Cellarhand must never do, done on purpose: the same order number sent again."""

from sandbox.vinsuite.remote import RemoteSimulator
from tests.e2e.fault_run import wineries
from tests.e2e.fault_run.bookings import Booking
from tests.integration.vinsuite_simulator.caller import Caller, an_order


def repeat_an_order(simulator: RemoteSimulator, booking: Booking) -> None:
    """Send an order under the number of one that is there; raises AssertionError if it is taken."""
    winery = booking.winery.name
    caller = Caller(simulator.soap_url, username=f"{winery}-ws", password=wineries.PASSWORD)
    answer = caller("AddOrder", Order=an_order(OrderNumber=str(booking.number), OrderNumberPrefix="CH-"))
    assert not answer.successful, "the repeated number was taken"
