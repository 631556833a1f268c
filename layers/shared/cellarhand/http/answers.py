"""What a route may answer, and how it becomes an API Gateway response (payload version 2.0)."""

import gzip
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from typing import Any, ClassVar

from pydantic import BaseModel

OUR_FILES_ONLY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a page of ours may load and run: files of our own origin. Swagger UI sets inline styles."""


@dataclass(frozen=True, slots=True)
class Versioned[Shown: BaseModel]:
    """An answer with the version of what it shows: its `ETag`, to come back in `If-Match`."""

    body: Shown
    version: int


@dataclass(frozen=True, slots=True)
class Ok[Shown: BaseModel]:
    """An answer with status 200 on a route whose own status is another."""

    body: Shown


@dataclass(frozen=True, slots=True)
class CsvFile:
    """An answer that is a file to keep."""

    MEDIA_TYPE: ClassVar[str] = "text/csv; charset=utf-8; header=present"

    text: str
    file_name: str


@dataclass(frozen=True, slots=True)
class StaticFile:
    """An answer that is alike for everybody and may be kept: a page, or a file that a page loads."""

    content: bytes
    media_type: str
    seconds_kept: int

    @property
    def etag(self) -> str:
        """Weak, for the same content goes out compressed or not."""
        return f'W/"{_digest(self.content)}"'


Answer = BaseModel | Versioned[Any] | Ok[Any] | CsvFile | StaticFile | None


def response_of(
    status: int,
    answer: Answer,
    request_id: str,
    asked: Mapping[str, str],
    *,
    content_type: str = "application/json",
) -> dict[str, Any]:
    """The response; `asked` are the request's headers by their lower-case names."""
    headers = {"content-type": content_type, "cache-control": "no-store", "x-request-id": request_id}
    match answer:
        case StaticFile():
            return _static_file(answer, asked, headers)
        case CsvFile():
            headers["content-type"] = answer.MEDIA_TYPE
            headers["content-disposition"] = f'attachment; filename="{answer.file_name}"'
            return _response(status, headers, answer.text)
        case Versioned():
            headers["etag"] = f'"{answer.version}"'
            return _response(status, headers, answer.body.model_dump_json())
        case Ok():
            return _response(HTTPStatus.OK, headers, answer.body.model_dump_json())
        case None:
            return _response(status, headers, "")
        case _:
            return _response(status, headers, answer.model_dump_json())


def _static_file(file: StaticFile, asked: Mapping[str, str], headers: dict[str, str]) -> dict[str, Any]:
    headers |= {
        "content-type": file.media_type,
        "cache-control": f"public, max-age={file.seconds_kept}",
        "etag": file.etag,
        "vary": "accept-encoding",
        "content-security-policy": OUR_FILES_ONLY,
        "x-content-type-options": "nosniff",
    }
    if file.etag in asked.get("if-none-match", ""):
        return _response(HTTPStatus.NOT_MODIFIED, headers, "")
    if "gzip" not in asked.get("accept-encoding", ""):
        return _response(HTTPStatus.OK, headers, file.content.decode())
    headers["content-encoding"] = "gzip"
    packed = b64encode(_compressed(file.content)).decode()
    return _response(HTTPStatus.OK, headers, packed) | {"isBase64Encoded": True}


def _response(status: int, headers: dict[str, str], body: str) -> dict[str, Any]:
    return {"statusCode": int(status), "headers": headers, "body": body, "isBase64Encoded": False}


@lru_cache(maxsize=8)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)


@lru_cache(maxsize=8)
def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
