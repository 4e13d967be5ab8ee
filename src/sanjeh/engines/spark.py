"""Spark in place: the runner over a link to a cluster, for ``load_engine``.

What is Spark's own is in the modules that its link leads to: the link, the script, the spelling, the raw tables.
Most of a small statement's time is planning, so that the statements of a plan are asked side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.engines import in_place_runner
from sanjeh.engines.in_place_runner import Link, Runner, TableReader
from sanjeh.engines.raw_table import RawTable
from sanjeh.engines.reply import read_reply
from sanjeh.engines.statement import Statement
from sanjeh.engines.terms import Money
from sanjeh.plan import Answer, Block, Holdings, Key, Plan

__all__ = ["Spark", "TableReader", "build"]

AT_A_TIME = 4


@dataclass(slots=True)
class Spark(Runner):
    """A runner that asks several statements at a time."""

    def run(self, plan: Plan) -> dict[Key, Answer]:
        """The answer to every need of ``plan``."""
        pairs = [(block, statement) for block in plan.blocks for statement in self._statements(block)]
        self.statements += pairs
        found: dict[Key, Answer] = {}
        with ThreadPoolExecutor(max(1, min(AT_A_TIME, len(pairs)))) as pool:
            for answers in pool.map(self._answered, pairs):
                found.update(answers)
        self.shelf.save()
        return found

    def _answered(self, pair: tuple[Block, Statement]) -> dict[Key, Answer]:
        block, statement = pair
        # A composer is at one text at a time: each thread has its own.
        tables = replace(self.connection, composer=replace(self.connection.composer), found=[])
        return read_reply(statement, block.spans, tables.fetch(statement.query, block.spans))


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
    return Spark(made.connection, made.relations, made.shelf)
