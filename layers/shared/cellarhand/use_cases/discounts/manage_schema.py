"""Read and write a winery's discount schema. Every version is stored, with who wrote it and when."""

from datetime import datetime

from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.discounts.schema.versions import (
    VERSION_PREFIX,
    CurrentSchemaRecord,
    DiscountSchemaRecord,
)
from cellarhand.domain.errors import PreconditionFailedError, RequestTooLargeError, StaleRecordError
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import tenant_partition
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .read_schema import schema_in_force, schema_version
from .validate_schema import ValidateSchema

MAX_STORED = 350_000
"""Bytes when compressed; an item of DynamoDB holds 400 KB."""
VERSIONS_PER_PAGE = 10


class StoredSchema(FrozenModel):
    """A version of the schema. `If-Match` takes the number of the version in force."""

    version: int
    written_by: str | None
    written_at: datetime | None
    restored_from: int | None = None
    document: DiscountSchema


class SchemaVersion(FrozenModel):
    """A version without its rules."""

    version: int
    written_by: str
    written_at: datetime
    restored_from: int | None
    rules: int


class SchemaVersions(FrozenModel):
    """Versions, newest first. `next`: the cursor of the next page."""

    versions: tuple[SchemaVersion, ...]
    next: str | None


class ReadSchema:
    """The schema in force, any version, and the list of all."""

    def __init__(self, settings: Records) -> None:
        self._settings = settings

    def __call__(self, tenant_id: str) -> StoredSchema:
        """The version in force; version 0 without rules if none was ever written."""
        number = schema_in_force(self._settings, tenant_id).number
        if number == 0:
            return StoredSchema(version=0, written_by=None, written_at=None, document=DiscountSchema())
        return _stored(schema_version(self._settings, tenant_id, number))

    def version(self, tenant_id: str, number: int) -> StoredSchema:
        """One version, in force or not; raises `NotFoundError`."""
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


class WriteSchema:
    """Put a schema in force, if everything it names exists and no rule contradicts itself."""

    def __init__(self, settings: Records, check: ValidateSchema, clock: Clock) -> None:
        self._settings = settings
        self._check = check
        self._clock = clock

    def __call__(
        self, tenant_id: str, document: DiscountSchema, *, written_by: str, if_match: int | None = None
    ) -> StoredSchema:
        """Store the document as a new version, all of it or nothing.

        Raises `InvalidRequestError` with all errors, `PreconditionFailedError` if another version than
        `if_match` is in force, `RequestTooLargeError`, and a `CrmError` if the CRM can't confirm the names.
        """
        return self._put(tenant_id, document, written_by, if_match)

    def restore(
        self, tenant_id: str, number: int, *, written_by: str, if_match: int | None = None
    ) -> StoredSchema:
        """Put the rules of an earlier version in force again, as a new version.

        They are validated again, because clubs and events may have changed. Raises what writing raises, and
        `NotFoundError`.
        """
        document = schema_version(self._settings, tenant_id, number).document
        return self._put(tenant_id, document, written_by, if_match, restored_from=number)

    def _put(
        self,
        tenant_id: str,
        document: DiscountSchema,
        written_by: str,
        if_match: int | None,
        restored_from: int | None = None,
    ) -> StoredSchema:
        tenant = tenant_record(self._settings, tenant_id)
        current = schema_in_force(self._settings, tenant_id)
        _check_precondition(if_match, current.number)
        checked = self._check(tenant, document)
        record = DiscountSchemaRecord(
            tenant_id=tenant_id,
            number=current.number + 1,
            document=document,
            meanings=checked.meanings,
            written_by=written_by,
            written_at=self._clock.now(),
            restored_from=restored_from,
        )
        self._save(current, record, if_match)
        return _stored(record)

    def _save(self, current: CurrentSchemaRecord, record: DiscountSchemaRecord, if_match: int | None) -> None:
        if (size := record.stored_size()) > MAX_STORED:
            raise RequestTooLargeError(
                f"Compressed, the schema has {size} bytes; at most 350,000 can be stored."
            )
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
        restored_from=record.restored_from,
        document=record.document,
    )


def _summary(record: DiscountSchemaRecord) -> SchemaVersion:
    return SchemaVersion(
        version=record.number,
        written_by=record.written_by,
        written_at=record.written_at,
        restored_from=record.restored_from,
        rules=len(record.document.rules),
    )
