"""A reason says why there is no value; a mark says how far to trust the value there is."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Reason(IntEnum):
    """Why a point has no value; VALUE means that it has one. Missing is never zero."""

    VALUE = 0
    NO_DATA = 1
    UNDEFINED = 2
    NOT_YET = 3
    HIDDEN = 4
    INCOMPARABLE = 5

    @property
    def code(self) -> str | None:
        """The word used in files and messages, or None for a value."""
        return None if self is Reason.VALUE else self.name.lower()


class Mark(IntFlag):
    """What a reader must know about a value; several may hold at once."""

    PARTIAL = 1
    PROVISIONAL = 2
    STALE = 4

    @property
    def codes(self) -> tuple[str, ...]:
        """The words of the marks that hold, in order."""
        return tuple(mark.name.lower() for mark in Mark if mark in self and mark.name)
