"""What staff are shown of contact types, clubs and invite lists. Apart, for look-ups load it and no rules."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from cellarhand.domain.customers.view import CustomerView
from cellarhand.domain.models import FrozenModel

from .crm_groups import CrmGroup


class LabelFault(FrozenModel):
    """A label that nobody answers to (any more), and the rule or event that uses it.

    `pointer`: into the rule, or the event.
    """

    used_by: Literal["discount_rule", "event"]
    id: str
    pointer: str
    kind: Literal["contact type", "club"]
    label: str
    fault: Literal["removed", "unknown", "ambiguous"]


class SyncedGroups(BaseModel):
    """What is kept now. `affected`: labels of discount rules and invite rules that nobody answers to.

    Not `contact_types_complete`: the CRM has no list of its contact types, so none was marked as removed.
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
    """As last synced; before the first sync there are none, and `synced_at` is null."""

    synced_at: datetime | None
    invite_lists: tuple[InviteList, ...]


class InvitedCustomers(BaseModel):
    """A page of customers in the order of their ids; `next` goes into `cursor` for the next page."""

    customers: list[CustomerView]
    next: str | None
