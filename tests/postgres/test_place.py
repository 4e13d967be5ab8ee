"""A workspace whose data stay in a PostgreSQL database: mapped by hand, read by a role that may only select."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_faults import SECRET, with_user

from sanjeh.cli import run
from sanjeh.errors import DefinitionError, WorkspaceError
from sanjeh.in_place import InPlace
from sanjeh.review import check_workspace
from sanjeh.settings import load_settings
from sanjeh.workspace import Workspace, open_workspace

pytestmark = pytest.mark.heavy
TODAY = date(2024, 4, 10)
MADE = """
DROP SCHEMA IF EXISTS erp CASCADE;
CREATE SCHEMA erp;
CREATE TABLE erp."Invoices" (id int, made timestamptz, total bigint, buyer int, state int, branch varchar(20));
INSERT INTO erp."Invoices" VALUES
  (1, '2024-01-31 22:00+00', 1000, 7, 3, 'east'),
  (2, '2024-02-10 08:00+00', 2000, 7, 3, 'west'),
  (3, '2024-02-29 10:00+00', 4000, 8, 9, 'west'),
  (4, '2024-03-05 10:00+00', 8000, 9, 3, ''),
  (5, 'infinity', 1, 9, 3, 'east');
CREATE TABLE erp.people (id int, town text);
INSERT INTO erp.people VALUES (7, '100%'), (8, 'O''Hara'), (9, NULL);
CREATE TABLE erp.goals (what text, first date, last date, much numeric);
INSERT INTO erp.goals VALUES ('revenue', '2024-03-01', '2024-03-31', 10);
CREATE TABLE erp.secrets (id int);
"""
ORDERS = """
entity: orders
table: erp.Invoices
columns:
  order_id: id
  ordered_at: made
  net_amount: {sql: "total / 1000.0"}
  customer_id: buyer
  status: {column: state, values: {3: paid, 9: cancelled}}
dimensions:
  branch: branch
"""
OTHERS = """
tables:
  - entity: customers
    sql: |
      select id, coalesce(town, 'unknown, 100%') as town from erp.people -- every one
    columns: {customer_id: id, region: town}
  - entity: targets
    table: erp.goals
    columns: {kpi: what, starts_on: first, ends_on: last, value: much}
"""


@pytest.fixture(scope="module")
def reader(server: str, owner: Any) -> str:
    """The address of a role that may select from three tables, with a password that nobody may see."""
    owner.execute(MADE)
    owner.execute("DROP ROLE IF EXISTS reader")
    owner.execute("CREATE ROLE reader LOGIN")
    owner.execute("GRANT USAGE ON SCHEMA erp TO reader")
    owner.execute('GRANT SELECT ON erp."Invoices", erp.people, erp.goals TO reader')
    return with_user(server, "reader", SECRET)


@pytest.fixture
def folder(reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace's folder; parsed definitions and statements are kept beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    place = tmp_path / "shop"
    (place / "sources" / "tables").mkdir(parents=True)
    (place / "sources" / "tables" / "orders.yaml").write_text(ORDERS, encoding="utf-8")
    (place / "sources" / "tables" / "others.yaml").write_text(OTHERS, encoding="utf-8")
    lines = [
        f'warehouse = "{reader}"',
        'currency = "IRT"',
        'time_zone = "Asia/Tehran"',
        "[database]",
        "timeout_seconds = 5",
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


def test_numbers_of_tables_under_other_names(space: Workspace) -> None:
    """Times with a zone are the company's own, statuses are translated, a row without an end of time is left out."""
    frame = space.compute("revenue", "successful_orders", "new_customers", since="2024-02", until="2024-03")
    assert [frame.value("revenue", month) for month in ("2024-02", "2024-03")] == [3, 8]
    assert [frame.value("successful_orders", month) for month in ("2024-02", "2024-03")] == [2, 1]
    assert [frame.value("new_customers", month) for month in ("2024-02", "2024-03")] == [1, 1]
    assert space.as_of() == date(2024, 3, 5)


def test_dimensions_of_the_table_and_of_related_ones(space: Workspace) -> None:
    """An empty text is no member; members may have any sign."""
    frame = space.compute("revenue", every="year", by="branch")
    found = {point.members["branch"]: point.value for point in frame.results.points()}
    assert found == {"east": 1, "west": 2, None: 8}
    frame = space.compute("revenue", every="year", by="region")
    found = {point.members["region"]: point.value for point in frame.results.points()}
    assert found == {"100%": 3, "O'Hara": 0, "unknown, 100%": 8}
    assert space.compute("revenue", every="year", where="region == '100%'").value("revenue", "2024") == 3


def test_targets_are_read_from_their_table(space: Workspace) -> None:
    """The last day of a month is its end."""
    (target,) = space.ground().stated.targets
    assert (target.name, str(target.span.start), str(target.span.end), target.value) == (
        "revenue",
        "2024-03-01",
        "2024-04-01",
        10,
    )


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
    """It can be carried out as it stands, and tells nothing of how the database is reached."""
    ((names, sql),) = space.statements(space.explain("revenue"))
    assert names == ("revenue",)
    assert SECRET not in sql
    assert 'erp."Invoices"' in sql or '"erp"."Invoices"' in sql
    assert owner.execute(sql.replace("%", "%%"), {}).fetchall()


