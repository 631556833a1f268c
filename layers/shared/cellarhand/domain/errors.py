"""The error classes of the system. Each says who must act.

`http/problem.py` maps them to HTTP statuses in one table. Messages are for people and never contain
personal data or secrets.
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
    """Temporary: try again later."""


class FieldError:
    """An error in one field. `pointer` is a JSON pointer into the request (RFC 6901)."""

    __slots__ = ("message", "pointer")

    def __init__(self, pointer: str, message: str) -> None:
        self.pointer = pointer
        self.message = message

    def __repr__(self) -> str:
        return f"FieldError({self.pointer!r}, {self.message!r})"


class CellarhandError(Exception):
    """Base class. Callers may branch on `code`, which is stable; the message may change."""

    code: ClassVar[str] = "internal_error"
    actor: ClassVar[Actor] = Actor.OPERATORS

    def __init__(self, message: str, *, code: str | None = None, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.stable_code = code or self.code
        self.errors = errors


class InvalidRequestError(CellarhandError):
    """The request can't be parsed or contradicts itself; `errors` names each invalid field."""

    code = "invalid_request"
    actor = Actor.CALLER


class RequestTooLargeError(CellarhandError):
    """The body exceeds the size limit of its route."""

    code = "request_too_large"
    actor = Actor.CALLER


class NotAllowedError(CellarhandError):
    """The credential is valid, but its role may not do this."""

    code = "not_allowed"
    actor = Actor.CALLER


class NotFoundError(CellarhandError):
    """This tenant has no such object. Another tenant's object gets the same answer as a missing one."""

    code = "not_found"
    actor = Actor.CALLER


class ConflictError(CellarhandError):
    """The request conflicts with the stored state; `code` says how."""

    code = "conflict"
    actor = Actor.CALLER


class NotSupportedByCrmError(ConflictError):
    """The tenant's CRM doesn't support this."""

    code = "not_supported_by_crm"
    actor = Actor.STAFF


class PreconditionFailedError(CellarhandError):
    """`If-Match` names another version than the stored one."""

    code = "version_changed"
    actor = Actor.CALLER


class SettingsIncompleteError(ConflictError):
    """A required setting is missing; the message names it."""

    code = "settings_incomplete"
    actor = Actor.STAFF


class StaleRecordError(CellarhandError):
    """Another process changed the record first: read it again and repeat the decision."""

    code = "changed_meanwhile"
    actor = Actor.NOBODY


class TooManyRequestsError(CellarhandError):
    """The rate limit was exceeded; `retry_after` is in seconds."""

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
    """Base class for failed *reads* from the CRM. Writes return a `WriteResult` instead (`ports/crm.py`)."""

    code = "crm_error"


class CrmUnavailableError(CrmError):
    """The CRM did not answer, its answer is unreadable, or its breaker is open. Never means "not found"."""

    code = "crm_unavailable"
    actor = Actor.NOBODY


class CrmBreakerOpenError(CrmUnavailableError):
    """The tenant's breaker is open, so the CRM was not called. `retry_at` is when to try again, in UTC."""

    def __init__(self, message: str, retry_at: datetime | None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class CrmLoginRefusedError(CrmError):
    """The CRM refuses the tenant's user name and password."""

    code = "crm_login_refused"
    actor = Actor.STAFF


class CrmNotConfiguredError(CrmError):
    """This stack has no address for the tenant's CRM, or no partner key of ours for it."""

    code = "crm_not_configured"


class CrmRefusedError(CrmError):
    """The CRM understood the request and declined it; the message is the CRM's own text."""

    code = "crm_refused"
    actor = Actor.STAFF
