"""An encoding is how the bytes of a text file stand for letters, found out from the bytes themselves."""

from __future__ import annotations

import codecs
import re

from sanjeh.connectors.reading.scan import Scan
from sanjeh.connectors.reading.source import Source
from sanjeh.errors import DataError, Issue

# What stands for bytes that cannot be decoded: half of a surrogate pair, which no decoder gives.
BROKEN = "\udcff"
MARKING = "sanjeh.mark"

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HALVES = re.compile("[\ud800-\udfff]+")
_LEGACY_RUN = re.compile(rb"[\x80-\xff]+")
_ASCII_LETTERS = re.compile(rb"[A-Za-z]")


def _mark(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return BROKEN, error.end
    raise error


codecs.register_error(MARKING, _mark)


def show_broken(text: str) -> str:
    """The text with the sign for an unknown letter where bytes could not be decoded."""
    return _HALVES.sub("\ufffd", text)


def find_wide(head: bytes) -> str | None:
    """The encoding that a byte order mark or the pattern of zero bytes gives away, or None.

    >>> find_wide("a,b\\n".encode("utf-16-le")), find_wide(b"a,b\\n"), find_wide(codecs.BOM_UTF8 + b"a")
    ('utf-16-le', None, 'utf-8-sig')
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if 0 not in head:
        return None
    for name in _guess_wide(head[: len(head) // 4 * 4]):
        try:
            codecs.getincrementaldecoder(name)().decode(head)
        except UnicodeDecodeError:
            continue
        return name
    return None


def _guess_wide(head: bytes) -> list[str]:
    zeros = [head[offset::4].count(0) for offset in range(4)]
    lanes = max(len(head) // 4, 1)
    if zeros[2] == zeros[3] == lanes:
        return ["utf-32-le"]
    if zeros[0] == zeros[1] == lanes:
        return ["utf-32-be"]
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    # Delimiters, digits and line ends are ASCII, so a tenth of one lane is zero even in a wholly Persian file.
    if odd > lanes * 0.2 and even < lanes * 0.04:
        return ["utf-16-le"]
    if even > lanes * 0.2 and odd < lanes * 0.04:
        return ["utf-16-be"]
    return []


def choose_encoding(scan: Scan, sample: bytes) -> str:
    """UTF-8 when the scan says so, or when only a few lines are broken; a one-byte encoding otherwise."""
    if scan.is_utf8 or scan.valid_lines > scan.broken_lines:
        return "utf-8-sig" if sample.startswith(codecs.BOM_UTF8) else "utf-8"
    return guess_legacy(sample)


def guess_encoding(sample: bytes) -> str:
    """The encoding by a sample alone, for formats whose content is UTF-8 unless something went wrong.

    >>> guess_encoding("نام".encode()), guess_encoding("نام".encode("windows-1256"))
    ('utf-8-sig', 'windows-1256')
    """
    wide = find_wide(sample[:65536])
    if wide is not None:
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return guess_legacy(sample)
    return "utf-8-sig"


def guess_legacy(sample: bytes) -> str:
    """Windows-1256 (Persian, Arabic) or windows-1252 (western), by whether letters above ASCII stand in runs.

    A Persian word is a run of high bytes; a western accent stands alone among ASCII letters.

    >>> guess_legacy("تاريخ;مبلغ".encode("windows-1256")), guess_legacy("café;numéro".encode("windows-1252"))
    ('windows-1256', 'windows-1252')
    """
    runs = alone = 0
    for match in _LEGACY_RUN.finditer(sample):
        touches = _ASCII_LETTERS.match(sample, match.end()) or (
            match.start() > 0 and _ASCII_LETTERS.match(sample, match.start() - 1)
        )
        if match.end() - match.start() >= 3 or (match.end() - match.start() == 2 and not touches):
            runs += match.end() - match.start()
        elif touches:
            alone += match.end() - match.start()
    if runs == alone:
        return _second_voice(sample)
    return "windows-1256" if runs > alone else "windows-1252"


def _second_voice(sample: bytes) -> str:
    import charset_normalizer

    best = charset_normalizer.from_bytes(sample[:65536], cp_isolation=["cp1256", "cp1252"]).best()
    return "windows-1252" if best is not None and best.encoding == "cp1252" else "windows-1256"


def check_encoding(name: str, source: Source) -> str:
    """The name, when Python knows it as an encoding of text.

    Raises:
        DataError: ``unknown_encoding``.
    """
    try:
        found = codecs.lookup(name)
        codecs.getincrementaldecoder(name)
        "".encode(name)
    except (LookupError, ValueError, UnicodeError):
        raise DataError(Issue("unknown_encoding", {"encoding": name}, source.place)) from None
    return "utf-8-sig" if found.name == "utf-8" else name
