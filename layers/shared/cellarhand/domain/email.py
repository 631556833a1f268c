"""Normalise and check e-mail addresses: strip, NFC, lower case, nothing more."""

import re
import unicodedata

MAX_EMAIL = 254
"""RFC 5321 section 4.5.3.1.3, without the angle brackets."""

_SHAPE = re.compile(r"[^@\s\x00-\x1f]+@[^@\s.\x00-\x1f]+(\.[^@\s.\x00-\x1f]+)+")


def normalise_email(email: str) -> str:
    """Normalise an address so that it can be compared and hashed."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def checked_email(text: str) -> str:
    """Normalised. Raises `ValueError`, which names the rule and not the address."""
    email = normalise_email(text)
    if not is_email(email):
        raise ValueError("not an e-mail address")
    return email


def is_email(email: str) -> bool:
    """Whether a normalised address has the form `local@domain.tld`; doesn't check that it exists."""
    return len(email) <= MAX_EMAIL and _SHAPE.fullmatch(email) is not None
