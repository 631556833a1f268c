"""A reply as a tree that is read by local names only, with the forgiveness that .NET services need."""

from datetime import date, datetime

from . import values
from .outcomes import CallFailedError, Seen

_TRUE = {"true", "1"}
_FALSE = {"false", "0"}


class Node:
    """One element. Missing, `xsi:nil` and empty are all the same: absent."""

    __slots__ = ("children", "name", "nil", "text")

    def __init__(self, name: str, *, nil: bool = False) -> None:
        self.name = name
        self.nil = nil
        self.text = ""
        self.children: list[Node] = []

    def child(self, name: str) -> "Node | None":
        """The first child of that local name."""
        return next((child for child in self.children if child.name == name and not child.nil), None)

    def value(self, name: str) -> str | None:
        """A child's text without the space around it."""
        child = self.child(name)
        return (child.text.strip() or None) if child else None

    def guid(self, name: str) -> str | None:
        """A child's id in our one spelling. The guid of zeros is how .NET says that there is none."""
        text = self.value(name)
        return values.guid(text) if text and values.guid(text) != values.NO_GUID else None

    def flag(self, name: str) -> bool | None:
        """A child's boolean, in words or digits."""
        text = (self.value(name) or "").lower()
        if text in _TRUE | _FALSE:
            return text in _TRUE
        if text:
            raise garbled(f"{name} is no boolean")
        return None

    def moment(self, name: str) -> datetime | None:
        """A child's instant."""
        text = self.value(name)
        try:
            return values.moment(text) if text else None
        except ValueError:
            failure = garbled(f"{name} is no time")
        raise failure

    def day(self, name: str) -> date | None:
        """A child's date."""
        text = self.value(name)
        try:
            return values.day(text) if text else None
        except ValueError:
            failure = garbled(f"{name} is no date")
        raise failure

    def minor_units(self, name: str, decimals: int) -> int | None:
        """A child's money."""
        text = self.value(name)
        try:
            return values.minor_units(text, decimals) if text else None
        except ValueError:
            failure = garbled(f"{name} is no amount of money")
        raise failure

    def items(self, wrapper: str, key: str) -> "list[Node]":
        """The list under `wrapper`, whatever its items are called, even when they repeat without a wrapper.

        `key` is a field that every item must have; one without it makes the reply garbled, since leaving
        the item out would turn "unreadable" into "not there".
        """
        found: list[Node] = []
        for child in self.children:
            if child.name == wrapper and not child.nil:
                found += [child] if child.child(key) else child.filled()
        if any(item.guid(key) is None for item in found):
            raise garbled(f"an item of {wrapper} has no {key}")
        return found

    def filled(self) -> "list[Node]":
        """The children that hold anything."""
        return [child for child in self.children if child.children or child.text.strip()]


def garbled(what: str) -> CallFailedError:
    """The failure for a reply that can't be what it should be."""
    return CallFailedError(Seen.GARBLED, f"VinSuite's reply can't be read: {what}.")
