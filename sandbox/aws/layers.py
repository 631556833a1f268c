"""Gap: ministack unpacks every layer anew for each process of a function: thousands of files at every cold
start, and as many to remove when it stops.

Here each layer is unpacked once, and the processes share it, as all of them see one read-only /opt.
"""

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

from ministack.core import lambda_runtime

FOLDER = "ministack-layers"
"""In the emulator's temporary folder."""


class LayerOnce(zipfile.ZipFile):
    """A zip file that is unpacked as links into the one copy, if it is a layer's."""

    def extractall(
        self, path: "str | os.PathLike[str] | None" = None, members: object = None, pwd: bytes | None = None
    ) -> None:
        """`path` must be empty."""
        if path is None or not Path(self.filename or "").name.startswith("layer_"):
            super().extractall(path, members, pwd)  # type: ignore[arg-type]
            return
        for part in self._unpacked().iterdir():
            (Path(path) / part.name).symlink_to(part)

    def _unpacked(self) -> Path:
        """The one copy; whoever comes first makes it."""
        folder = Path(tempfile.gettempdir()) / FOLDER
        copy = folder / self._digest()
        if not copy.exists():
            folder.mkdir(exist_ok=True)
            made = tempfile.mkdtemp(dir=folder)
            super().extractall(made)
            try:
                Path(made).rename(copy)
            except OSError:
                if not copy.exists():
                    raise
        return copy

    def _digest(self) -> str:
        """Of what is in it, by the checksums that it carries."""
        parts = ((part.filename, part.file_size, part.CRC) for part in self.infolist())
        return hashlib.sha256(repr(sorted(parts)).encode()).hexdigest()[:32]


def install() -> None:
    """Change how ministack unpacks for a function's process."""
    lambda_runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": LayerOnce})
