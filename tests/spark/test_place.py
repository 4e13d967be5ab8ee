"""A workspace whose data stay in a Spark cluster: mapped by hand, asked over Spark Connect."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sanjeh.cli import run
from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.link_spark import Access, Link
from sanjeh.engines.mapped import MappedColumn, MappedTable
from sanjeh.errors import DefinitionError, WorkspaceError
from sanjeh.review import check_workspace
from sanjeh.settings import load_settings
from sanjeh.workspace import Workspace, open_workspace

pytestmark = pytest.mark.heavy
TODAY = date(2024, 4, 10)
SECRET = "s3cret-Geheim"
MADE = (
    "DROP SCHEMA IF EXISTS erp CASCADE",
    "CREATE SCHEMA erp",
    """CREATE TABLE erp.Invoices USING parquet AS SELECT * FROM VALUES
      (1, TIMESTAMP '2024-01-31 22:00:00Z', 1000L, 7, 3, 'east'),
      (2, TIMESTAMP '2024-02-10 08:00:00Z', 2000L, 7, 3, 'west'),
      (3, TIMESTAMP '2024-02-29 10:00:00Z', 4000L, 8, 9, 'west'),
      (4, TIMESTAMP '2024-03-05 10:00:00Z', 8000L, 9, 3, ''),
      (5, CAST(NULL AS TIMESTAMP), 1L, 9, 3, 'east') AS v (id, made, total, buyer, state, `branch name`)""",
    """CREATE TABLE erp.people USING parquet AS
      SELECT * FROM VALUES (7, '100%'), (8, "O'Hara"), (9, CAST(NULL AS STRING)) AS v (id, town)""",
    """CREATE TABLE erp.goals USING parquet AS
      SELECT 'revenue' AS what, DATE '2024-03-01' AS first, DATE '2024-03-31' AS last, 10.5BD AS much""",
)
ORDERS = """
entity: orders
table: erp.Invoices
columns:
  order_id: id
  ordered_at: made
  net_amount: {sql: "total / 1000"}
  customer_id: buyer
  status: {column: state, values: {3: paid, 9: cancelled}}
dimensions:
  branch: branch name
"""
OTHERS = """
tables:
  - entity: customers
    sql: |
      select id, coalesce(town, "unknown, ':p0' \\\\ 100%") as town from erp.people -- it's every one
    columns: {customer_id: id, region: town}
  - entity: targets
    table: erp.goals
    columns: {kpi: what, starts_on: first, ends_on: last, value: much}
"""
UNKNOWN = "unknown, ':p0' \\ 100%"


@pytest.fixture(scope="module")
def tables(owner: Any) -> Any:
    """The tables, made."""
    for statement in MADE:
        owner.sql(statement)
    return owner


@pytest.fixture
def folder(tables: Any, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace's folder; parsed definitions and statements are kept beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    place = tmp_path / "shop"
    (place / "sources" / "tables").mkdir(parents=True)
    (place / "sources" / "tables" / "orders.yaml").write_text(ORDERS, encoding="utf-8")
    (place / "sources" / "tables" / "others.yaml").write_text(OTHERS, encoding="utf-8")
    (place / "token").write_text(SECRET, encoding="utf-8")
    lines = [
        f'warehouse = "{address}"',
        'currency = "IRT"',
        'time_zone = "Asia/Tehran"',
        "[database]",
        'password_file = "token"',
        "timeout_seconds = 60",
    ]
    (place / "sanjeh.toml").write_text("\n".join(lines), encoding="utf-8")
    return place


@pytest.fixture
def space(folder: Path) -> Iterator[Workspace]:
    """The workspace, opened."""
    opened = open_workspace(folder, today=TODAY)
    yield opened
    if opened.in_place and opened.in_place.link:
        opened.in_place.link.close()


def test_numbers_of_tables_under_other_names(space: Workspace, tables: Any) -> None:
    """Instants are the company's own time, statuses are translated, a row without a time is left out.

    By dimensions of the table and of related ones; the target of the month; the rows behind a number; a past day.
    """
    frame = space.compute("revenue", "successful_orders", "new_customers", since="2024-02", until="2024-03")
    assert [frame.value("revenue", month) for month in ("2024-02", "2024-03")] == [3, 8]
    assert [frame.value("successful_orders", month) for month in ("2024-02", "2024-03")] == [2, 1]
    assert [frame.value("new_customers", month) for month in ("2024-02", "2024-03")] == [1, 1]
    assert space.as_of() == date(2024, 3, 5)
    frame = space.compute("revenue", every="year", by="branch")
    assert {point.members["branch"]: point.value for point in frame.results.points()} == {"east": 1, "west": 2, None: 8}
    frame = space.compute("revenue", every="year", by="region")
    found = {point.members["region"]: point.value for point in frame.results.points()}
    assert found == {"100%": 3, "O'Hara": 0, UNKNOWN: 8}
    assert space.compute("revenue", every="year", where="region == '100%'").value("revenue", "2024") == 3
    (target,) = space.ground().stated.targets
    assert (target.name, str(target.span.start), str(target.span.end), target.value) == (
        "revenue",
        "2024-03-01",
        "2024-04-01",
        10.5,
    )
    (listing,) = space.rows("revenue", period="2024-02")
    assert listing.total == 2
    first = dict(zip(listing.columns, listing.rows[0], strict=True))
    assert (first["order_id"], str(first["ordered_at"]), str(first["net_amount"])) == ("1", "2024-02-01 01:30:00", "1")
    assert first["branch"] == "east"
    frame = space.compute("revenue", since="2024-02", until="2024-02", as_of="2024-02-01")
    assert frame.value("revenue", "2024-02") == 1


def test_the_statement_is_shown_whole(space: Workspace, tables: Any) -> None:
    """It can be carried out as it stands, and tells nothing of how the cluster is reached."""
    ((names, sql),) = space.statements(space.explain("revenue"))
    assert names == ("revenue",)
    assert SECRET not in sql
    assert "`erp`.`Invoices`" in sql
    assert tables.sql(sql).collect()


def test_what_is_not_there_is_named(folder: Path) -> None:
    """The entity and the file; nothing is imported here."""
    path = folder / "sources" / "tables" / "leads.yaml"
    path.write_text("entity: leads\ntable: erp.secrets\ncolumns: {lead_id: id}\n", encoding="utf-8")
    space = open_workspace(folder, today=TODAY)
    with pytest.raises(DefinitionError) as caught:
        space.ground()
    (issue,) = caught.value.issues
    assert (issue.code, issue.data["entity"]) == ("database_no_table", "leads")
    assert issue.place is not None and issue.place.file.endswith("leads.yaml")
    with pytest.raises(WorkspaceError) as refused:
        space.import_file("x.csv")
    assert refused.value.code == "data_in_place"


def test_checking_finds_doubts_in_the_tables(folder: Path) -> None:
    """Orders of unknown customers, as with imported rows."""
    path = folder / "sources" / "tables" / "others.yaml"
    path.write_text(OTHERS.replace("from erp.people", "from erp.people where id <> 8"), encoding="utf-8")
    assert [issue.code for issue in check_workspace(folder)] == ["orphan_rows"]


COMMANDS = (
    ("compute", "revenue", "--since", "2024-02"),
    ("explain", "revenue", "--sql"),
    ("check",),
    ("import", "x.csv"),
)


def test_no_command_shows_the_token_or_keeps_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in what it answers, says or leaves behind, whether the token is right, wrong, or in the address."""
    monkeypatch.setenv("SANJEH_DEBUG", "1")
    text, token = (folder / "sanjeh.toml").read_text(), (folder / "token").read_text()
    (folder / "token").unlink()
    for own in (token, token + "x"):
        line = next(line for line in text.splitlines() if line.startswith("warehouse"))
        changed = text.replace(line, line[:-1] + f'/;token={own}"').replace('password_file = "token"\n', "")
        (folder / "sanjeh.toml").write_text(changed)
        for command in COMMANDS:
            monkeypatch.setattr(sys, "argv", ["sanjeh", *command, "-w", str(folder), "--language", "en"])
            with pytest.raises(SystemExit):
                run()
            out, err = capsys.readouterr()
            assert out or err, command
            assert SECRET not in out + err, command
            assert "Traceback" not in err, command
    (folder / "sanjeh.toml").unlink()
    kept = [path for path in folder.parent.rglob("*") if path.is_file()]
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]
    assert not [name for name, value in os.environ.items() if SECRET in value]


