"""Reading and replacing a winery's settings and events, and keeping its CRM login."""

from cellarhand.domain.errors import InvalidRequestError, NotFoundError, PreconditionFailedError
from cellarhand.domain.invitations.broken_labels import invitation_errors
from cellarhand.domain.invitations.crm_groups import CrmGroupsRecord, crm_groups_key
from cellarhand.domain.records import Record, tenant_partition
from cellarhand.domain.tenants.access_key import Caller
from cellarhand.domain.tenants.event import EVENT_PREFIX, NO_SUCH_EVENT, EventBody, EventRecord, event_key
from cellarhand.domain.tenants.settings import Settings, SettingsRecord
from cellarhand.ports.crm import CrmLogins
from cellarhand.ports.records import Page, Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.signals import Hints
from cellarhand.use_cases.crm.circuit_breakers import CircuitBreakers

from .audit_trail import AuditTrail
from .read_tenant import settings_record

EVENTS_PER_PAGE = 100


class ManageSettings:
    """What staff decide. Every write leaves an audit entry; a lost race is a `StaleRecordError`."""

    def __init__(
        self,
        settings: Records,
        logins: CrmLogins,
        breakers: CircuitBreakers,
        hints: Hints,
        trail: AuditTrail,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._hints = hints
        self._logins = logins
        self._breakers = breakers
        self._trail = trail
        self._clock = clock

    def read(self, tenant_id: str) -> SettingsRecord:
        """The settings as stored."""
        return settings_record(self._settings, tenant_id)

    def replace(
        self, tenant_id: str, caller: Caller, settings: Settings, if_match: int | None
    ) -> SettingsRecord:
        """Raises `PreconditionFailedError` if the stored version is not `if_match`."""
        before = _checked(settings_record(self._settings, tenant_id), if_match)
        changes = {"settings": settings, "written_by": caller.key_id, "written_at": self._clock.now()}
        record = self._settings.save(before.model_copy(update=changes))
        self._trail.note(tenant_id, caller, "settings_written", version=str(record.version))
        return record

    def keep_login(self, tenant_id: str, caller: Caller, username: str, password: str) -> None:
        """Into the vault; there is no way back out through the API. The CRM may be asked again at once,
        and the guests who waited for that are woken.
        """
        self._logins.write(tenant_id, username, password)
        self._breakers.close(tenant_id)
        self._hints.login_repaired(tenant_id)
        self._trail.note(tenant_id, caller, "credentials_written")

    def event(self, tenant_id: str, event_id: str) -> EventRecord:
        """Raises `NotFoundError`."""
        event = self._stored_event(tenant_id, event_id)
        if event is None:
            raise NotFoundError(NO_SUCH_EVENT)
        return event

    def events(self, tenant_id: str, after: str | None) -> Page[EventRecord]:
        """A page of events in the order of their ids, behind the id `after`; `next` is such an id too."""
        page = self._settings.list_records(
            EventRecord,
            tenant_partition(tenant_id),
            EVENT_PREFIX,
            limit=EVENTS_PER_PAGE,
            after=None if after is None else f"{EVENT_PREFIX}{after}",
        )
        return Page(page.items, page.next and page.next.removeprefix(EVENT_PREFIX))

    def replace_event(
        self, tenant_id: str, caller: Caller, event_id: str, event: EventBody, if_match: int | None
    ) -> EventRecord:
        """Creates it if there is none. Raises `PreconditionFailedError` as `replace` does, and
        `InvalidRequestError` for an invite rule that names what the CRM did not have when last synced.
        """
        self._check_invitation(tenant_id, event)
        fresh = EventRecord(tenant_id=tenant_id, event_id=event_id, event=event)
        before = _checked(self._stored_event(tenant_id, event_id) or fresh, if_match)
        record = self._settings.save(before.model_copy(update={"event": event}))
        self._trail.note(tenant_id, caller, "event_written", event_id=event_id, version=str(record.version))
        return record

    def _check_invitation(self, tenant_id: str, event: EventBody) -> None:
        """Before the first sync nobody knows what there is, so every name is let pass."""
        if event.invite_only is None:
            return
        groups = self._settings.get(CrmGroupsRecord, crm_groups_key(tenant_id))
        if groups and (errors := invitation_errors(event.invite_only, groups)):
            raise InvalidRequestError("The invite rule can't be used as it is.", errors=errors)

    def _stored_event(self, tenant_id: str, event_id: str) -> EventRecord | None:
        return self._settings.get(EventRecord, event_key(tenant_id, event_id))


def _checked[R: Record](record: R, if_match: int | None) -> R:
    if if_match is not None and record.version != if_match:
        raise PreconditionFailedError("It was changed since you read it: read it again.")
    return record
