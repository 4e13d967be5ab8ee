"""Binding tries every measure's SQL against a database without rows, so that a wrong column is found early."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sanjeh.calendars import Span
from sanjeh.definitions import Catalogue, Measure
from sanjeh.engines.duckdb import build
from sanjeh.engines.memory import build_memory
from sanjeh.errors import Issue, SanjehError
from sanjeh.plan import Block, Need, choose_strategy
from sanjeh.series import Mode

_SPAN = Span(date(2024, 1, 1), date(2024, 2, 1))


def check_bindings(catalogue: Catalogue) -> Iterator[Issue]:
    """The issues of measures whose expression, filter or time column the database refuses."""
    rows = {
        name: (dict.fromkeys(entity.columns, ""),)
        for name, entity in catalogue.entities.items()
        if not entity.derived_only
    }
    memory = build_memory(catalogue, rows)
    runner = build(memory.connection, catalogue, catalogue.settings(), memory.holdings, date(2024, 3, 1))
    for measure in catalogue.measures.values():
        for binding in measure.bindings:
            mode = Mode.CLOSING if measure.kind.is_balance else Mode.FLOW
            need = Need(measure, binding, mode, (), ())
            block = Block(choose_strategy(need, catalogue), binding.entity, binding.times, (need,), (_SPAN,))
            try:
                runner.run_block(block)
            except SanjehError as error:
                yield from (_placed(issue, measure) for issue in error.issues)


def _placed(issue: Issue, measure: Measure) -> Issue:
    """The issue at the measure's place, unless it knows a better one."""
    return Issue(
        "bad_measure", {"measure": measure.id, "problem": str(issue.data.get("problem", issue))}, measure.place
    )
