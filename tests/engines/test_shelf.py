"""The shelf: a question asked before is not compiled again, and what changes a statement is never overlooked."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sanjeh.calendars import Span
from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.shelf import Shelf, _shelves, fingerprint
from sanjeh.engines.terms import Money, Terms
from sanjeh.plan import Block, Held, Holdings, Need, Strategy
from sanjeh.series import Condition, Mode

CATALOGUE = load_catalogue()
COLUMNS = frozenset({"order_id", "ordered_at", "net_amount", "customer_id", "region", "status"})
HOLDINGS = Holdings({"orders": Held(COLUMNS, 10, {"ordered_at": date(2024, 1, 1)})}, codes={"customer_id": 5})
TERMS = Terms(CATALOGUE, CATALOGUE.settings(), HOLDINGS, date(2024, 6, 1))
SPAN = Span(date(2024, 1, 1), date(2024, 2, 1))


def block_of(*conditions: Condition, measure: str = "buyers", span: Span = SPAN) -> Block:
    """A block of one need."""
    known = CATALOGUE.measures[measure]
    need = Need(known, known.bindings[0], Mode.FLOW, conditions, ())
    return Block(Strategy.FLOW, "orders", ("ordered_at",), (need,), (span,))


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Nothing kept by tests before."""
    _shelves.clear()


def compiled(shelf: Shelf) -> int:
    """How many things the shelf keeps."""
    return len(shelf._entries())


def test_another_member_or_month_is_the_same_statement_with_other_values() -> None:
    """Values are bound: only their places are kept."""
    shelf = Shelf(TERMS)
    (north,) = shelf.block(block_of(Condition("region", ("north",))))
    later = Span(date(2024, 2, 1), date(2024, 3, 1))
    (south,) = shelf.block(block_of(Condition("region", ("south",)), span=later))
    assert north.sql == south.sql
    assert (dict(north.query.values), dict(south.query.values)) == ({"p0": "north"}, {"p0": "south"})
    assert compiled(shelf) == 1


def test_two_members_that_were_one_are_another_statement() -> None:
    """a, b is not the shape of a, a, and an empty member or a negation is another test."""
    shelf = Shelf(TERMS)
    shapes = (
        (Condition("region", ("a",)), Condition("status", ("b",))),
        (Condition("region", ("a",)), Condition("status", ("a",))),
        (Condition("region", (None,)),),
        (Condition("region", ("a",), negated=True),),
        (Condition("region", ("a", "b")),),
    )
    texts = {shelf.block(block_of(*shape))[0].sql for shape in shapes}
    assert len(texts) == compiled(shelf) == len(shapes)
    (first,) = shelf.block(block_of(*shapes[0]))
    assert sorted(first.query.values.values()) == ["a", "b"]


def test_what_is_kept_in_a_folder_is_read_by_the_next_process(tmp_path: Path) -> None:
    """The same statements come back, and nothing is compiled for them."""
    shelf = Shelf(TERMS, tmp_path)
    made = (shelf.block(block_of()), shelf.rows("orders", ["net_amount"]), shelf.segment("active"))
    shelf.save()
    _shelves.clear()
    again = Shelf(TERMS, tmp_path)
    assert (again.block(block_of()), again.rows("orders", ["net_amount"]), again.segment("active")) == made
    assert not again._grown


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\x00"])
def test_a_damaged_file_only_costs_time(tmp_path: Path, content: str) -> None:
    """It is written anew."""
    path = tmp_path / f"{fingerprint(TERMS)}.json"
    path.write_text(content)
    shelf = Shelf(TERMS, tmp_path)
    assert shelf.block(block_of())
    shelf.save()
    assert json.loads(path.read_text())


def test_an_entry_that_cannot_be_read_is_made_again(tmp_path: Path) -> None:
    """Whatever an older or broken writer left under the key."""
    shelf = Shelf(TERMS, tmp_path)
    right = shelf.block(block_of())
    for wrong in (None, 1, "x", [], [[]], [[["sql"], [0]]], [[["s", {}, {}, []], [7]]]):
        for key in shelf._kept:
            shelf._kept[key] = wrong  # type: ignore[assignment]
        assert shelf.block(block_of()) == right


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    shelf = Shelf(TERMS, blocked / "cache")
    assert shelf.block(block_of())
    shelf.save()


def test_whatever_shapes_a_statement_changes_the_fingerprint() -> None:
    """Definitions, settings, columns, money; not rows that came, days that passed or names for people."""
    held = HOLDINGS.entities["orders"]
    orders = CATALOGUE.entities["orders"]
    entity = replace(orders, rows=None)
    others = (
        replace(TERMS, settings=CATALOGUE.settings({"lost_after_days": 60})),
        replace(TERMS, money=Money("IRT")),
        replace(TERMS, holdings=replace(HOLDINGS, entities={"orders": replace(held, columns=COLUMNS - {"region"})})),
        replace(TERMS, holdings=replace(HOLDINGS, codes={})),
        replace(TERMS, holdings=replace(HOLDINGS, codes={"customer_id": 1_000_000})),
        replace(TERMS, catalogue=replace(CATALOGUE, entities={**CATALOGUE.entities, "orders": entity})),
    )
    assert len({fingerprint(terms) for terms in (TERMS, *others)}) == len(others) + 1
    same = (
        replace(TERMS, as_of_end=date(2025, 1, 1)),
        replace(TERMS, holdings=replace(HOLDINGS, version="2", codes={"customer_id": 6})),
        replace(TERMS, holdings=replace(HOLDINGS, entities={"orders": replace(held, rows=11)})),
    )
    assert {fingerprint(terms) for terms in same} == {fingerprint(TERMS)}


def test_the_engine_is_loaded_without_the_compiler() -> None:
    """What is only read from the shelf needs no SQLGlot, which takes a quarter of a second to import."""
    code = "import sys; import sanjeh.engines.duckdb, sanjeh.engines.stating; print('sqlglot' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_an_explanation_names_measures_and_shows_all_that_is_run() -> None:
    """The rows, the segments and the statement itself, each as SQL that can be read."""
    (item,) = load_engine("compile").explain_block(block_of(), TERMS)
    names, sql = item
    assert names == ("buyers",)
    assert "rows_orders" in sql
    assert "raw_orders" in sql