@pytest.mark.parametrize("address", ["sc://h:15002/;token=x", "spark://h:7077"])
def test_an_address_of_a_cluster_is_a_warehouse(folder: Path, address: str) -> None:
    """Of either kind."""
    (folder / "sanjeh.toml").write_text(f'warehouse = "{address}"', encoding="utf-8")
    assert load_settings(folder).warehouse == address


def test_a_master_is_asked_through_a_session_of_our_own(owner: Any, connect_port: int) -> None:
    """The cluster of this process, whose own session keeps its zone."""
    before = owner.conf.get("spark.sql.session.timeZone")
    owner.conf.set("spark.sql.session.timeZone", "Asia/Tehran")
    link = Link(Access(f"spark://127.0.0.1:{connect_port}"))
    assert link.fetch("SELECT current_timezone()") == [("UTC",)]
    link.close()
    assert owner.sql("SELECT current_timezone() AS zone").collect()[0].zone == "Asia/Tehran"
    owner.conf.set("spark.sql.session.timeZone", before)


TYPES = """SELECT 1.5F AS f, CAST('NaN' AS DOUBLE) AS nan, 2.5D AS half, 7 AS id, X'41' AS b, true AS flag,
  TIMESTAMP '2024-01-31 22:00:00Z' AS instant, TIMESTAMP_NTZ '2024-01-31 22:00:00' AS local, DATE '2024-02-01' AS day"""


def test_the_kinds_of_columns(database: Any) -> None:
    """Instants are told in the company's zone, local times as they are; what is not finite is no amount."""
    catalogue = load_catalogue()

    def row_of(**columns: str) -> tuple[object, ...]:
        mapped = {name: MappedColumn(name, sql) for name, sql in columns.items()}
        tables = {"orders": MappedTable("orders", TYPES, True, mapped)}
        link: Link = database.link()
        raw = load_engine("hold_spark").build_raw(link, tables, catalogue, "Asia/Tehran")
        names = ", ".join(f'"{name}"' for name in (*columns, "_row_key"))
        return load_engine("spark").TableReader(link, raw).execute(f'SELECT {names} FROM "raw_orders"').fetchall()[0]

    found = row_of(order_id="id", ordered_at="instant", net_amount="nan", status="b", is_online="flag")
    assert [str(cell) for cell in found] == ["7", "2024-02-01 01:30:00", "None", "A", "True", "7"]
    found = row_of(ordered_at="local", net_amount="f", is_online="id")
    assert [str(cell) for cell in found[:-1]] == ["2024-01-31 22:00:00", "1.500000000", "True"]
    assert len(str(found[-1])) == 32
