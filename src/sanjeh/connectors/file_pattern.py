"""A file pattern is a file's name with ``{date}`` for what changes: dates, numbers, months; ``*`` takes anything."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

from sanjeh.connectors.cleaning import clean_text, fold_digits, words
from sanjeh.connectors.cleaning.month_name import month_named
from sanjeh.connectors.reading import Source

_DATE_PARTS = re.compile(r"\d+")
# Years, and days written without separators: in a word they are dates all the same (sales1403).
_DATED = re.compile(r"(1[34]\d\d|19\d\d|20\d\d)((0\d|1[0-2])([0-3]\d)?)?")
# The longest number at the end of a word that counts a series: part2, but not cp1256.
_SERIES = 3
# What a pattern made from a name says of digits and months; a star, which people write, would take sister files too.
DATE = "{date}"
_MARK = "\0"
_MARKS = re.compile(r"\0(?:[\s._\-–()]*\0)+")
_SUFFIXES = re.compile(
    r"(\.(csv|tsv|txt|xlsx|xlsm|xls|parquet|jsonl|ndjson|json|sqlite|db|duckdb|html?|gz|zip))+$", re.IGNORECASE
)
# Words of a file's name that say which copy it is, not what is in it.
_COPY_WORDS = (
    "export exported report data list final new copy sheet table all full output backup master raw dump of the and"
    " خروجی گزارش لیست فهرست داده اطلاعات نهایی جدید کپی ماه سال فایل کل جدول صفحه ریز برگه"
)


def file_name(source: Source) -> str:
    """The name that patterns are held against: the member's in an archive, the table's in a database server."""
    if source.kind == "postgres":
        return source.part or source.file
    if source.part and source.path.lower().endswith(".zip"):
        return Path(source.part).name
    return source.file


def sheet_name(source: Source) -> str | None:
    """The sheet or table inside the file; None where the file is the table itself."""
    return None if file_name(source) != source.file or source.kind == "postgres" else source.part


def build_pattern(name: str) -> str:
    """The pattern that takes this file and its sisters of other months.

    >>> build_pattern("orders-1403-05.csv"), build_pattern("فروش مرداد ۱۴۰۳.xlsx"), build_pattern("orders.csv")
    ('orders-{date}.csv', 'فروش {date}.xlsx', 'orders.csv')
    >>> build_pattern("sales1403.csv"), build_pattern("part2.csv"), build_pattern("04null-cp1256.csv")
    ('sales{date}.csv', 'part{date}.csv', '04null-cp1256.csv')
    """
    found = _SUFFIXES.search(name)
    stem, suffix = (name[: found.start()], found.group()) if found else (name, "")
    plain = re.sub(r"[\[\]*]", "?", stem)
    marked = _DATE_PARTS.sub(_mark, fold_digits(plain))
    parts = re.split(r"([\s._\-–()]+)", marked)
    marked = "".join(_MARK if part and month_named(part) and len(part) > 2 else part for part in parts)
    pattern = _MARKS.sub(_MARK, marked)
    return pattern.replace(_MARK, DATE) + suffix if re.search(r"\w", pattern) else name


def _mark(number: re.Match[str]) -> str:
    """The mark, where a number is a date or counts a series; else the number, which belongs to the name."""
    text, start, end = number.string, number.start(), number.end()
    after_letter = start > 0 and text[start - 1].isalpha()
    before_letter = end < len(text) and text[end].isalpha()
    in_word = before_letter or (after_letter and end - start > _SERIES)
    return number[0] if in_word and not _DATED.fullmatch(number[0]) else _MARK


def takes(pattern: str, name: str) -> bool:
    """Whether a file of this name fits the pattern; case, digits and the letters ی and ک may be spelled either way.

    >>> takes("orders-*.csv", "Orders-1403-06.CSV"), takes("فروش {date}.xlsx", "فروش تير.xlsx")
    (True, True)
    >>> takes("فروش {date}.xlsx", "فروش برگشتی تیر.xlsx")
    False
    """
    folded, parts = _fold(name), _fold(pattern).split(DATE)
    if len(parts) == 1:
        return fnmatchcase(folded, parts[0])
    stars = {"*": ".*", "?": "."}
    spelled = "(.*)".join("".join(stars.get(letter, re.escape(letter)) for letter in part) for part in parts)
    found = re.fullmatch(spelled, folded)
    return found is not None and all(_is_date(part) for part in found.groups())


def _is_date(text: str) -> bool:
    """Whether nothing but digits, separators, months and words of copies stands in this part of a file's name."""
    return all(month_named(word) for word in name_words(text))


def _fold(text: str) -> str:
    return fold_digits(clean_text(text)).casefold()


def name_words(name: str) -> tuple[str, ...]:
    """The words of a file's or sheet's name that say what is in it: no suffix, number, month or "export".

    >>> name_words("Orders_export_2024-05.csv"), name_words("Sheet1")
    (('orders',), ())
    """
    copies = frozenset(_COPY_WORDS.split())
    spoken = [re.sub(r"\d+", "", word) for word in words(_SUFFIXES.sub("", name))]
    return tuple(word for word in spoken if word and word not in copies and not _is_month(word))


def _is_month(word: str) -> bool:
    return len(word) > 2 and month_named(word) is not None


def build_slug(name: str, entity: str) -> str:
    """A name for the mapping: the file's words in plain letters, or the entity where it has none.

    >>> build_slug("Shop Orders 1403.csv", "orders"), build_slug("فروش.xlsx", "orders")
    ('shop_orders', 'orders')
    """
    slug = "_".join(word for word in name_words(name) if word.isascii() and word.isalnum())
    return slug[:60] or entity
