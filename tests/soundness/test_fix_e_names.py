"""An id or a column's name is only ever a name: a segment's id once ended a statement and wrote a file.

Names are refused where definitions are checked, and quoted wherever they meet a statement all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from asking import CATALOGUE, company

import sanjeh
from sanjeh.definitions import Catalogue, read_catalogue
from sanjeh.engines.duckdb import connect, quote_name, shut
from sanjeh.engines.memory import build_memory
from sanjeh.engines.parquet import write_parquet
from sanjeh.engines.statement import Query
from sanjeh.errors import DefinitionError, QuestionError, SanjehError
from sanjeh.settings import Settings
from sanjeh.workspace import create_workspace

ORDERS = "order_id, ordered_at, net_amount, customer_id\n1, 2024-01-05, 5, A"
BAD = "x AS SELECT 1 AS t; COPY (SELECT 1) TO 'written.csv'; --"

OWN = {
    "segment": 'segments:\n  - {id: "BAD", key: customer_id,'
    ' membership: {rule: flag, entity: customers, where: "true"}}',
    "parameter": 'parameters:\n  - {id: "BAD", default: 1}',
    "relation": 'entities:\n  - {id: orders, relations: {"BAD": {entity: customers, on: customer_id}}}',
    "join": 'entities:\n  - {id: orders, derived: {own: {expression: "1", joins: [{name: "BAD", on: [order_id],'
    ' select: "select order_id from refunds"}]}}}',
    "example": "kpis:\n  - {id: revenue, examples: [{period: 2024-01, expect: 5,"
    ' rows: {orders: "order_id, BAD\\n1, 2"}}]}',
}


@pytest.mark.parametrize("kind", OWN)
def test_a_bad_name_is_found_when_definitions_are_checked(kind: str, tmp_path: Path) -> None:
    """Of a segment, a parameter, a relation, a join or an example's column, each with the place where it stands."""
    (tmp_path / "own.yaml").write_text(OWN[kind].replace("BAD", "a; drop"), encoding="utf-8")
    _, issues = read_catalogue((tmp_path / "own.yaml",))
    assert ("bad_name", "a; drop") in [(issue.code, issue.data.get("name")) for issue in issues]


def test_a_segment_that_no_definition_has_is_named_in_the_check(tmp_path: Path) -> None:
    """With the nearest one that there is."""
    text = "measures:\n  - {id: active_customers, entity: orders, kind: active, where: segment(activ)}"
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    _, issues = read_catalogue((tmp_path / "own.yaml",))
    assert [(issue.code, issue.data["kind"], issue.suggestion) for issue in issues] == [
        ("unknown_name", "segment", "active")
    ]


@pytest.mark.parametrize("where", ["segment(gone)", "segment('gone', 'closing')", "segment(active, midway)"])
@pytest.mark.parametrize("measure", ["orders", "active_customers"])
def test_an_unknown_segment_in_a_measure_is_an_issue_and_no_crash(measure: str, where: str) -> None:
    """It was a KeyError."""
    if measure == "active_customers" and "midway" in where:
        return
    changed = replace(CATALOGUE.measures[measure].bindings[0], where=where)
    bindings = (changed, *CATALOGUE.measures[measure].bindings[1:])
    measures = {**CATALOGUE.measures, measure: replace(CATALOGUE.measures[measure], bindings=bindings)}
    formula = "orders" if measure == "orders" else "closing(active_customers)"
    with pytest.raises(DefinitionError) as caught:
        company({"orders": ORDERS}, catalogue=replace(CATALOGUE, measures=measures)).one(formula, "2024-01")
    assert caught.value.issues[0].code == "unknown_name"


def _with_segment(name: str) -> Catalogue:
    """The catalogue whose flag for key accounts is decided by a segment called ``name``."""
    flag = CATALOGUE.segments["key_account"]
    segments: Mapping[str, object] = {key: item for key, item in CATALOGUE.segments.items() if key != "key_account"}
    return replace(CATALOGUE, segments={**segments, name: replace(flag, id=name)})  # type: ignore[dict-item]


@pytest.mark.parametrize("name", [BAD, 'x" AS SELECT 1; --', "x y", "شهر"])
def test_a_segments_id_is_no_sql_even_where_nobody_checked_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question is answered, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    rows = {"orders": ORDERS, "customers": "customer_id, is_key_account\nA, true"}
    shop = company(rows, catalogue=_with_segment(name))
    assert shop.one("revenue", "2024-01", where="is_key_account") == 5
    assert list(tmp_path.iterdir()) == []


def test_an_examples_header_is_no_sql(tmp_path: Path) -> None:
    """The name of a column once read a file into the example's rows."""
    secret = tmp_path / "secret.csv"
    secret.write_text("region\nhidden\n", encoding="utf-8")
    header = f"x\" FROM (SELECT 1)), (SELECT region FROM read_csv('{secret}')) --"
    rows = [{"order_id": "1", "ordered_at": "2024-01-05", "net_amount": "5", header: "plain"}]
    memory = build_memory(CATALOGUE, {"orders": rows})
    found = memory.connection.execute(f'SELECT {quote_name(header)} FROM "raw_orders"').fetchall()
    assert found == [("plain",)]


def test_a_scope_of_a_stated_number_is_no_sql() -> None:
    """A company's own column of observations is read under its name, whatever its letters."""
    header = 'x", 1 AS "y'
    rows = [{"measure": "revenue", "date": "2024-01-01", "value": "7", header: "north"}]
    shop = company({"observations": rows})
    assert shop.ground.stated.observations[0].scope == frozenset({(header, "north")})


def test_an_examples_database_opens_no_file(tmp_path: Path) -> None:
    """Neither to read nor to write, and it cannot be talked into it."""
    connection = build_memory(CATALOGUE, {}).connection
    target = tmp_path / "a.csv"
    for sql in (f"COPY (SELECT 1) TO '{target}'", "SELECT * FROM read_text('/etc/hostname')"):
        with pytest.raises(Exception, match="disabled"):
            connection.execute(sql)
    with pytest.raises(Exception, match="lock"):
        connection.execute("SET allowed_directories = ['/']")
    assert not target.exists()


def test_a_workspaces_database_opens_files_of_its_warehouse_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the workspace was opened by a path from where one stands."""
    (tmp_path / "orders.csv").write_text("order_id,ordered_at,net_amount\n1,2024-01-05,5\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    create_workspace(Path("shop"), Settings(name="Shop"))
    space = sanjeh.open(Path("shop"))
    assert space.import_file(tmp_path / "orders.csv").is_complete
    assert space.compute("revenue").value("revenue", "2024-01") == 5
    connection = space.ground().engine.connection  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="disabled"):
        connection.execute("SELECT * FROM read_text('orders.csv')")


def test_a_statement_is_one_statement() -> None:
    """Two in one text are not run, not even the first."""
    shop = company({"orders": ORDERS})
    engine = shop.ground.engine
    with pytest.raises(QuestionError) as caught:
        engine._execute('CREATE TABLE "one" AS SELECT 1; SELECT 2', Query("", {}, {}, ()))  # type: ignore[attr-defined]
    assert caught.value.issues[0].code == "database_error"
    with pytest.raises(SanjehError):
        engine._execute('SELECT * FROM "one"')  # type: ignore[attr-defined]


def test_an_answers_column_keeps_its_name_in_a_parquet_file(tmp_path: Path) -> None:
    """Quotes and all."""
    path = tmp_path / "it's.parquet"
    write_parquet({'a" b': ["x"]}, path)
    connection = connect()
    shut(connection, (tmp_path,))
    assert connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()[0][0] == 'a" b'