def test_nothing_is_imported_here(space: Workspace) -> None:
    """Every command that would change data says where they are."""
    asked: list[Callable[[], object]] = [
        lambda: space.import_file("x.csv"),
        space.imports,
        lambda: space.undo(1),
        space.quarantine,
    ]
    for ask in asked:
        with pytest.raises(WorkspaceError) as caught:
            ask()
        assert caught.value.code == "data_in_place"
        assert SECRET not in str(caught.value)
    assert not space.is_empty


def test_a_table_that_the_role_may_not_read_is_named(folder: Path) -> None:
    """The entity and the file."""
    path = folder / "sources" / "tables" / "leads.yaml"
    path.write_text("entity: leads\ntable: erp.secrets\ncolumns: {lead_id: id}\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        open_workspace(folder, today=TODAY).ground()
    (issue,) = caught.value.issues
    assert (issue.code, issue.data["entity"]) == ("database_denied", "leads")
    assert issue.place is not None and issue.place.file.endswith("leads.yaml")
    assert [found.code for found in check_workspace(folder)] == ["database_denied"]


def test_no_mapped_table(folder: Path) -> None:
    """What to write is told."""
    for path in (folder / "sources" / "tables").iterdir():
        path.unlink()
    space = open_workspace(folder, today=TODAY)
    assert space.is_empty
    with pytest.raises(WorkspaceError) as caught:
        space.ground()
    assert caught.value.code == "no_tables"


def test_checking_finds_doubts_in_the_database(folder: Path) -> None:
    """Orders of unknown customers, as with imported rows."""
    path = folder / "sources" / "tables" / "others.yaml"
    path.write_text(OTHERS.replace("from erp.people", "from erp.people where id <> 8"), encoding="utf-8")
    codes = [issue.code for issue in check_workspace(folder)]
    assert codes == ["orphan_rows"]


def test_own_definitions_may_use_the_tables_own_dimensions(folder: Path) -> None:
    """A KPI of the company by a dimension of its table."""
    (folder / "kpis").mkdir()
    (folder / "kpis" / "own.yaml").write_text(
        "kpis:\n  - id: east_sales\n    name: {en: East, fa: شرق}\n    formula: revenue[branch == 'east']\n"
        "    unit: money\n    direction: maximize\n",
        encoding="utf-8",
    )
    frame = open_workspace(folder, today=TODAY).compute("east_sales", since="2024-02", until="2024-02")
    assert frame.value("east_sales", "2024-02") == 1


def test_what_is_held_is_looked_up_again_when_it_is_no_longer_fresh(folder: Path, space: Workspace) -> None:
    """By seconds, by a version that is given, by the files of the tables."""
    now = [0.0]
    place = InPlace(folder, load_settings(folder), space.catalogue, clock=lambda: now[0])
    first = place.look()
    now[0] = 299.0
    assert place.look() is first
    now[0] = 301.0
    assert place.look().version != first.version
    second = place.look()
    path = folder / "sources" / "tables" / "orders.yaml"
    path.write_text(ORDERS.replace("  branch: branch", "  branch: branch\n  shop: branch"), encoding="utf-8")
    assert "shop" in place.look().entities["orders"].columns
    assert place.look().version != second.version
    place.forget()
    third = place.look()
    (folder / "sanjeh.toml").write_text((folder / "sanjeh.toml").read_text() + '\nversion = "1403-01-05"\n')
    kept = InPlace(folder, load_settings(folder), space.catalogue, clock=lambda: now[0])
    assert kept.look().version != third.version
    now[0] = 9000.0
    before = kept.look()
    assert kept.look() is before
    for item in (place, kept):
        item.link.close()


COMMANDS = (
    ("compute", "revenue", "--since", "2024-02"),
    ("compute", "revenue", "--by", "branch", "--format", "json"),
    ("compute", "no_such"),
    ("kpis", "--computable"),
    ("show", "revenue"),
    ("explain", "revenue"),
    ("explain", "revenue", "--sql"),
    ("rows", "revenue", "--period", "2024-02"),
    ("check",),
    ("import", "x.csv"),
    ("sources",),
    ("quarantine",),
)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_command_shows_the_password_or_keeps_it(
    folder: Path, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in what it answers, says or leaves behind, whether the server answers or not."""
    monkeypatch.setenv("SANJEH_DEBUG", "1")
    text = (folder / "sanjeh.toml").read_text()
    for change in ({}, {"/postgres": "/no_such_base"}, {"reader": "nobody_here"}):
        changed = text
        for old, new in change.items():
            changed = changed.replace(old, new)
        (folder / "sanjeh.toml").write_text(changed)
        for command in COMMANDS:
            monkeypatch.setattr(sys, "argv", ["sanjeh", *command, "-w", str(folder), "--language", language])
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


def test_a_setting_that_cannot_be_is_told_without_the_address(folder: Path) -> None:
    """An address of another kind of database, and settings of [database] that nobody knows."""
    wrong = [
        (f'warehouse = "mysql://ali:{SECRET}@h/d"', "bad_setting"),
        ('warehouse = "postgresql://h/d"\n[database]\ntimeout_seconds = 0', "bad_setting"),
        ('warehouse = "postgresql://h/d"\n[database]\npassword_env = "A"\npassword_file = "b"', "bad_setting"),
        ('warehouse = "postgresql://h/d"\n[database]\npasword_env = "A"', "unknown_setting"),
        ('warehouse = "postgresql://h/d"\ndatabase = 3', "bad_setting"),
    ]
    for text, code in wrong:
        (folder / "sanjeh.toml").write_text(text, encoding="utf-8")
        with pytest.raises(WorkspaceError) as caught:
            load_settings(folder)
        assert caught.value.code == code
        assert SECRET not in str(caught.value)
