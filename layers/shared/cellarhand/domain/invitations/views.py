"""What staff see of contact types, clubs and invite lists. Apart from rules, which look-ups needn't load."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from cellarhand.domain.customers.view import CustomerView
from cellarhand.domain.models import FrozenModel

from .crm_groups import CrmGroup


class LabelFault(FrozenModel):
    """A label without a group in the CRM, and the rule or event that uses it.

    `pointer`: into the rule or the event.
    """

    used_by: Literal["discount_rule", "event"]
    id: str
    pointer: str
    kind: Literal["contact type", "club"]
    label: str
    fault: Literal["removed", "unknown", "ambiguous"]


class SyncedGroups(BaseModel):
    """The groups as synced. `affected`: labels of discount rules and invite rules without a group in the CRM.

    `contact_types_complete` false: the CRM can't list its contact types, so none was marked as removed.
    """

    synced_at: datetime
    contact_types: tuple[CrmGroup, ...]
    contact_types_complete: bool
    clubs: tuple[CrmGroup, ...]
    affected: tuple[LabelFault, ...]


class InviteList(CrmGroup):
    """A contact type, and the ids of the events whose invite rule names it."""

    events: tuple[str, ...]


class InviteListsView(BaseModel):
    """The invite lists as last synced; none before the first sync, when `synced_at` is null."""

    synced_at: datetime | None
    invite_lists: tuple[InviteList, ...]


class InvitedCustomers(BaseModel):
    """A page of customers, sorted by id. Send `next` as `cursor` for the next page."""

    customers: list[CustomerView]
    next: str | None
