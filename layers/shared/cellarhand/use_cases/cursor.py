"""Cursors of lists: text that callers hand back as they got it, and need not understand."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error

from cellarhand.domain.errors import FieldError, InvalidRequestError


def cursor_text(place: str) -> str:
    """As given to callers."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(text: str, pointer: str = "/query/cursor") -> str:
    """As taken back; raises `InvalidRequestError`. What it holds is still a stranger's text."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (Base64Error, ValueError):
        raise broken_cursor(pointer) from None


def broken_cursor(pointer: str = "/query/cursor") -> InvalidRequestError:
    """The cursor is none of ours; `pointer` says where it stood."""
    return InvalidRequestError(
        "The cursor is not one that this list gave out.",
        errors=(FieldError(pointer, "take it from `next` as it is"),),
    )
