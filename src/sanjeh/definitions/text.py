"""A text is the same words in English and Persian."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Words in both languages; either may stand in for the other when a user's own definition gives only one.

    >>> Text("Revenue", "درآمد").get("fa")
    'درآمد'
    """

    en: str = ""
    fa: str = ""

    def get(self, language: str) -> str:
        """The words in ``language`` ("en" or "fa"), or in the other language where these are missing."""
        return (self.fa or self.en) if language == "fa" else (self.en or self.fa)
