"""What callers send, one model per request object; unknown fields are ignored, as .NET does."""

from pydantic import BaseModel, ConfigDict

from sandbox.vinsuite.wire.values import Guid, WireBoolean, WireDateTime, WireDecimal, WireInt, wire_name

LISTS = frozenset({"OrderItems", "WineShippingOptions"})
"""Wrapper elements whose children are items, whatever these are called."""


class Payload(BaseModel):
    """Read by the service's names from the wire and by ours from the store."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=wire_name, populate_by_name=True)


class TestConnectionRequest(Payload):
    """Credentials are all it needs."""


class GetMembersRequest(Payload):
    """Filters are joined by AND; at least one of them or a date window must be there."""

    email: str | None = None
    last_name: str | None = None
    member_id: Guid | None = None
    include_club_memberships: WireBoolean | None = None
    date_modified_from: WireDateTime | None = None
    date_modified_to: WireDateTime | None = None


class GetClubsRequest(Payload):
    """Inactive clubs come only when asked for."""

    include_inactive_clubs: WireBoolean | None = None


class GetProductsRequest(Payload):
    """Prices come only when asked for; the other two flags are taken and change nothing."""

    include_product_categories: WireBoolean | None = None
    include_product_information_pages: WireBoolean | None = None
    include_product_prices: WireBoolean | None = None


class GetWineryMemberTypesRequest(Payload):
    """Credentials are all it needs."""


class GetMemberNotesRequest(Payload):
    """Whose notes to read."""

    member_id: Guid | None = None
    include_system_notes: WireBoolean | None = None


class MemberAdd(Payload):
    """A member to add, or with `member_id` to update; what is None changes nothing."""

    member_id: Guid | None = None
    email: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    zip_code: str | None = None
    country_code: str | None = None
    phone1: str | None = None
    alt_account_number: str | None = None
    sales_associate_id: Guid | None = None


class AddUpdateMemberRequest(Payload):
    """One member per call."""

    member: MemberAdd | None = None


class OrderItemAdd(Payload):
    """One line; `price` is the unit price after discount."""

    sku: str | None = None
    name: str | None = None
    quantity: WireInt | None = None
    price: WireDecimal | None = None
    cost_of_goods_sold: WireDecimal | None = None


class OrderAdd(Payload):
    """An order as sent. Money is in decimals of the winery's currency, as this service writes it."""

    order_number: WireInt | None = None
    order_number_prefix: str | None = None
    is_reservation: WireBoolean | None = None
    is_will_call_order: WireBoolean | None = None
    order_type: str | None = None
    date_completed: WireDateTime | None = None
    requested_ship_date: WireDateTime | None = None
    billing_first_name: str | None = None
    billing_last_name: str | None = None
    billing_company: str | None = None
    billing_address1: str | None = None
    billing_address2: str | None = None
    billing_city: str | None = None
    billing_state: str | None = None
    billing_zip_code: str | None = None
    billing_phone: str | None = None
    billing_email: str | None = None
    shipping_address1: str | None = None
    shipping_address2: str | None = None
    shipping_city: str | None = None
    shipping_state: str | None = None
    shipping_zip_code: str | None = None
    shipping_company: str | None = None
    sales_associate_id: Guid | None = None
    sales_associate: str | None = None
    source_code: str | None = None
    member_id: Guid | None = None
    order_items: tuple[OrderItemAdd, ...] | None = None
    order_notes: str | None = None
    sub_total: WireDecimal | None = None
    taxes: WireDecimal | None = None
    shipping: WireDecimal | None = None
    total: WireDecimal | None = None


class OrderFlags(Payload):
    """What the caller asked to be done with the order, beside storing it."""

    is_decrement_inventory: WireBoolean | None = None
    bill_order: WireBoolean | None = None
    add_collateral_items: WireBoolean | None = None
    is_send_order_confirmation: WireBoolean | None = None
    is_force_tele_sales_order_completion: WireBoolean | None = None
    cart_payment_type: str | None = None


class AddOrderRequest(OrderFlags):
    """One order per call."""

    order: OrderAdd | None = None


class BillOrderRequest(Payload):
    """Which order to bill; a card number is looked at, never kept."""

    order_id: Guid | None = None
    cart_payment_type: str | None = None
    payment_reference: str | None = None
    credit_card_number: str | None = None


class AddOrderNoteRequest(Payload):
    """The note's field name is not public, so three are taken."""

    order_id: Guid | None = None
    notes: str | None = None
    order_notes: str | None = None
    note: str | None = None


class GetOrdersRequest(Payload):
    """Filters are joined by AND; at least one of them or a date window must be there."""

    date_modified_from: WireDateTime | None = None
    date_modified_to: WireDateTime | None = None
    order_id: Guid | None = None
    order_number: WireInt | None = None
    email: str | None = None
