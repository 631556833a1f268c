"""Contact types as invite lists: which there are, which events invite by them, and who is on one."""

from collections.abc import Callable

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.customers.view import views_of
from cellarhand.domain.invitations.broken_labels import is_called
from cellarhand.domain.invitations.crm_groups import CrmGroup, CrmGroupsRecord, crm_groups_key
from cellarhand.domain.invitations.views import InvitedCustomers, InviteList, InviteListsView
from cellarhand.domain.tenants.event import EventRecord
from cellarhand.domain.tenants.settings import Policy
from cellarhand.ports.crm import CrmGateways
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.crm.ttl_cache import TtlCache
from cellarhand.use_cases.cursor import cursor_text, read_cursor
from cellarhand.use_cases.tenants.read_tenant import stored_events, tenant_record

CUSTOMERS_PER_PAGE = 100
LISTING_SECONDS = 8.0
LIST_KEPT_SECONDS = 30.0


class InviteLists:
    """Lists come from the last sync, so they show while the CRM is down; customers come from the CRM."""

    def __init__(
        self, settings: Records, crms: CrmGateways, policy_of: Callable[[str], Policy], clock: Clock
    ) -> None:
        self._settings = settings
        self._crms = crms
        self._policy_of = policy_of
        self._cache: TtlCache[list[Customer]] = TtlCache(clock, seconds=LIST_KEPT_SECONDS, max_size=20)

    def __call__(self, tenant_id: str) -> InviteListsView:
        """All contact types, removed ones too."""
        groups = self._settings.get(CrmGroupsRecord, crm_groups_key(tenant_id))
        if groups is None:
            return InviteListsView(synced_at=None, invite_lists=())
        events = list(stored_events(self._settings, tenant_id))
        lists = tuple(
            InviteList(**dict(kind), events=_inviting(kind, events)) for kind in groups.contact_types
        )
        return InviteListsView(synced_at=groups.synced_at, invite_lists=lists)

    def customers(self, tenant_id: str, contact_type_id: str, cursor: str | None) -> InvitedCustomers:
        """Raises `NotSupportedByCrmError` where the CRM can't list them, or a `CrmError`.

        The CRM returns all of them at once; they are cached for half a minute for the next pages.
        """
        after = read_cursor(cursor) if cursor else ""
        found = [
            customer for customer in self._list(tenant_id, contact_type_id) if customer.customer_id > after
        ]
        page, rest = found[:CUSTOMERS_PER_PAGE], found[CUSTOMERS_PER_PAGE:]
        policy = self._policy_of(tenant_id)
        return InvitedCustomers(
            customers=[view for customer in page for view in views_of([customer], policy.membership_on_hold)],
            next=cursor_text(page[-1].customer_id) if rest else None,
        )

    def _list(self, tenant_id: str, contact_type_id: str) -> list[Customer]:
        tenant = tenant_record(self._settings, tenant_id)

        def ask() -> list[Customer]:
            crm = self._crms.of(tenant)
            listed = crm.list_customers_of_type(contact_type_id, timeout=LISTING_SECONDS)
            return sorted(listed, key=lambda customer: customer.customer_id)

        return self._cache.get_or_load((tenant_id, contact_type_id), ask)


def _inviting(kind: CrmGroup, events: list[EventRecord]) -> tuple[str, ...]:
    return tuple(
        record.event_id
        for record in events
        if record.event.invite_only
        and any(is_called(kind, label) for label in record.event.invite_only.contact_types_any)
    )
