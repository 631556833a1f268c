"""The one rule for comparing people's names: case and accents do not matter (Müller = muller = MULLER)."""

import unicodedata


def without_accents(name: str) -> str:
    """The same letters without their marks; case is kept."""
    decomposed = unicodedata.normalize("NFKD", name)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def fold_name(name: str) -> str:
    """The form in which names are compared: no accents, no case, single spaces."""
    return " ".join(without_accents(name).casefold().split())
