"""Snippets: parsed once, checked against what may stand in them, quoted text left alone."""

from __future__ import annotations

import pytest

from sanjeh.definitions import load_catalogue
from sanjeh.engines.snippet import parse_select, parse_snippet
from sanjeh.errors import DefinitionError


def test_the_relation_called_order_is_no_word_of_sql() -> None:
    """``order.x`` is a column along a relation; inside quotes it stays as written."""
    tree = parse_snippet("order.is_successful and status = 'order.x'")
    assert tree.sql() == "\"order\".is_successful AND status = 'order.x'"


def test_every_snippet_of_the_standard_model_is_allowed() -> None:
    """The list is tight and yet long enough."""
    catalogue = load_catalogue()
    for measure in catalogue.measures.values():
        for binding in measure.bindings:
            parse_snippet(binding.expression, measure.id)
            parse_snippet(binding.where or "true", measure.id)
    for entity in catalogue.entities.values():
        for derived in entity.derived.values():
            parse_snippet(derived.expression, entity.id)
            assert all(parse_select(join.select, entity.id) for join in derived.joins)
        assert entity.rows is None or parse_select(entity.rows, entity.id)


def test_an_error_names_the_definition_and_what_is_wrong() -> None:
    """The owner is the place, the kind of node the problem."""
    with pytest.raises(DefinitionError) as caught:
        parse_snippet("sum(amount)", "my_measure")
    (issue,) = caught.value.issues
    assert (issue.code, issue.data["problem"]) == ("bad_sql", "sum")
    assert issue.place is not None
    assert issue.place.file == "my_measure"


@pytest.mark.parametrize("sql", ["a over ()", "a b c", "'", "select", "*", "a as b", "a, b", "1 limit 2", ";", " "])
def test_what_is_no_expression_is_refused(sql: str) -> None:
    """Neither half of one nor more than one."""
    with pytest.raises(DefinitionError):
        parse_snippet(sql)


@pytest.mark.parametrize("sql", ["a.b.orders", "x.orders"])
def test_a_table_of_another_schema_is_refused(sql: str) -> None:
    """Entities are named alone."""
    with pytest.raises(DefinitionError):
        parse_select(f"select * from {sql}")
