"""All events of a winery, for what must look at every one."""

from collections.abc import Iterator

from cellarhand.domain.records import tenant_partition
from cellarhand.domain.tenants.tenant import EventRecord
from cellarhand.ports.records import Records


def stored_events(settings: Records, tenant_id: str) -> Iterator[EventRecord]:
    """In the order of their ids, inactive ones too."""
    after: str | None = None
    while True:
        page = settings.list_records(EventRecord, tenant_partition(tenant_id), "EVENT#", after=after)
        yield from page.items
        if page.next is None:
            return
        after = page.next
