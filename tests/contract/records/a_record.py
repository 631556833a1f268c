"""Records that exist for the contract alone."""

from datetime import datetime
from typing import ClassVar

from cellarhand.domain.records import Key, Place, Record


class Bottle(Record):
    """Wants to be found by everything that a record can be found by."""

    name: str
    cellar: str = "T#oak"
    label: str = "plain"
    drink_by: datetime | None = None
    shelf: str | None = None
    gone_at: datetime | None = None

    @property
    def key(self) -> Key:
        return Key(self.cellar, f"BOTTLE#{self.name}")

    @property
    def due_at(self) -> datetime | None:
        return self.drink_by

    @property
    def place(self) -> Place | None:
        return Place(f"{self.cellar}#shelf", self.shelf) if self.shelf else None

    @property
    def expires_at(self) -> datetime | None:
        return self.gone_at


class Barrel(Record):
    """Is stored compressed."""

    compressed: ClassVar[bool] = True

    contents: str
    wood: str = "oak"
    emptied: bool | None = False

    @property
    def key(self) -> Key:
        return Key("T#oak", "BARREL")
