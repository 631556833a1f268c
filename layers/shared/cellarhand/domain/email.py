"""The one rule for e-mail addresses: strip, NFC, lower case; nothing cleverer."""

import re
import unicodedata

MAX_EMAIL = 254
"""RFC 5321 section 4.5.3.1.3, less the angle brackets."""

_SHAPE = re.compile(r"[^@\s\x00-\x1f]+@[^@\s.\x00-\x1f]+(\.[^@\s.\x00-\x1f]+)+")


def normalise_email(email: str) -> str:
    """The form in which addresses are compared and keyed."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def checked_email(text: str) -> str:
    """Normalised. Raises `ValueError`, which names the rule and not the address."""
    email = normalise_email(text)
    if not is_email(email):
        raise ValueError("not an e-mail address")
    return email


def is_email(email: str) -> bool:
    """Whether a normalised address has the shape `local@domain.tld`; says nothing of its existence."""
    return len(email) <= MAX_EMAIL and _SHAPE.fullmatch(email) is not None
