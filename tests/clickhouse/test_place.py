"""A workspace whose data stay in a ClickHouse database: mapped by hand, read only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sanjeh.cli import run
from sanjeh.errors import DefinitionError, WorkspaceError
from sanjeh.review import check_workspace
from sanjeh.workspace import Workspace, open_workspace

pytestmark = pytest.mark.heavy
TODAY = date(2024, 4, 10)
MADE = """
DROP DATABASE IF EXISTS erp SYNC;
CREATE DATABASE erp;
CREATE TABLE erp."Invoices" (
  id Int32, made DateTime('UTC'), total Int64, paid Float64, buyer UInt32,
  state Enum8('new' = 1, 'done' = 3, 'off' = 9), branch LowCardinality(String), code FixedString(6), note String
) ENGINE = MergeTree ORDER BY id;
INSERT INTO erp."Invoices" VALUES
  (1, '2024-01-31 22:00:00', 1000, 0.29, 7, 'done', 'east', 'ab', 'a'),
  (2, '2024-02-10 08:00:00', 2000, 0.58, 7, 'done', 'west', 'ab', ''),
  (3, '2024-02-29 10:00:00', 4000, 1.1, 8, 'off', 'west', '', 'c'),
  (4, '2024-03-05 10:00:00', 8000, nan, 9, 'done', '', 'cd', 'd'),
  (5, 0, 1, 1, 9, 'done', 'east', 'cd', 'e');
