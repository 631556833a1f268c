"""Failures as `application/problem+json` (RFC 9457), with the one table from error class to HTTP status."""

from http import HTTPStatus

from pydantic import BaseModel

from cellarhand.domain.errors import (
    CellarhandError,
    ConflictError,
    CrmError,
    FieldError,
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
    PreconditionFailedError,
    RequestTooLargeError,
    StaleRecordError,
    StorageUnavailableError,
    TooManyRequestsError,
)
from cellarhand.http.json_body import MalformedBodyError

STATUS_OF: dict[type[CellarhandError], HTTPStatus] = {
    MalformedBodyError: HTTPStatus.BAD_REQUEST,
    InvalidRequestError: HTTPStatus.UNPROCESSABLE_ENTITY,
    RequestTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    StaleRecordError: HTTPStatus.CONFLICT,
    PreconditionFailedError: HTTPStatus.PRECONDITION_FAILED,
    TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    StorageUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    CrmError: HTTPStatus.SERVICE_UNAVAILABLE,
    CellarhandError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""A class that is not named has the status of its nearest ancestor."""

EXPLAINED_AT = "/v1/docs/problems#"
"""Of our own origin: where a code is explained, with what to do (`problem_codes` has the texts)."""


class ProblemField(BaseModel):
    """One field that is wrong; `pointer` is a JSON pointer into the body (RFC 6901)."""

    pointer: str
    message: str


class Problem(BaseModel):
    """The body of every failure. `code` is stable and may be branched on; `detail` is for people; `type`
    leads to the page that explains the code.

    `who_acts` says who must act before the same request can succeed: caller, staff, support, operators,
    or nobody (it passes by itself).
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    who_acts: str
    errors: list[ProblemField]
    request_id: str


def problem_of(error: CellarhandError, request_id: str) -> Problem:
    """The problem body for an error."""
    status = status_of(error)
    return Problem(
        type=EXPLAINED_AT + error.stable_code,
        title=status.phrase,
        status=status,
        detail=error.message,
        code=error.stable_code,
        who_acts=error.actor,
        errors=[_field(one) for one in error.errors],
        request_id=request_id,
    )


def headers_of_problem(error: CellarhandError) -> dict[str, str]:
    """What stands beside the body: when to come again, if that is known."""
    return {"retry-after": str(error.retry_after)} if isinstance(error, TooManyRequestsError) else {}


def status_of(error: CellarhandError) -> HTTPStatus:
    """The status of the error's class, or of its nearest ancestor in the table."""
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)


def _field(error: FieldError) -> ProblemField:
    return ProblemField(pointer=error.pointer, message=error.message)
