"""The operations by the names that callers use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.vinsuite.operations import (
    billing,
    catalogue,
    connection,
    member_writing,
    members,
    order_reading,
    order_writing,
)
from sandbox.vinsuite.operations.context import Context
from sandbox.vinsuite.wire import payloads
from sandbox.vinsuite.wire.reply_xml import Fields


@dataclass(frozen=True)
class Operation[R: payloads.Payload]:
    """How to read a request and what to do with it."""

    request: type[R]
    perform: Callable[[Context, R], Fields]

    def __call__(self, context: Context, fields: dict[str, Any]) -> Fields:
        """Read and perform; raises pydantic's ValidationError for a value of the wrong type."""
        return self.perform(context, self.request.model_validate(fields))


def _add_order(context: Context, fields: dict[str, Any]) -> Fields:
    """Add an order, handing over what came beside what was understood of it."""
    return order_writing.add_order(context, payloads.AddOrderRequest.model_validate(fields), fields)


OPERATIONS: dict[str, Callable[[Context, dict[str, Any]], Fields]] = {
    "TestConnection": Operation(payloads.TestConnectionRequest, connection.test_connection),
    "GetMembers": Operation(payloads.GetMembersRequest, members.get_members),
    "GetMemberNotes": Operation(payloads.GetMemberNotesRequest, members.get_member_notes),
    "GetClubs": Operation(payloads.GetClubsRequest, catalogue.get_clubs),
    "GetWineryMemberTypes": Operation(
        payloads.GetWineryMemberTypesRequest, catalogue.get_winery_member_types
    ),
    "GetProducts": Operation(payloads.GetProductsRequest, catalogue.get_products),
    "AddUpdateMember": Operation(payloads.AddUpdateMemberRequest, member_writing.add_update_member),
    "AddOrder": _add_order,
    "AddOrderNote": Operation(payloads.AddOrderNoteRequest, billing.add_order_note),
    "BillOrder": Operation(payloads.BillOrderRequest, billing.bill_order),
    "GetOrders": Operation(payloads.GetOrdersRequest, order_reading.get_orders),
}
