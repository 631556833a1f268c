"""Every assumption about VinSuite that its public contract does not settle, each under one name.

The first login at the UAT host corrects values here, and no code elsewhere.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cellarhand.domain.tenants.crm_measurements import MeasuredCrm


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Defaults are what the contract notes call observed, else the choice that can do the least harm."""

    # Names of calls
    member_types_call: str = "GetWineryMemberTypes"
    """The 2.00 name is not published; when it faults as unknown, types seen on members are listed."""
    products_call: str = "GetProducts"
    orders_call: str = "GetOrders"

    # Names in replies
    members_list: str = "Members"
    memberships_list: str = "ClubMemberships"
    member_types_list: str = "MemberTypes"
    clubs_list: str = "WineClubs"
    products_list: str = "Products"
    orders_list: str = "Orders"
    sku_field: str = "SKU"
    hold_field: str = "IsOnHold"
    """A membership's flag; true means on hold whatever `IsActive` says, absent means that we can't know."""
    order_email_field: str = "BillingEmail"

    # Names in requests
    order_date_field: str = "DateCompleted"
    pickup_date_field: str = "RequestedShipDate"
    will_call: bool = True
    """Send `IsWillCallOrder`; that it and the requested ship date make a pickup is our reading."""
    member_id_on_order: bool = True
    """Send `MemberID`, so that of two members with one e-mail the chosen one gets the order."""

    # Identities and logins
    inactive_account_type: str = "ANONYMOUS"
    invalid_type: str = "INVALID"
    secondary_is_partner_key: bool = True
    """`SecondaryAuthInfo` is about the partner key. If both are invalid, the login is blamed: typing errors
    are more common than a wrong partner key."""
    login_refused_texts: tuple[str, ...] = ("invalid username or password", "account is inactive")
    """Refusals with such a text were certainly not executed. Others are settled by asking TestConnection."""
    partner_key_refused_texts: tuple[str, ...] = ("invalid partner key",)

    # What failed
    throttle_statuses: frozenset[int] = frozenset({429})
    """Statuses that only the front end gives, before anything runs. Add 503 once that is seen to be so."""
    login_statuses: frozenset[int] = frozenset({401, 403})
    unknown_call_fault: str = "Client"
    """Fault code of a call that does not exist; we send nothing else there that could be misread."""
    doubtful_refusal_texts: tuple[str, ...] = (
        "timeout",
        "timed out",
        "deadlock",
        "unable to process",
        "object reference",
        "exception",
    )
    """A refusal that speaks of these may be a crash half way: for a write its outcome is unknown."""
    refuses_repeated_order_numbers: bool = False
    repeated_number_texts: tuple[str, ...] = ()
    """Refusals with such a text say that there is an order of this number already."""

    # Reading back
    orders_can_be_found: bool = True
    """False: an order sent is not to be found under its number, so nothing is read and nothing concluded."""
    window_widening: timedelta = timedelta(hours=26)
    """`DateModified` is in a zone nobody names: no offset is larger than 14 h, and clocks drift."""
    orders_carry_prefix: bool = False
    """True: an order without a prefix in the reply is foreign. False: it may be ours, compare the rest."""
    smallest_result_cap: int = 2
    """Replies with fewer rows are never cut by a hidden cap; longer ones are checked by reading parts."""

    # Formats
    currency_decimals: int = 2
    first_name_ends_at_ampersand: bool = True
    """As the one public client does: "Ann & Bob" is sent as "Ann"."""
    member_phone_without: tuple[str, ...] = ("+1",)
    order_phone_without: tuple[str, ...] = ("+1", "+")
    """Prefixes that the one public client takes off, the first that fits."""
    username_is_email: bool = True
    """A new member's `Username` is the e-mail."""
    email_on_update: bool = False
    """The e-mail is the member's identity there; an update does not move it."""


DEFAULT_ASSUMPTIONS = Assumptions()


def as_measured(measured: MeasuredCrm | None) -> Assumptions:
    """The defaults, but for what a probe has found out at this tenant's VinSuite."""
    if measured is None:
        return DEFAULT_ASSUMPTIONS
    text = measured.repeated_number_text
    found: dict[str, Any] = {
        "orders_can_be_found": measured.finds_orders,
        "refuses_repeated_order_numbers": measured.refuses_repeated_order_numbers,
        "repeated_number_texts": (text.lower(),) if text else None,
        "orders_carry_prefix": measured.orders_carry_prefix,
    }
    return replace(DEFAULT_ASSUMPTIONS, **{name: value for name, value in found.items() if value is not None})
