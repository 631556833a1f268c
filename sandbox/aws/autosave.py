"""Gap: ministack writes its state only at a clean stop. Here what changed is written every few seconds."""

import asyncio
import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import persistence

DEFAULT_PERIOD = 3.0
"""Seconds between two rounds (`AUTOSAVE_SECONDS`): what a crash can lose."""

NOT_KEPT = frozenset({"cloudwatch_logs"})
"""Logs grow without bound and are also in the emulator's own log file."""

SNAPSHOT_TIMEOUT = 30.0

logger = logging.getLogger(__name__)


class Autosave:
    """Copies state on the emulator's event loop, where API calls change it, and writes it from a thread."""

    def __init__(self, folder: Path, period: float) -> None:
        self._folder = folder
        self._period = period
        self._written: dict[str, str] = {}
        self._writing = threading.Lock()
        self._stopped = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin saving; ends with the process."""
        threading.Thread(target=self._run, args=(loop,), name="autosave", daemon=True).start()

    def stop(self) -> None:
        """Let no older copy overwrite what the emulator writes at its clean stop."""
        with self._writing:
            self._stopped = True

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self._stopped:
            time.sleep(self._period)
            for service, get_state in app._build_persistence_save_dict().items():
                if service not in NOT_KEPT:
                    self._save(service, get_state, loop)

    def _save(self, service: str, get_state: Callable[[], Any], loop: asyncio.AbstractEventLoop) -> None:
        async def copy_state() -> Any:
            return get_state()

        try:
            state = asyncio.run_coroutine_threadsafe(copy_state(), loop).result(SNAPSHOT_TIMEOUT)
            if state is not None:
                self._write_if_changed(service, encoded(service, state))
        except Exception:  # a function's thread may change the state meanwhile; the next round tries again
            logger.warning("autosave of %s failed", service, exc_info=True)

    def _write_if_changed(self, service: str, content: bytes) -> None:
        digest = hashlib.sha256(content).hexdigest()
        with self._writing:
            if self._stopped or self._written.get(service) == digest:
                return
            replace_file(self._folder / f"{service}.json", content)
            self._written[service] = digest


def encoded(service: str, state: Any) -> bytes:
    """The state in the form in which ministack reads it back at start."""
    wrapper = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
    return json.dumps(wrapper, default=persistence._json_default).encode()


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in place at once and on disk, so that a crash leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".autosave")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def install() -> None:
    """Start saving with the server; do nothing where no state is kept."""
    if not persistence.PERSIST_STATE:
        return
    autosave = Autosave(
        Path(persistence.STATE_DIR), float(os.environ.get("AUTOSAVE_SECONDS", DEFAULT_PERIOD))
    )
    serve, save_all = app.app, app.save_all

    async def serve_and_save(
        scope: Mapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            autosave.start(asyncio.get_running_loop())
        await serve(scope, receive, send)

    def save_for_the_last_time(services: Mapping[str, Callable[[], Any]]) -> None:
        autosave.stop()
        save_all(services)

    app.app, app.save_all = serve_and_save, save_for_the_last_time
