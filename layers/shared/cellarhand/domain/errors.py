"""Every failure the system can name, and who must act on it.

`http/problem.py` maps these classes to HTTP statuses in one table. A message is for people; it never holds
personal data or a secret.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

FAILED_ON_OUR_SIDE = "Something failed on our side; it is recorded."
"""Of a failure that has no name: what it was is in the log alone."""


class Actor(StrEnum):
    """Who must act before the same request can succeed."""

    CALLER = "caller"
    STAFF = "staff"
    SUPPORT = "support"
    OPERATORS = "operators"
    NOBODY = "nobody"
    """Nobody: it passes by itself, try again later."""


class FieldError:
    """One thing wrong with one field: `pointer` is a JSON pointer into the request (RFC 6901)."""

    __slots__ = ("message", "pointer")

    def __init__(self, pointer: str, message: str) -> None:
        self.pointer = pointer
        self.message = message

    def __repr__(self) -> str:
        return f"FieldError({self.pointer!r}, {self.message!r})"


class CellarhandError(Exception):
    """Base of every failure with a name. `code` is stable and may be branched on; the text may change."""

    code: ClassVar[str] = "internal_error"
    actor: ClassVar[Actor] = Actor.OPERATORS

    def __init__(self, message: str, *, code: str | None = None, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.stable_code = code or self.code
        self.errors = errors


class InvalidRequestError(CellarhandError):
    """The request can't be understood or contradicts itself; `errors` names each field."""

    code = "invalid_request"
    actor = Actor.CALLER


class RequestTooLargeError(CellarhandError):
    """The body is over the limit of its route."""

    code = "request_too_large"
    actor = Actor.CALLER


class NotAllowedError(CellarhandError):
    """The credential is good, but its role may not do this."""

    code = "not_allowed"
    actor = Actor.CALLER


class NotFoundError(CellarhandError):
    """No such object for this tenant: a foreign one and a missing one look alike."""

    code = "not_found"
    actor = Actor.CALLER


class ConflictError(CellarhandError):
    """The request contradicts what is stored; `code` says how."""

    code = "conflict"
    actor = Actor.CALLER


class NotSupportedByCrmError(ConflictError):
    """The tenant's CRM has no such ability."""

    code = "not_supported_by_crm"
    actor = Actor.STAFF


class PreconditionFailedError(CellarhandError):
    """`If-Match` names another version than the stored one."""

    code = "version_changed"
    actor = Actor.CALLER


class SettingsIncompleteError(ConflictError):
    """A setting that this needs is missing; the text names it."""

    code = "settings_incomplete"
    actor = Actor.STAFF


class StaleRecordError(CellarhandError):
    """Somebody else changed the record first: read it again and decide anew."""

    code = "changed_meanwhile"
    actor = Actor.NOBODY


class TooManyRequestsError(CellarhandError):
    """Asked too often in a short time; `retry_after` is in seconds."""

    code = "too_many_requests"
    actor = Actor.NOBODY

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StorageUnavailableError(CellarhandError):
    """DynamoDB, SQS, Scheduler or Secrets Manager did not answer in time."""

    code = "storage_unavailable"
    actor = Actor.NOBODY


class CrmError(CellarhandError):
    """Base of what a *read* from the CRM can end in; writes answer an outcome instead (see `ports`)."""

    code = "crm_error"


class CrmUnavailableError(CrmError):
    """The CRM did not answer, answered rubbish, or its breaker is open. Never means "not found"."""

    code = "crm_unavailable"
    actor = Actor.NOBODY


class CrmBreakerOpenError(CrmUnavailableError):
    """The tenant's breaker is open: the CRM was not asked. `retry_at` is when somebody may try again, UTC."""

    def __init__(self, message: str, retry_at: datetime | None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class CrmLoginRefusedError(CrmError):
    """The CRM refuses the tenant's user name and password."""

    code = "crm_login_refused"
    actor = Actor.STAFF


class CrmNotConfiguredError(CrmError):
    """This stack does not know the address of the tenant's CRM, or has no key of ours for it."""

    code = "crm_not_configured"


class CrmRefusedError(CrmError):
    """The CRM understood the request and said no; the text is the CRM's own."""

    code = "crm_refused"
    actor = Actor.STAFF
