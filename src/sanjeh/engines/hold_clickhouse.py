"""Holding a ClickHouse database: what its mapped tables have, in its own words."""

from __future__ import annotations

from collections.abc import Mapping

from sanjeh.definitions import Catalogue
from sanjeh.engines import hold, raw_clickhouse
from sanjeh.engines.in_place_runner import Link
from sanjeh.engines.raw_table import RawTable
from sanjeh.plan import Holdings


def build_raw(link: Link, tables: hold.Tables, catalogue: Catalogue, zone: str) -> dict[str, RawTable]:
    """The table ``raw_<entity>`` for each mapped table, by entity."""
    return hold.build_raw(link, tables, catalogue, zone, raw_clickhouse)


def read_holdings(
    link: Link, found: Mapping[str, RawTable], tables: hold.Tables, catalogue: Catalogue, version: str
) -> Holdings:
    """What the tables ``found`` hold."""
    return hold.read_holdings(link, found, tables, catalogue, version, raw_clickhouse)
