"""Labels: rules name a club, contact type or event by its id, or by its name with case ignored."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pydantic import Field

from cellarhand.domain.models import FrozenModel

from .schema import ALL, DiscountSchema


@lru_cache(maxsize=4_096)
def fold_label(label: str) -> str:
    """The form in which ids, names, tags and promo codes are compared: case-folded, without outer spaces."""
    return unicodedata.normalize("NFC", label).strip().casefold()


class Named(NamedTuple):
    """A club or contact type that a rule can name."""

    id: str
    name: str


class KnownEvent(NamedTuple):
    """An event of the settings, with the fields that rules can name."""

    id: str
    name: str
    tags: tuple[str, ...] = ()


class Known(NamedTuple):
    """Everything that rules can name, as the CRM and the settings have it now.

    `joining_dates`: whether the CRM knows when each membership began.
    """

    clubs: tuple[Named, ...] = ()
    contact_types: tuple[Named, ...] = ()
    events: tuple[KnownEvent, ...] = ()
    joining_dates: bool = False


class Directory:
    """Finds things of one kind by label. An exact id beats an id in another case, which beats a name."""

    def __init__(self, things: Iterable[Named | KnownEvent]) -> None:
        self._exact: dict[str, list[str]] = {}
        self._folded: dict[str, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        for thing in things:
            self._exact[thing.id] = [thing.id]
            self._folded.setdefault(fold_label(thing.id), []).append(thing.id)
            self._names.setdefault(fold_label(thing.name), []).append(thing.id)

    def ids(self, label: str) -> list[str]:
        """All ids that the label may mean: none, one, or several things with the same name."""
        folded = fold_label(label)
        return self._exact.get(label) or self._folded.get(folded) or self._names.get(folded, [])


class Meanings(FrozenModel):
    """Which id each label of a schema means. Fixed when the schema is written.

    A club that is renamed later therefore stays the same club. A label without a meaning counts as an id.
    """

    clubs: dict[str, str] = Field(default_factory=dict)
    contact_types: dict[str, str] = Field(default_factory=dict)
    events: dict[str, str] = Field(default_factory=dict)


def meanings_of(schema: DiscountSchema, known: Known) -> Meanings:
    """The meanings of all known labels that the schema uses."""
    rules = schema.rules
    return Meanings(
        clubs=_meant(known.clubs, (rule.who.clubs_any for rule in rules)),
        contact_types=_meant(
            known.contact_types,
            (
                labels
                for rule in rules
                for labels in (rule.who.contact_types_any, rule.who.contact_types_none)
            ),
        ),
        events=_meant(known.events, (rule.what.events for rule in rules)),
    )


def _meant(things: Iterable[Named | KnownEvent], used: Iterable[tuple[str, ...]]) -> dict[str, str]:
    directory = Directory(things)
    labels = {label for group in used if group != ALL for label in group}
    found = {label: directory.ids(label) for label in sorted(labels)}
    return {label: ids[0] for label, ids in found.items() if ids}
