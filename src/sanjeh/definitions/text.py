"""A text is the same words in English and Persian."""

from __future__ import annotations

import unicodedata
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

    @property
    def each(self) -> tuple[str, ...]:
        """The words of each language that there are."""
        return tuple(words for words in (self.en, self.fa) if words)


_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "\u200c": None, "ـ": None})


def fold_title(title: str) -> str:
    """``title`` as it is compared: without case, spaces, joiners and marks, Arabic letters as Persian ones.

    >>> fold_title("هزينهٔ  جذب") == fold_title("هزینه‌ جذب"), fold_title("Gross Profit")
    (True, 'grossprofit')
    """
    letters = unicodedata.normalize("NFKD", title).translate(_LETTERS).casefold()
    return "".join(sign for sign in letters if not sign.isspace() and not unicodedata.combining(sign))
