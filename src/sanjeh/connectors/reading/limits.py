"""Limits say how much of a source may be held in memory, and how far a packed file may swell."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one read; sizes in bytes, the defaults keep a read well under 2 GB of memory.

    Args:
        line: longest line of text, or longest record when a quoted cell spans lines.
        columns: most columns of one table.
        bad_rows: most records that may be set aside before the file as a whole is refused.
        broken_quotes: most quotes that open and never close before the file as a whole is refused.
        sheet: largest part of a workbook once unpacked, since a sheet is parsed in memory.
        cells: most cells of a sheet's used rectangle.
        unpacked: most bytes that a packed file may unpack to.
        ratio: most bytes out per byte in, once a packed file has given ``ratio_from`` bytes.
        ratio_from: unpacked size below which any ratio is harmless.
    """

    line: int = 16 * MEGABYTE
    columns: int = 10_000
    bad_rows: int = 100_000
    broken_quotes: int = 100
    sheet: int = 300 * MEGABYTE
    cells: int = 30_000_000
    unpacked: int = 1024 * MEGABYTE
    ratio: int = 200
    ratio_from: int = 200 * MEGABYTE

    def is_bomb(self, unpacked: int, packed: int) -> bool:
        """Whether so many bytes out of so few in are a trap rather than data.

        >>> Limits().is_bomb(unpacked=2 << 30, packed=1 << 30), Limits().is_bomb(50 << 20, 1 << 20)
        (True, False)
        """
        return unpacked > self.unpacked or self.swells(unpacked, packed)

    def swells(self, unpacked: int, packed: int) -> bool:
        """Whether the ratio alone is a trap; for text that streams, where size alone is no danger."""
        return unpacked > self.ratio_from and unpacked > self.ratio * max(packed, 1)