CREATE TABLE erp.people (id UInt32, town Nullable(String), version UInt8)
ENGINE = ReplacingMergeTree(version) ORDER BY id;
INSERT INTO erp.people VALUES (7, 'old', 1), (8, 'O\\'Hara', 1), (9, NULL, 1);
INSERT INTO erp.people VALUES (7, '100%', 2);
CREATE TABLE erp.goals (what String, first Date, last Date, much Decimal(12, 2)) ENGINE = MergeTree ORDER BY what;
INSERT INTO erp.goals VALUES ('revenue', '2024-03-01', '2024-03-31', 10)
"""
ORDERS = """
entity: orders
table: erp.Invoices
columns:
  order_id: id
  ordered_at: made
  net_amount: {sql: "total / 1000"}
  customer_id: buyer
  status: {column: state, values: {done: paid, off: cancelled}}
dimensions:
  branch: branch
  code: code
"""
OTHERS = """
tables:
  - entity: customers
    sql: |
      select id, coalesce(town, 'unknown, 100%') as town from erp.people final -- every one
    columns: {customer_id: id, region: town}
  - entity: targets
    table: erp.goals
    columns: {kpi: what, starts_on: first, ends_on: last, value: much}
"""


@pytest.fixture(scope="module")
def address(owner: Any, folder_of_rows: Path) -> str:
    """The address of a folder with tables of a company."""
    for statement in MADE.split(";\n"):
        owner.command(statement)
    return f"chdb://{folder_of_rows}"


@pytest.fixture
def folder(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace's folder; parsed definitions and statements are kept beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    place = tmp_path / "shop"
    (place / "sources" / "tables").mkdir(parents=True)
    (place / "sources" / "tables" / "orders.yaml").write_text(ORDERS, encoding="utf-8")
    (place / "sources" / "tables" / "others.yaml").write_text(OTHERS, encoding="utf-8")
    lines = [f'warehouse = "{address}"', 'currency = "IRT"', 'time_zone = "Asia/Tehran"']
    (place / "sanjeh.toml").write_text("\n".join(lines), encoding="utf-8")
    return place


@pytest.fixture
def space(folder: Path) -> Iterator[Workspace]:
    """The workspace, opened."""
    opened = open_workspace(folder, today=TODAY)
    yield opened
    if opened.in_place and opened.in_place.link:
        opened.in_place.link.close()


def test_numbers_of_tables_under_other_names(space: Workspace) -> None:
    """Moments are told in the company's zone, words are translated, a row with the first of all moments has no time."""
    frame = space.compute("revenue", "successful_orders", "new_customers", since="2024-02", until="2024-03")
    assert [frame.value("revenue", month) for month in ("2024-02", "2024-03")] == [3, 8]
    assert [frame.value("successful_orders", month) for month in ("2024-02", "2024-03")] == [2, 1]
    assert [frame.value("new_customers", month) for month in ("2024-02", "2024-03")] == [1, 1]
    assert space.as_of() == date(2024, 3, 5)


def test_dimensions_of_the_table_and_of_related_ones(space: Workspace) -> None:
    """An empty text is no member, nor is one of zeros; members may have any sign; rows that were replaced are gone."""
    for by, members in (
        ("branch", {"east": 1, "west": 2, None: 8}),
        ("code", {"ab": 3, "cd": 8, None: 0}),
        ("region", {"100%": 3, "O'Hara": 0, "unknown, 100%": 8}),
    ):
        points = space.compute("revenue", every="year", by=by).results.points()
        assert {point.members[by]: point.value for point in points} == members
    assert space.compute("revenue", every="year", where="region == '100%'").value("revenue", "2024") == 3


def test_targets_are_read_from_their_table(space: Workspace) -> None:
    """The last day of a month is its end."""
    (target,) = space.ground().stated.targets
    assert (target.name, str(target.span.end), target.value) == ("revenue", "2024-04-01", 10)


def test_an_amount_of_a_double_is_the_decimal_that_it_shows(folder: Path) -> None:
    """0.29 is not 0.289999999; what is no number is no amount."""
    path = folder / "sources" / "tables" / "orders.yaml"
    path.write_text(ORDERS.replace('{sql: "total / 1000"}', "paid"), encoding="utf-8")
    space = open_workspace(folder, today=TODAY)
    assert space.compute("revenue", since="2024-02", until="2024-02").value("revenue", "2024-02") == 0.87
    assert space.compute("revenue", since="2024-03", until="2024-03").value("revenue", "2024-03") in (0, None)


def test_a_past_day(space: Workspace) -> None:
    """What was not there yet is not counted."""
    frame = space.compute("revenue", since="2024-02", until="2024-02", as_of="2024-02-01")
    assert frame.value("revenue", "2024-02") == 1


def test_the_rows_behind_a_number(space: Workspace) -> None:
    """As the table has them, under the model's names."""
    (listing,) = space.rows("revenue", period="2024-02")
    assert listing.total == 2
    first = dict(zip(listing.columns, listing.rows[0], strict=True))
    assert (first["order_id"], str(first["ordered_at"]), str(first["net_amount"])) == ("1", "2024-02-01 01:30:00", "1")
    assert first["branch"] == "east"


def test_the_statement_is_shown_whole(space: Workspace, owner: Any) -> None:
    """It can be carried out as it stands."""
    ((names, sql),) = space.statements(space.explain("revenue"))
    assert names == ("revenue",)
    assert '"erp"."Invoices"' in sql
    assert owner.query(sql.rstrip(";")).result_rows


def test_nothing_is_imported_here(space: Workspace) -> None:
    """Every command that would change data says where they are."""
    asked: list[Callable[[], object]] = [lambda: space.import_file("x.csv"), space.imports, space.quarantine]
    for ask in asked:
        with pytest.raises(WorkspaceError) as caught:
            ask()
        assert caught.value.code == "data_in_place"


def test_a_table_that_is_not_there_is_named(folder: Path) -> None:
    """The entity and the file."""
    path = folder / "sources" / "tables" / "leads.yaml"
    path.write_text("entity: leads\ntable: erp.secrets\ncolumns: {lead_id: id}\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        open_workspace(folder, today=TODAY).ground()
    (issue,) = caught.value.issues
    assert (issue.code, issue.data["entity"]) == ("database_no_table", "leads")
    assert issue.place is not None and issue.place.file.endswith("leads.yaml")


def test_checking_finds_doubts_in_the_database(folder: Path) -> None:
    """Orders of unknown customers, as with imported rows."""
    path = folder / "sources" / "tables" / "others.yaml"
    path.write_text(OTHERS.replace("final --", "final where id <> 8 --"), encoding="utf-8")
    codes = [issue.code for issue in check_workspace(folder)]
    assert codes == ["orphan_rows"]


@pytest.mark.parametrize(
    "command",
    [
        ("compute", "revenue", "--since", "2024-02"),
        ("kpis", "--computable"),
        ("explain", "revenue", "--sql"),
        ("rows", "revenue", "--period", "2024-02"),
        ("check",),
    ],
)
def test_commands_work_as_with_imported_files(
    folder: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them answers."""
    monkeypatch.setattr(sys, "argv", ["sanjeh", *command, "-w", str(folder), "--language", "en"])
    with pytest.raises(SystemExit) as ended:
        run()
    out, err = capsys.readouterr()
    assert ended.value.code == 0, err
    assert out or err
