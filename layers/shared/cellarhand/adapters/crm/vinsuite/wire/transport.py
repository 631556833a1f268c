"""Posting a request and reading its answer, within one budget and without a trace of what was sent."""

from functools import cache
from typing import NamedTuple

from requests import PreparedRequest, RequestException, Response
from urllib3.exceptions import HTTPError

from .attempt import Attempt, current_attempt
from .connections import PunctualAdapter
from .outcomes import CallFailedError, Seen
from .reply import REPLY_LIMIT_BYTES

_CHUNK_BYTES = 65_536
_CONNECTIONS_KEPT = 16


class Answer(NamedTuple):
    """Status and whole body of a reply."""

    status: int
    body: bytes


@cache
def _adapter() -> PunctualAdapter:
    """The connections of this process, shared by all tenants.

    It is used without a `requests` session: so there are no cookies, no proxies or passwords from the
    environment, no redirects and no retries.
    """
    return PunctualAdapter(pool_connections=4, pool_maxsize=_CONNECTIONS_KEPT, max_retries=0)


def post(address: str, soap_action: str, body: bytes, attempt: Attempt) -> Answer:
    """Post once. Raises `CallFailedError`; it is raised outside of every handler, because the exceptions
    of `requests` carry the request, and so the body, which must not be chained to ours.
    """
    token = current_attempt.set(attempt)
    attempt.may_have_left = False
    try:
        return _post(_request(address, soap_action, body), attempt)
    except (RequestException, HTTPError, OSError) as error:
        failure = _classified(attempt, error)
    finally:
        current_attempt.reset(token)
    raise failure


def _request(address: str, soap_action: str, body: bytes) -> PreparedRequest:
    headers = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": soap_action,
        "Accept-Encoding": "identity",
        "User-Agent": "Cellarhand",
    }
    request = PreparedRequest()
    request.prepare(method="POST", url=address, headers=headers, data=body)
    return request


def _post(request: PreparedRequest, attempt: Attempt) -> Answer:
    with _adapter().send(request, stream=True, timeout=attempt.seconds_for_waiting()) as response:
        return Answer(response.status_code, _read(response))


def _read(response: Response) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := response.raw.read(_CHUNK_BYTES, decode_content=False):
        chunks.append(chunk)
        size += len(chunk)
        if size > REPLY_LIMIT_BYTES:
            raise CallFailedError(Seen.OVERSIZED, "VinSuite's reply can't be read: it is too large.")
    return b"".join(chunks)


def _classified(attempt: Attempt, error: Exception) -> CallFailedError:
    if not attempt.may_have_left:
        return CallFailedError(Seen.NEVER_LEFT_US, "VinSuite could not be reached.")
    if attempt.seconds_left() <= 0 or isinstance(error, TimeoutError):
        return CallFailedError(Seen.TIMED_OUT, "VinSuite did not answer in time.")
    return CallFailedError(Seen.CONNECTION_LOST, "The connection to VinSuite broke.")
