"""A parameter is a named number, word or list that definitions use and a company may set."""

from __future__ import annotations

from dataclasses import dataclass

from sanjeh.definitions.text import Text
from sanjeh.errors import Place

ParameterValue = int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A setting with its default, unit and, for words, the values it may take."""

    id: str
    title: Text
    default: ParameterValue
    unit: str = "number"
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    description: Text = Text()
    place: Place | None = None

    @property
    def shown_unit(self) -> str:
        """The unit that people read it in: a ratio of at most one is a share, and nobody says "0.2 times"."""
        return "percentage" if self.unit == "ratio" and self.maximum == 1 else self.unit
