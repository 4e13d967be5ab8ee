"""Table files: what they say, and every fault at its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sanjeh.definitions import load_catalogue
from sanjeh.engines.mapped import MappedTable
from sanjeh.errors import DefinitionError
from sanjeh.table_file import load_tables

CATALOGUE = load_catalogue()


def read(folder: Path, *texts: str) -> dict[str, MappedTable]:
    """The tables of files with these texts."""
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    return load_tables(folder, CATALOGUE)


def test_a_table_with_columns_of_every_form(tmp_path: Path) -> None:
    """A name, SQL, values; dimensions of its own; a currency; days in either calendar."""
    table = read(
        tmp_path,
        """
entity: orders
table: sales.Invoices
columns:
  order_id: id
  ordered_at: {sql: created + interval '1 day'}
  status: {column: state, values: {3: paid}}
dimensions: {شعبه: branch}
currency: IRR
covers_from: 1400/01/01
covers_to: 2024-03-19
""",
    )["orders"]
    assert (table.source, table.is_query, table.currency) == ("sales.Invoices", False, "IRR")
    assert (table.columns["order_id"].sql, table.columns["order_id"].is_name) == ("id", True)
    assert (table.columns["ordered_at"].sql, table.columns["ordered_at"].is_name) == (
        "created + interval '1 day'",
        False,
    )
    assert table.columns["status"].values == {"3": "paid"}
    assert table.dimensions == {"شعبه"}
    assert (table.covers_from, table.covers_to) == (date(2021, 3, 21), date(2024, 3, 19))


def test_several_tables_in_one_file(tmp_path: Path) -> None:
    """A query is a table too."""
    leads = "{entity: leads, sql: select 1 as a, columns: {lead_id: a}}"
    text = f"tables: [{leads}, {{entity: deals, table: d, columns: {{deal_id: a}}}}]"
    found = read(tmp_path, text)
    assert [(name, table.is_query) for name, table in found.items()] == [("leads", True), ("deals", False)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{entity: order, table: t, columns: {order_id: a}}", "unknown_name"),
        ("{entity: touches, table: t, columns: {customer_id: a}}", "unknown_name"),
        ("{table: t, columns: {order_id: a}}", "missing_key"),
        ("{entity: orders, columns: {order_id: a}}", "table_or_sql"),
        ("{entity: orders, table: t, sql: select 1, columns: {order_id: a}}", "table_or_sql"),
        ("{entity: orders, table: t}", "missing_key"),
        ("{entity: orders, table: t, columns: {order_no: a}}", "unknown_name"),
        ("{entity: orders, table: t, columns: {order_id: {values: {a: b}}}}", "column_or_sql"),
        ("{entity: orders, table: t, columns: {order_id: {column: a, sql: b}}}", "column_or_sql"),
        ("{entity: orders, table: t, columns: {order_id: a}, dimensions: {region: a}}", "bad_dimension"),
        ("{entity: orders, table: t, columns: {order_id: a}, dimensions: {_file: a}}", "bad_dimension"),
        ("{entity: orders, table: t, columns: {order_id: a}, dimensions: {'a b': a}}", "bad_dimension"),
        ("{entity: orders, table: t, columns: {order_id: a}, currency: RIALS}", "bad_table_currency"),
        ("{entity: leads, table: t, columns: {lead_id: a}, currency: IRR}", "bad_table_currency"),
        ("{entity: orders, table: t, columns: {order_id: a, currency: c}, currency: IRR}", "bad_table_currency"),
        ("{entity: orders, table: t, columns: {order_id: a}, covers_from: spring}", "not_a_day"),
        ("{entity: orders, table: t, columns: {order_id: a}, colour: red}", "unknown_key"),
        ("[1]", "not_a_mapping"),
    ],
)
def test_a_fault_is_told_at_its_place(tmp_path: Path, text: str, code: str) -> None:
    """In both languages, with no slot left open."""
    with pytest.raises(DefinitionError) as caught:
        read(tmp_path, text)
    assert code in [issue.code for issue in caught.value.issues]
    for issue in caught.value.issues:
        assert issue.place is not None
        assert issue.place.file.endswith("0.yaml")
        assert all("{" not in issue.render(language) for language in ("en", "fa"))


def test_an_entity_is_in_one_table(tmp_path: Path) -> None:
    """Two files for one are a fault of the second."""
    text = "{entity: orders, table: t, columns: {order_id: a}}"
    with pytest.raises(DefinitionError) as caught:
        read(tmp_path, text, text)
    (issue,) = caught.value.issues
    assert (issue.code, issue.place and Path(issue.place.file).name) == ("mapped_twice", "1.yaml")


def test_no_folder_has_no_tables(tmp_path: Path) -> None:
    """Nothing is mapped."""
    assert load_tables(tmp_path / "gone", CATALOGUE) == {}
