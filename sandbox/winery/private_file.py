"""Files with access keys: readable by their owner only."""

from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Write a file that other users of this machine can't read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(text)
