"""Contact types of the CRM as last synced, and invite lists."""

from typing import Any

from cellarhand.bootstrap import invitations
from cellarhand.domain.invitations.views import InvitedCustomers, InviteListsView, SyncedGroups
from cellarhand.http.api import ASKS_CRM, STAFF, Request, Routes
from cellarhand.http.request import CursorQuery

routes = Routes()


@routes.route("POST", "/v1/contact-types/sync", roles=STAFF, problems=(*ASKS_CRM, "changed_meanwhile"))
def sync_contact_types(request: Request[Any]) -> SyncedGroups:
    """Store the CRM's contact types and clubs. Answers which rules and events name a missing one."""
    return invitations.sync_contact_types()(request.tenant_id, request.caller)


@routes.route("GET", "/v1/invite-lists", roles=STAFF)
def list_invite_lists(request: Request[Any]) -> InviteListsView:
    """Contact types as last synced, and the events whose invite rule names them."""
    return invitations.invite_lists()(request.tenant_id)


@routes.route(
    "GET",
    "/v1/invite-lists/{contact_type_id}/customers",
    roles=STAFF,
    query=CursorQuery,
    problems=(*ASKS_CRM, "not_supported_by_crm"),
)
def list_invited_customers(request: Request[Any, CursorQuery]) -> InvitedCustomers:
    """The customers with a contact type; 409 `not_supported_by_crm` if the CRM can't list them."""
    cursor = request.query.cursor
    return invitations.invite_lists().customers(request.tenant_id, request.path["contact_type_id"], cursor)
