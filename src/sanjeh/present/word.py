"""A word is the name, in English or Persian, of a code from a closed list: a reason, a mark, a direction, a grain.

The tables are the dotted keys of ``messages/parts/present.*.toml``: ``"direction.maximize"``.
"""

from __future__ import annotations

from collections.abc import Iterable

from sanjeh.errors import DefinitionError, Issue, load_messages


def word(table: str, code: str, language: str) -> str:
    """The name of ``code`` in ``table`` ("direction", "grain", ...); the code itself where a company made it up.

    >>> word("direction", "minimize", "en"), word("grain", "quarter", "fa"), word("pack", "our_own", "fa")
    ('lower is better', 'سه\u200cماهه', 'our_own')
    """
    return find_word(table, code, language) or code


def find_word(table: str, code: str, language: str) -> str | None:
    """The name of ``code`` in ``table``, or None; raises DefinitionError ``unknown_language``."""
    if language not in ("en", "fa"):
        raise DefinitionError(Issue("unknown_language", {"language": language}))
    return load_messages(language)[0].get(f"{table}.{code}")


def form(name: str, language: str, **data: str) -> str:
    """The form ``name`` ("period.month") of a language, filled with ready texts.

    >>> form("period.month", "fa", month="مرداد", year="۱۴۰۳")
    'مرداد ۱۴۰۳'
    """
    table, _, code = name.partition(".")
    return word(table, code, language).format_map(data)


def reason_word(code: str, language: str, *, short: bool = False) -> str:
    """Why there is no value, in words; ``short`` for a table's cell.

    >>> reason_word("no_data", "fa"), reason_word("incomparable", "en", short=True)
    ('داده نیست', 'n/c')
    """
    return word("reason_short" if short else "reason", code, language)


def mark_words(codes: Iterable[str], language: str, *, short: bool = False) -> str:
    """What to know about a value, in words joined by commas; "" when there is nothing to know.

    >>> mark_words(["partial", "stale"], "en", short=True)
    'partial, stale'
    >>> mark_words(["partial"], "fa")
    'ناقص: دورهٔ باز'
    """
    table = "mark_short" if short else "mark"
    return join_words([word(table, code, language) for code in codes], language)


def join_words(words: Iterable[str], language: str) -> str:
    """The words in one line, with the language's own comma.

    >>> join_words(["ماه", "سال"], "fa")
    'ماه، سال'
    """
    return word("list", "comma", language).join(words)
