"""One hash over many files, to detect whether anything changed since the last time."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

IGNORED_FOLDERS = frozenset({"__pycache__"})


def fingerprint(paths: Iterable[Path], root: Path) -> str:
    """Hash of names and contents of all files in `paths`, folders included; what is absent adds nothing."""
    digest = hashlib.sha256()
    for file in sorted(set(_files(paths))):
        digest.update(f"{file.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else (path,):
            if file.is_file() and not IGNORED_FOLDERS.intersection(file.parts):
                yield file
