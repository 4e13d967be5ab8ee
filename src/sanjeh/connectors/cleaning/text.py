"""Cleaned text is a cell's words in one spelling: one ی, one ک, one space, no invisible marks, ZWNJ inside words."""

from __future__ import annotations

import re
import unicodedata

ZWNJ = "\u200c"

# Letters that keyboards and old encodings write in two ways. Only those that are the same letter to a reader.
_LETTERS_FROM = "يىك"
_LETTERS_TO = "ییک"
# Everything that looks like a space; DuckDB's \s knows the ASCII ones only, so both sides use this list.
_SPACES = (
    "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
# Tatweel, byte-order mark, soft hyphen, bidi marks and embeddings, zero-width space and joiner.
_INVISIBLE = (
    "\u0640\ufeff\u00ad\u061c\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\x00"
)
_DIGITS = "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
_ASCII_DIGITS = "01234567890123456789"

_CLEAN = str.maketrans(
    {
        **dict(zip(_LETTERS_FROM, _LETTERS_TO, strict=True)),
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_INVISIBLE),
    }
)
_FOLD = str.maketrans(_DIGITS, _ASCII_DIGITS)
_MANY_SPACES = re.compile(" {2,}")
_SPACED_ZWNJ = re.compile(f"[ {ZWNJ}]*{ZWNJ}[ {ZWNJ}]*")

# Letters that people spell apart when they write the same name (پائیز, پاییز).
_SAME_NAME = str.maketrans(
    {"آ": "ا", "أ": "ا", "إ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ی", "ۀ": "ه", "ة": "ه", "ە": "ه", "ء": None}
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")

# What spreadsheets and databases write for "no value", in any kind of column.
_BLANK = frozenset(
    [
        *(
            "-",
            "--",
            "---",
            "—",
            "–",
            "―",
            "−",
            "?",
            "؟",
            "null",
            "none",
            "nan",
            "n/a",
            "n.a.",
            "(blank)",
            "<na>",
            "\\n",
        ),
        *("#n/a", "#na", "#null!", "#div/0!", "#ref!", "#value!", "#name?", "#num!", "#getting_data"),
    ]
)
# Blank only where a number, a date or a yes/no is expected: elsewhere they are members (a region named NA, «نامشخص»).
_BLANK_IF_TYPED = frozenset(
    [
        "na",
        "nat",
        "nil",
        "ندارد",
        "خالی",
        "(خالی)",
        "نامشخص",
        "unknown",
        "not available",
        "not set",
        "(not set)",
        "(none)",
        "بدون تاریخ",
        "هیچ",
        "موجود نیست",
        "تعیین نشده",
    ]
)


def clean_text(text: str) -> str:
    """``text`` with one spelling for every letter and space, and without invisible marks; the ZWNJ inside words stays.

    >>> clean_text(" شركت‌هاي  كيش ")
    'شرکت‌های کیش'
    """
    if text.isascii() and text.isprintable():
        return _MANY_SPACES.sub(" ", text).strip(" ")
    plain = unicodedata.normalize("NFC", text.translate(_CLEAN))
    return _MANY_SPACES.sub(" ", _SPACED_ZWNJ.sub(ZWNJ, plain)).strip(f" {ZWNJ}")


def fold_digits(text: str) -> str:
    """``text`` with Persian and Arabic digits written as 0-9.

    >>> fold_digits("۱۴۰۳/٠٥")
    '1403/05'
    """
    return text if text.isascii() else text.translate(_FOLD)


def words(text: str) -> tuple[str, ...]:
    """The words of a name in small letters, folded for comparison: camelCase, underscores and ZWNJ part words.

    >>> words("orderDate"), words("Order_ID 2"), words("تاريخ‌ سفارش")
    (('order', 'date'), ('order', 'id', '2'), ('تاریخ', 'سفارش'))
    """
    plain = unicodedata.normalize("NFKD", fold_digits(clean_text(text)).translate(_SAME_NAME))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).translate(_CLEAN)
    return tuple(word.casefold() for part in _WORD.findall(plain) for word in _CAMEL.split(part) if word)


def match_key(text: str) -> str:
    """What two spellings of one name have in common: no case, spaces, ZWNJ, underscores, marks or hamza.

    >>> match_key("Order_Date") == match_key("orderDate"), match_key("شاخص‌ها") == match_key("شاخص ها")
    (True, True)
    """
    return "".join(words(text))


def is_blank(text: str, *, typed: bool = False) -> bool:
    """Whether a cell says "no value"; ``typed`` (default false) adds NA, «ندارد», «نامشخص», which a text may mean.

    >>> is_blank(" #N/A "), is_blank("NA"), is_blank("NA", typed=True), is_blank("(not set)")
    (True, False, True, False)
    """
    plain = clean_text(text).casefold()
    return not plain or plain in _BLANK or (typed and plain in _BLANK_IF_TYPED)


def quote(text: str) -> str:
    """``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def clean_text_sql(expression: str) -> str:
    """The DuckDB expression that does to ``expression`` what :func:`clean_text` does."""
    spaces = quote(_SPACES)
    folded = f"translate({expression}, {quote(_LETTERS_FROM)} || {spaces}, {quote(_LETTERS_TO + ' ' * len(_SPACES))})"
    marks = "".join(f"\\x{{{ord(mark):x}}}" for mark in _INVISIBLE)
    visible = f"nfc_normalize(regexp_replace({folded}, '[{marks}]', '', 'g'))"
    joined = f"regexp_replace({visible}, '[ {ZWNJ}]*{ZWNJ}[ {ZWNJ}]*', '{ZWNJ}', 'g')"
    cleaned = f"trim(regexp_replace({joined}, ' +', ' ', 'g'), ' {ZWNJ}')"
    # Most text is plain already, and one look is several times cheaper than the five passes.
    return f"CASE WHEN regexp_full_match({expression}, '[!-~]+( [!-~]+)*') THEN {expression} ELSE {cleaned} END"


def fold_digits_sql(expression: str) -> str:
    """The DuckDB expression that does to ``expression`` what :func:`fold_digits` does."""
    return f"translate({expression}, {quote(_DIGITS)}, {quote(_ASCII_DIGITS)})"


def blank_sql(expression: str) -> str:
    """The DuckDB condition that holds where cleaned text ``expression`` is blank in any kind of column."""
    listed = ", ".join(quote(word) for word in sorted(_BLANK))
    return f"({expression} = '' OR lower({expression}) IN ({listed}))"
