"""A status word hints at what a status means: «لغو شده توسط مشتری» is a cancellation, whatever else it says."""

from __future__ import annotations

from sanjeh.connectors.cleaning import words

# The beginnings of words by the status that they hint at; where several do, the first listed goes before.
_STEMS = (
    ("cancelled", "لغو کنسل انصراف ابطال باطل cancel void abandon"),
    ("refunded", "برگشت بازگشت مرجوع عودت استرداد مسترد refund return chargeback"),
    ("unpaid", "ناموفق نسیه بدهکار unpaid overdue fail"),
    ("pending", "انتظار معلق منتظر pending await hold"),
    ("test", "تست آزمایشی test"),
    ("delivered", "تحویل deliver"),
    ("shipped", "ارسال ship dispatch"),
)
# What turns a hint round, or says that it is so in part, or not yet.
_DOUBT = frozenset(
    word
    for text in (
        "نشده نشد نیست نبود بدون غیر رد درخواست تقاضا حال بخشی جزئی قسمتی نیمه شاید احتمالی",
        "not no non un never partial partially partly request requested requests in progress possible",
    )
    for part in text.split()
    for word in words(part)
)
# Statuses that never count as revenue: a wrong hint at one of them makes no number larger.
_SAFE = ("cancelled", "refunded")


def hint_status(text: str) -> str | None:
    """The status that the words of ``text`` hint at, or None; never ``paid``, which only a known word means.

    >>> hint_status("لغو شده توسط مشتری"), hint_status("برگشت از فروش"), hint_status("نامشخص")
    ('cancelled', 'refunded', None)
    """
    found = _hints(text)
    return None if not found or _is_doubtful(text) else found[0]


def read_status(text: str) -> str | None:
    """The status that ``text`` surely means by the words it contains, or None: a cancellation or a return.

    >>> read_status("Cancelled by customer"), read_status("درخواست لغو"), read_status("return pending")
    ('cancelled', None, None)
    """
    found = _hints(text)
    return found[0] if len(found) == 1 and found[0] in _SAFE and not _is_doubtful(text) else None


def _hints(text: str) -> list[str]:
    said = words(text)
    return [
        status
        for status, stems in _STEMS
        if any(word.startswith(words(stem)[0]) for word in said for stem in stems.split())
    ]


def _is_doubtful(text: str) -> bool:
    return not _DOUBT.isdisjoint(words(text))
