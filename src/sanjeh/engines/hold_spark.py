"""Holding a Spark catalogue: what its mapped tables have, in its own words; several tables are looked at at a time."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from sanjeh.definitions import Catalogue
from sanjeh.engines import hold, raw_spark
from sanjeh.engines.in_place_runner import Link
from sanjeh.engines.link_spark import AT_A_TIME
from sanjeh.engines.raw_table import RawTable
from sanjeh.errors import DefinitionError, Issue
from sanjeh.plan import Held, Holdings


def build_raw(link: Link, tables: hold.Tables, catalogue: Catalogue, zone: str) -> dict[str, RawTable]:
    """The table ``raw_<entity>`` for each mapped table, by entity."""
    found: dict[str, RawTable] = {}
    issues: list[Issue] = []
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        parts = [pool.submit(hold.build_raw, link, {n: t}, catalogue, zone, raw_spark) for n, t in tables.items()]
    for part in parts:
        try:
            found.update(part.result())
        except DefinitionError as error:
            issues += error.issues
    if issues:
        raise DefinitionError(issues)
    return found


def read_holdings(
    link: Link, found: Mapping[str, RawTable], tables: hold.Tables, catalogue: Catalogue, version: str
) -> Holdings:
    """What the tables ``found`` hold."""

    def one(name: str) -> Holdings:
        return hold.read_holdings(link, {name: found[name]}, tables, catalogue, version, raw_spark)

    held: dict[str, Held] = {}
    observed: frozenset[str] = frozenset()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for part in pool.map(one, found):
            held.update(part.entities)
            observed |= part.observed
    return Holdings(held, observed, {}, version)
