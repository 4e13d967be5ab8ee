"""Spark in place: the runner over a link to a cluster, for ``load_engine``.

What is Spark's own is in the modules that its link leads to: the link, the script, the spelling, the raw tables.
Most of a small statement's time is planning, so the statements of a plan are asked side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.engines import in_place_runner
from sanjeh.engines.in_place_runner import Runner, TableReader
from sanjeh.engines.link_spark import AT_A_TIME, Link
from sanjeh.engines.raw_table import RawTable
from sanjeh.engines.reply import read_reply
from sanjeh.engines.terms import Money
from sanjeh.plan import Answer, Holdings, Key, Plan

__all__ = ["Spark", "TableReader", "build"]


@dataclass(slots=True)
class Spark(Runner):
    """A runner that asks several statements at a time."""

    link: Link = field(kw_only=True)

    def run(self, plan: Plan) -> dict[Key, Answer]:
        """The answer to every need of ``plan``; where one statement fails, the others are stopped."""
        pairs = [(block, statement) for block in plan.blocks for statement in self._statements(block)]
        self.statements += pairs
        texts = [self.connection.compose(statement.query, block.spans) for block, statement in pairs]
        found: dict[Key, Answer] = {}
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            try:
                fetched = pool.map(lambda text: self.link.fetch(*text), texts)
                for (block, statement), rows in zip(pairs, fetched, strict=True):
                    found.update(read_reply(statement, block.spans, rows))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.link.cancel()
                raise
        self.shelf.save()
        return found


def build(
    link: Link,
    raw: Mapping[str, RawTable],
    catalogue: Catalogue,
    settings: Mapping[str, ParameterValue],
    holdings: Holdings,
    as_of_end: date,
    money: Money | None = None,
    holidays: frozenset[date] = frozenset(),
    cache: Path | None = None,
) -> Spark:
    """The runner over the tables that ``raw`` holds by entity; compiled statements are kept in ``cache``."""
    made = in_place_runner.build(link, raw, catalogue, settings, holdings, as_of_end, money, holidays, cache)
    return Spark(made.connection, made.relations, made.shelf, link=link)
