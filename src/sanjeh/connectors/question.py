"""A question is what an import must know and cannot find out: which day, which currency, which entity."""

from __future__ import annotations

from dataclasses import dataclass

from sanjeh.errors import Issue


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that may be given, with an example of what it would mean where that helps."""

    value: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, about which column, and the answers to choose from.

    ``issue`` says it in both languages. ``default`` is the answer that may be taken when nobody can be asked; without
    one the file is left out then. ``is_free`` lets another answer be typed (a currency, a year).
    """

    kind: str
    issue: Issue
    target: str = ""
    choices: tuple[Choice, ...] = ()
    default: str | None = None
    is_free: bool = False

    def allows(self, answer: str) -> bool:
        """Whether ``answer`` is one of those that can be used."""
        return self.is_free or answer in {choice.value for choice in self.choices}
