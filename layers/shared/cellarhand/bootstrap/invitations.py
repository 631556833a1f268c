"""Wiring of contact types and invite lists."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.crm import guarded_gateways
from cellarhand.bootstrap.discount_schema import policy_of
from cellarhand.bootstrap.outside import Outside, once
from cellarhand.bootstrap.tenants import audit_trail

if TYPE_CHECKING:
    from cellarhand.use_cases.invitations.invite_lists import InviteLists
    from cellarhand.use_cases.invitations.sync_contact_types import SyncContactTypes


@once
def sync_contact_types(outside: Outside) -> "SyncContactTypes":
    """For `POST /v1/contact-types/sync`."""
    from cellarhand.use_cases.invitations.sync_contact_types import SyncContactTypes

    return SyncContactTypes(outside.settings, guarded_gateways(), audit_trail(), outside.clock)


@once
def invite_lists(outside: Outside) -> "InviteLists":
    """For the routes of invite lists."""
    from cellarhand.use_cases.invitations.invite_lists import InviteLists

    return InviteLists(outside.settings, guarded_gateways(), policy_of, outside.clock)
