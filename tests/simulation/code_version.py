"""Which code a result is of: a long campaign can go on where it ended, and old news is not taken for new."""

from hashlib import sha256
from pathlib import Path

OF = (
    "layers/shared/cellarhand",
    "functions",
    "tests/fakes",
    "tests/simulation/kernel",
    "tests/simulation/workflows",
)
"""The product, and what simulates and judges it."""
LENGTH = 12


def code_version(root: Path) -> str:
    """The same for the same sources in the same places."""
    digest = sha256()
    for folder in OF:
        for file in sorted((root / folder).rglob("*.py")):
            digest.update(f"{file.relative_to(root)}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:LENGTH]
