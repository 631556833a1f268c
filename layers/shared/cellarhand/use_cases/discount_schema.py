"""Reading and writing a winery's discount schema: every version is kept, with who wrote it and when."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from cellarhand.domain.discounts.names import Known, KnownEvent, Named, meanings_of
from cellarhand.domain.discounts.schema import ALL, DiscountSchema
from cellarhand.domain.discounts.stored import VERSION_PREFIX, CurrentSchemaRecord, DiscountSchemaRecord
from cellarhand.domain.discounts.validate import schema_errors
from cellarhand.domain.errors import (
    InvalidRequestError,
    PreconditionFailedError,
    RequestTooLargeError,
    StaleRecordError,
)
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.tenant import EventRecord, TenantRecord
from cellarhand.ports import Clock, CrmGateways, Records

from .schema_records import schema_in_force, schema_version
from .tenant_records import settings_of, tenant_record

LARGEST_DOCUMENT = 1024 * 1024
LARGEST_STORED = 350_000
"""Bytes when compressed; an item of DynamoDB holds 400 KB."""
CRM_TIMEOUT = 5.0
VERSIONS_PER_PAGE = 10


class StoredSchema(BaseModel):
    """A version of the schema. `version` is what `If-Match` takes."""

    model_config = ConfigDict(frozen=True)

    version: int
    written_by: str | None
    written_at: datetime | None
    document: DiscountSchema


class SchemaVersion(BaseModel):
    """A version without its rules."""

    model_config = ConfigDict(frozen=True)

    version: int
    written_by: str
    written_at: datetime
    rules: int


class SchemaVersions(BaseModel):
    """Versions, newest first. `next`: where the list goes on."""

    model_config = ConfigDict(frozen=True)

    versions: tuple[SchemaVersion, ...]
    next: str | None


class ReadDiscountSchema:
    """The schema in force, and the list of all versions."""

    def __init__(self, settings: Records) -> None:
        self._settings = settings

    def __call__(self, tenant_id: str) -> StoredSchema:
        """The version in force; version 0 without rules where none was ever written."""
        number = schema_in_force(self._settings, tenant_id).number
        if number == 0:
            return StoredSchema(version=0, written_by=None, written_at=None, document=DiscountSchema())
        return _stored(schema_version(self._settings, tenant_id, number))

    def versions(self, tenant_id: str, after: str | None = None) -> SchemaVersions:
        """One page of versions, newest first; `after` is an earlier page's `next`."""
        page = self._settings.list_records(
            DiscountSchemaRecord,
            tenant_partition(tenant_id),
            VERSION_PREFIX,
            limit=VERSIONS_PER_PAGE,
            after=after,
            newest_first=True,
        )
        return SchemaVersions(versions=tuple(_summary(record) for record in page.items), next=page.next)


class WriteDiscountSchema:
    """Put a schema in force, if everything it speaks of exists and nothing contradicts itself."""

    def __init__(self, settings: Records, crms: CrmGateways, clock: Clock) -> None:
        self._settings = settings
        self._crms = crms
        self._clock = clock

    def __call__(
        self, tenant_id: str, document: DiscountSchema, *, written_by: str, if_match: int | None = None
    ) -> StoredSchema:
        """The stored version. Nothing is stored unless all of it is.

        Raises `InvalidRequestError` with everything that is wrong, `PreconditionFailedError` if another
        version than `if_match` is in force, `RequestTooLargeError`, and a `CrmError` while the CRM that must
        confirm the names can't be asked.
        """
        tenant = tenant_record(self._settings, tenant_id)
        if len(document.model_dump_json(exclude_defaults=True)) > LARGEST_DOCUMENT:
            raise RequestTooLargeError("A discount schema has at most 1 MB.")
        current = schema_in_force(self._settings, tenant_id)
        _check_precondition(if_match, current.number)
        known = self._known(tenant, document)
        policy = settings_of(self._settings, tenant_id).policy
        if errors := schema_errors(document, known, policy):
            raise InvalidRequestError("The discount schema can't be used as it is.", errors=errors)
        record = DiscountSchemaRecord(
            tenant_id=tenant_id,
            number=current.number + 1,
            document=document,
            meanings=meanings_of(document, known),
            written_by=written_by,
            written_at=self._clock.now(),
        )
        self._save(current, record, if_match)
        return _stored(record)

    def _known(self, tenant: TenantRecord, document: DiscountSchema) -> Known:
        """What exists. The CRM is asked only for kinds of things that the schema names."""
        whos = [rule.who for rule in document.rules]
        clubs = any(who.clubs_any not in ((), ALL) for who in whos)
        types = any(who.contact_types_any or who.contact_types_none for who in whos)
        if not (clubs or types):
            return Known(events=self._events(tenant.tenant_id))
        crm = self._crms.of(tenant)
        return Known(
            clubs=tuple(Named(c.id, c.name) for c in crm.list_clubs(timeout=CRM_TIMEOUT)) if clubs else (),
            contact_types=tuple(Named(t.id, t.name) for t in crm.list_contact_types(timeout=CRM_TIMEOUT))
            if types
            else (),
            events=self._events(tenant.tenant_id),
        )

    def _events(self, tenant_id: str) -> tuple[KnownEvent, ...]:
        events: list[KnownEvent] = []
        after: str | None = None
        while True:
            page = self._settings.list_records(
                EventRecord, tenant_partition(tenant_id), "EVENT#", after=after
            )
            events += [KnownEvent(e.event_id, e.event.name, e.event.tags) for e in page.items]
            if page.next is None:
                return tuple(events)
            after = page.next

    def _save(self, current: CurrentSchemaRecord, record: DiscountSchemaRecord, if_match: int | None) -> None:
        if (size := record.stored_size()) > LARGEST_STORED:
            raise RequestTooLargeError(f"Compressed, the schema has {size} bytes; at most 350,000 are kept.")
        try:
            in_force = current.model_copy(update={"number": record.number})
            self._settings.save_all([record, in_force])
        except StaleRecordError:
            if if_match is None:
                raise
            raise _changed(if_match) from None


def _check_precondition(if_match: int | None, number: int) -> None:
    if if_match is not None and if_match != number:
        raise _changed(if_match)


def _changed(if_match: int) -> PreconditionFailedError:
    return PreconditionFailedError(f"Version {if_match} is no longer in force; read the schema again.")


def _stored(record: DiscountSchemaRecord) -> StoredSchema:
    return StoredSchema(
        version=record.number,
        written_by=record.written_by,
        written_at=record.written_at,
        document=record.document,
    )


def _summary(record: DiscountSchemaRecord) -> SchemaVersion:
    return SchemaVersion(
        version=record.number,
        written_by=record.written_by,
        written_at=record.written_at,
        rules=len(record.document.rules),
    )
