"""A function of the formula language: its name and its arguments; its words are in the message files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sanjeh.definitions import Text
from sanjeh.errors import load_messages


class Takes(StrEnum):
    """What one argument may be."""

    VALUE = "value"
    BALANCE = "balance"
    COUNT = "count"
    NAME = "name"
    DIMENSION = "dimension"
    REDUCTION = "reduction"


@dataclass(frozen=True, slots=True)
class Function:
    """A function's arguments: the last ``optional`` of them may be left out; ``many`` repeats the last."""

    name: str
    takes: tuple[Takes, ...]
    optional: int = 0
    many: bool = False

    @property
    def words(self) -> Text:
        """A phrase with {0}, {1}, ... for the arguments; with ``many``, {0} is the whole list.

        >>> FUNCTIONS["closing"].words.get("en")
        '{0} at the end of the period'
        """
        return phrase(f"function.{self.name}.words") or Text("{0}", "{0}")

    @property
    def once(self) -> Text | None:
        """The phrase when the number of periods is 1 or left out, where it differs."""
        return phrase(f"function.{self.name}.once")

    @property
    def yearly(self) -> Text | None:
        """The phrase when the number of periods is ``periods_per_year``, where it differs."""
        return phrase(f"function.{self.name}.yearly")

    @property
    def meaning(self) -> Text:
        """What exactly is computed, in one line."""
        return phrase(f"function.{self.name}.meaning") or Text()


def phrase(code: str) -> Text | None:
    """The words of ``code`` in both languages, or None where there are none."""
    english, persian = (load_messages(language)[0].get(code) for language in ("en", "fa"))
    return None if english is None else Text(english, persian or english)


_V, _B, _C, _N = Takes.VALUE, Takes.BALANCE, Takes.COUNT, Takes.NAME
_D, _R = Takes.DIMENSION, Takes.REDUCTION

FUNCTIONS: dict[str, Function] = {
    "prior": Function("prior", (_V, _C), optional=1),
    "year_ago": Function("year_ago", (_V,)),
    "rolling": Function("rolling", (_V, _C)),
    "to_date": Function("to_date", (_V,)),
    "year_to_date": Function("year_to_date", (_V,)),
    "opening": Function("opening", (_B,)),
    "closing": Function("closing", (_B,)),
    "average": Function("average", (_B,)),
    "baseline": Function("baseline", (_V, _C), optional=1),
    "total": Function("total", (_V,)),
    "share": Function("share", (_V,)),
    "target": Function("target", (_N,)),
    "budget": Function("budget", (_N,)),
    "real": Function("real", (_V,)),
    "abs": Function("abs", (_V,)),
    "min": Function("min", (_V, _V), many=True),
    "max": Function("max", (_V, _V), many=True),
    "positive": Function("positive", (_V,)),
    "part_of": Function("part_of", (_V, _V)),
    "plus": Function("plus", (_V, _V), many=True),
    "lagged": Function("lagged", (_V, _C)),
    "daily": Function("daily", (_V,)),
    "across": Function("across", (_V, _D, _R)),
    "on_target": Function("on_target", (_N,)),
    "count_back": Function("count_back", (_B, _V)),
}

REDUCTIONS = ("mean", "median", "min", "max", "count", "sum")
NAMES = ("days", "periods_per_year")
