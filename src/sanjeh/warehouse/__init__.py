"""Typed rows come in, a version of immutable files goes out; the only place where imported rows rest.

A folder holds ``CURRENT`` (the name of the current manifest), ``manifests/<version>.json``,
``segments/<entity>/*.parquet``, ``dictionaries/<domain>/*.parquet`` and ``faults/*.parquet`` (rows set aside). Files
are never changed, only replaced by others in a later version, so readers never wait and a killed writer leaves the
last version whole. One process writes at a time.

Columns of an entity's relation (``Snapshot.relation_sql``, or the view ``raw_<entity>`` after ``Snapshot.attach``):

* its own typed columns, as many as files ever brought, and the company's own dimensions (text);
* ``<column>__code`` INTEGER beside key and dimension columns: the dense code, from 0, in the dictionary of the domain
  that has the column's name (the view ``dict_<domain>``: code, value); values other than text are coded by their text
  (``true``);
* ``<column>__day`` DATE beside date and time columns;
* ``_row_key`` VARCHAR (what makes the row itself), ``_row_hash`` UBIGINT (the first half of the md5 of the row's
  canonical text; see ``layout.content_sql``), ``_source`` INTEGER, ``_file`` INTEGER (``Snapshot.find_file``),
  ``_line`` BIGINT.

Money is DECIMAL with the smallest scale of 0, 2, 4, 6, 9 that is exact for the segment, precision 18 where that holds
it; the relation's type holds all segments. Digits behind the ninth are rounded away at loading.

Rows are known by ``_row_key``. Same key and content as stored: a duplicate, nothing is written. Same key, other
content: the incoming row replaces the stored one whole, in whatever month that was. The same key twice in one load:
the last line (by file, then line) stays; an earlier one with the same content is a duplicate, with other content it is
superseded. So read = loaded + duplicate + replaced + superseded + quarantined, which ``Writer.commit`` checks.

It refuses a second writer (``warehouse_locked``), files that are not as the manifest says (``warehouse_damaged``), and
rows unaccounted for (``warehouse_rows_lost``); a full disk is ``warehouse_write_failed`` and changes nothing.

>>> with Writer(folder) as writer:                                                      # doctest: +SKIP
...     counted = writer.load(connection, catalogue.entities["orders"], "staging", source)
...     writer.quarantine(connection, "faults", counted.import_id)
...     version = writer.commit()
>>> snapshot = open_snapshot(folder)                                                    # doctest: +SKIP
>>> connection.execute(f"SELECT sum(net_amount) FROM {snapshot.relation_sql('orders')}")  # doctest: +SKIP
"""

from sanjeh.warehouse.durable import make_name, write_text
from sanjeh.warehouse.history import ImportRecord, LoadCount, SourceFile, SourceRecord, StoredFile
from sanjeh.warehouse.relation import relation_of
from sanjeh.warehouse.snapshot import Snapshot, open_snapshot
from sanjeh.warehouse.stored import Dictionary, Segment, StoredColumn, StoredEntity
from sanjeh.warehouse.versions import list_versions, prune, restore
from sanjeh.warehouse.writer import Writer

__all__ = [
    "Dictionary",
    "ImportRecord",
    "LoadCount",
    "Segment",
    "Snapshot",
    "SourceFile",
    "SourceRecord",
    "StoredColumn",
    "StoredEntity",
    "StoredFile",
    "Writer",
    "list_versions",
    "make_name",
    "open_snapshot",
    "prune",
    "relation_of",
    "restore",
    "write_text",
]
