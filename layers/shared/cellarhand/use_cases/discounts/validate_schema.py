"""Validate a discount schema against what exists now in the CRM and in the settings."""

from typing import NamedTuple

from cellarhand.domain.discounts.schema.labels import Known, KnownEvent, Meanings, Named, meanings_of
from cellarhand.domain.discounts.schema.schema import ALL, DiscountSchema
from cellarhand.domain.discounts.validation.schema_errors import schema_errors
from cellarhand.domain.errors import InvalidRequestError, RequestTooLargeError
from cellarhand.domain.tenants.tenant import TenantRecord
from cellarhand.ports.crm import CrmGateways
from cellarhand.ports.records import Records
from cellarhand.use_cases.tenants.read_tenant import settings_of, stored_events

MAX_DOCUMENT = 1024 * 1024
CRM_TIMEOUT = 5.0


class SchemaRequest(NamedTuple):
    """What to ask the CRM for: its clubs, its contact types, whether it knows joining dates."""

    clubs: bool = False
    contact_types: bool = False
    joining_dates: bool = False


NOTHING_ELSE = SchemaRequest()


class CheckedSchema(NamedTuple):
    """What exists, and what the labels of the schema mean."""

    known: Known
    meanings: Meanings


class ValidateSchema:
    """Asks the CRM only for the kinds of things that the schema or the caller needs."""

    def __init__(self, settings: Records, crms: CrmGateways) -> None:
        self._settings = settings
        self._crms = crms

    def __call__(
        self, tenant: TenantRecord, document: DiscountSchema, also_needed: SchemaRequest = NOTHING_ELSE
    ) -> CheckedSchema:
        """`also_needed`: what the caller needs from the CRM besides what the document names.

        Raises `InvalidRequestError` with all errors, `RequestTooLargeError`, and a `CrmError` if the CRM
        can't confirm the names.
        """
        if len(document.model_dump_json(exclude_defaults=True)) > MAX_DOCUMENT:
            raise RequestTooLargeError("A discount schema has at most 1 MB.")
        known = self._known(tenant, _named(document), also_needed)
        policy = settings_of(self._settings, tenant.tenant_id).policy
        if errors := schema_errors(document, known, policy):
            raise InvalidRequestError("The discount schema can't be used as it is.", errors=errors)
        return CheckedSchema(known, meanings_of(document, known))

    def _known(self, tenant: TenantRecord, named: SchemaRequest, also_needed: SchemaRequest) -> Known:
        events = tuple(
            KnownEvent(record.event_id, record.event.name, record.event.tags)
            for record in stored_events(self._settings, tenant.tenant_id)
        )
        clubs, types = named.clubs or also_needed.clubs, named.contact_types or also_needed.contact_types
        if not (clubs or types or named.joining_dates):
            return Known(events=events)
        crm = self._crms.of(tenant)
        return Known(
            clubs=tuple(Named(club.id, club.name) for club in crm.list_clubs(timeout=CRM_TIMEOUT))
            if clubs
            else (),
            contact_types=tuple(
                Named(kind.id, kind.name) for kind in crm.list_contact_types(timeout=CRM_TIMEOUT)
            )
            if types
            else (),
            events=events,
            joining_dates=crm.capabilities().knows_joining_dates,
        )


def _named(document: DiscountSchema) -> SchemaRequest:
    whos = [rule.who for rule in document.rules]
    limits = [rule.limit_per_member for rule in document.rules]
    return SchemaRequest(
        clubs=any(who.clubs_any not in ((), ALL) for who in whos),
        contact_types=any(who.contact_types_any or who.contact_types_none for who in whos),
        joining_dates=any(limit.period == "membership_year" for limit in limits if limit),
    )
