"""The contact types and clubs of a winery's CRM as last synced. A group is either of the two."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from cellarhand.domain.customers.customer import Club, ContactType
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record, tenant_partition


class CrmGroup(FrozenModel):
    """A contact type or club. `removed_at`: the first sync that no longer found it in the CRM."""

    id: str
    name: str
    active: bool = True
    removed_at: datetime | None = None


class CrmGroupsRecord(Record):
    """Every group ever seen in the CRM. One that no longer exists is marked, never deleted.

    `contact_types_complete`: the CRM listed all of them. Otherwise they are those seen on customers, and
    others may exist.
    """

    compressed: ClassVar[bool] = True

    tenant_id: str
    contact_types: tuple[CrmGroup, ...] = ()
    contact_types_complete: bool = True
    clubs: tuple[CrmGroup, ...] = ()
    synced_by: str
    synced_at: datetime

    @property
    def key(self) -> Key:
        """One for each tenant."""
        return crm_groups_key(self.tenant_id)


def crm_groups_key(tenant_id: str) -> Key:
    """The key of a tenant's groups."""
    return Key(tenant_partition(tenant_id), "CRM_GROUPS")


def merge_groups(
    before: Iterable[CrmGroup], listed: Iterable[ContactType | Club], at: datetime, *, complete: bool = True
) -> tuple[CrmGroup, ...]:
    """The listed groups with their current names, then those known before, marked as removed.

    A list that is not complete doesn't show what was removed: then nothing is marked.
    """
    present = [CrmGroup.model_validate(group, from_attributes=True) for group in listed]
    names = {group.id for group in present}
    missing = [group for group in before if group.id not in names]
    if complete:
        missing = [
            group if group.removed_at else group.model_copy(update={"removed_at": at}) for group in missing
        ]
    return (*present, *missing)
