"""Reading turns any source into a staging table of raw text.

In: a file, a folder, an archive, a workbook, a database file or the address of a database table. Out: a table in the
given DuckDB connection with ``_row`` and one text column per column of the source, and a ``RawTable`` that says what
the columns are called, what had to be mended and which records were set aside. It refuses to guess what a value means
(that is cleaning), to drop a record silently, and to hold a whole big file in memory.
"""

from sanjeh.connectors.reading.discovery import find_sources
from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.raw_table import BadRow, RawColumn, RawTable
from sanjeh.connectors.reading.reader import read
from sanjeh.connectors.reading.source import KINDS, ReadOptions, Source, source_of_address

__all__ = [
    "KINDS",
    "BadRow",
    "Limits",
    "RawColumn",
    "RawTable",
    "ReadOptions",
    "Source",
    "find_sources",
    "read",
    "source_of_address",
]
