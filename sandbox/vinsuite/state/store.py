"""Where the books are kept: one SQLite file, committed call by call, so that a kill loses nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS winery (name TEXT PRIMARY KEY, account TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS document (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    winery TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (winery, kind, key)
);
"""
_PUT = """
INSERT INTO document (winery, kind, key, body) VALUES (?, ?, ?, ?)
ON CONFLICT (winery, kind, key) DO UPDATE SET body = excluded.body
"""


class StateInUseError(Exception):
    """Another simulator holds this state folder: stop it, or take another folder."""


class Store:
    """JSON documents by winery, kind and key, given back in the order they first came.

    Used from one thread at a time: the event loop's. Only process death is guarded against, not power loss.
    """

    def __init__(self, folder: Path) -> None:
        """Open or create the file; raises StateInUseError when another process has it."""
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / "vinsuite.sqlite3", timeout=1, check_same_thread=False)
        try:
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript(_TABLES)
        except sqlite3.OperationalError as error:
            self._database.close()
            raise StateInUseError(f"the state folder {folder} can't be used: {error}") from error

    def transaction(self) -> AbstractContextManager[object]:
        """Commit what is put inside together, or none of it when an exception leaves."""
        return self._database

    def put(self, winery: str, kind: str, key: str, body: str) -> None:
        """Add a document, or replace it in its old place."""
        self._database.execute(_PUT, (winery, kind, key, body))

    def documents(self, winery: str, kind: str) -> Iterator[str]:
        """Give a winery's documents of one kind, oldest first."""
        query = "SELECT body FROM document WHERE winery = ? AND kind = ? ORDER BY position"
        return (row[0] for row in self._database.execute(query, (winery, kind)))

    def put_winery(self, name: str, account: str) -> None:
        """Add a winery or replace its account; its documents stay."""
        self._database.execute("INSERT OR REPLACE INTO winery (name, account) VALUES (?, ?)", (name, account))

    def remove_winery(self, name: str) -> None:
        """Forget a winery and all its documents."""
        self._database.execute("DELETE FROM document WHERE winery = ?", (name,))
        self._database.execute("DELETE FROM winery WHERE name = ?", (name,))

    def wineries(self) -> dict[str, str]:
        """Give every winery's account by the winery's name."""
        return dict(self._database.execute("SELECT name, account FROM winery ORDER BY rowid"))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()
