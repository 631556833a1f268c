"""Compare people's names without case and accents (Müller = muller = MULLER)."""

import unicodedata


def without_accents(name: str) -> str:
    """Remove the accents; keep the case."""
    decomposed = unicodedata.normalize("NFKD", name)
    return unicodedata.normalize(
        "NFC", "".join(character for character in decomposed if not unicodedata.combining(character))
    )


def fold_name(name: str) -> str:
    """Fold a name for comparison: no accents, no case, single spaces."""
    return " ".join(without_accents(name).casefold().split())
