"""Every fault of a cluster is an error of ours, and no token is ever in what is said."""

from __future__ import annotations

import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.link_spark import Access, Link
from sanjeh.engines.mapped import MappedColumn, MappedTable
from sanjeh.errors import DefinitionError, QuestionError, SanjehError, WorkspaceError

CATALOGUE = load_catalogue()
SECRET = "s3cret-Geheim"
ENDLESS = "SELECT count(*) FROM range(1000000000000) WHERE sin(id) > 2"


def said_by(error: BaseException) -> str:
    """Everything that a program could print of the error, its causes and its place."""
    told = "".join(traceback.format_exception(error))
    return f"{told} {error!r} {error} {getattr(error, 'issues', '')!r}"


@pytest.fixture
def link(address: str) -> Iterator[Link]:
    """A link over Spark Connect, which gives up after some seconds."""
    made = Link(Access(f"{address}/;token={SECRET}", timeout_seconds=20))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("address", "label"),
    [
        (f"sc://spark.example:15002/;token={SECRET};user_id=ali", "sc://spark.example:15002"),
        ("sc://spark.example", "sc://spark.example"),
        ("spark://a.example:7077,b.example:7077", "spark://a.example:7077,b.example:7077"),
        (f"sc://ali:{SECRET}@spark.example:15002", "sc://…"),
        (f"sc://spark.example/{SECRET}", "sc://…"),
        (f"sc://spark.example/;token=x@{SECRET}", "sc://…"),
    ],
)
def test_an_address_is_shown_without_user_and_token(address: str, label: str) -> None:
    """Nor what stands where nothing should."""
    access = Access(address)
    shown = f"{access.label} {access!r} {Link(access)!r}"
    assert SECRET not in shown
    assert access.label == label
    assert "ali" not in shown


def test_nobody_answers() -> None:
    """A port on which nobody listens, told at once."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    for scheme in ("sc", "spark"):
        with pytest.raises(SanjehError) as caught:
            Link(Access(f"{scheme}://127.0.0.1:{port}/;token={SECRET}")).fetch("SELECT 1")
        assert caught.value.code in ("database_unreachable", "missing_extra")
        assert SECRET not in said_by(caught.value)


def test_where_the_token_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is named, a file that is named, the address itself."""
    monkeypatch.setenv("SHOP_TOKEN", "from-variable")
    (tmp_path / "secret").write_text("from-file\n", encoding="utf-8")
    assert Access("sc://h", "SHOP_TOKEN").remote() == "sc://h/;token=from-variable"
    assert Access("sc://h:1/;user_id=a", "", str(tmp_path / "secret")).remote() == "sc://h:1/;user_id=a;token=from-file"
    assert Access("sc://h/;token=own").remote() == "sc://h/;token=own"
    monkeypatch.setenv("SPARK_CONNECT_AUTHENTICATE_TOKEN", "read by the driver")
    assert Access("sc://h").remote() == "sc://h"


def test_a_token_that_is_named_and_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried without it."""
    monkeypatch.delenv("NO_SUCH", raising=False)
    for access in (Access("sc://h", "NO_SUCH"), Access("sc://h", "", str(tmp_path / "gone"))):
        with pytest.raises(WorkspaceError) as caught:
            access.remote()
        assert caught.value.code == "no_password"


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install."""
    for module in ("pyspark.sql", "pyspark"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(QuestionError) as caught:
        Link(Access("sc://h")).fetch("SELECT 1")
    assert caught.value.code == "missing_extra"
    assert "sanjeh[spark]" in str(caught.value)


class Said(Exception):
    """An error as Spark has it."""

    def __init__(self, condition: str, state: str, text: str) -> None:
        super().__init__(text)
        self.condition, self.state = condition, state

    def getCondition(self) -> str:
        """Spark's name of it."""
        return self.condition

    def getSqlState(self) -> str:
        """Its SQLSTATE."""
        return self.state


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Said("INSUFFICIENT_PERMISSIONS.X", "42501", "[INSUFFICIENT_PERMISSIONS.X] no"), "database_denied"),
        (Said("", "", "org.apache.hadoop.security.AccessControlException: Permission denied"), "database_denied"),
        (Said("SCHEMA_NOT_FOUND", "42704", "[SCHEMA_NOT_FOUND] The schema `x` cannot be found."), "database_no_table"),
        (Said("INVALID_HANDLE.SESSION_CLOSED", "HY000", "closed"), "database_lost"),
        (Said("", "", "StatusCode.UNAVAILABLE"), "database_lost"),
        (ConnectionRefusedError("Connection refused"), "database_lost"),
        (ZeroDivisionError("x"), "database_error"),
    ],
)
def test_what_no_cluster_of_our_own_says(error: Exception, code: str) -> None:
    """Rights are a matter of what stands before Spark."""
    with pytest.raises(QuestionError) as caught, Link(Access("sc://h"))._errors(None):
        raise error
    assert caught.value.code == code


@pytest.mark.heavy
@pytest.mark.parametrize("token", ["", f"/;token={SECRET[::-1]}"])
def test_a_wrong_token_is_told_without_it(address: str, token: str) -> None:
    """Or none."""
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"{address}{token}")).fetch("SELECT 1")
    assert caught.value.code == "database_login"
    assert SECRET[::-1] not in said_by(caught.value)


@pytest.mark.heavy
def test_an_address_that_cannot_be_read(address: str) -> None:
    """An option without a value."""
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"{address}/;token={SECRET};table")).fetch("SELECT 1")
    assert caught.value.code == "bad_address"
    assert SECRET not in said_by(caught.value)


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT * FROM gone", "database_no_table"),
        ("SELECT * FROM gone.orders", "database_no_table"),
        ("SELECT gone FROM range(1)", "database_no_column"),
        ("CREATE TABLE made (x int)", "database_writes"),
        ("INSERT INTO made VALUES (1)", "database_writes"),
        ("WITH x AS (SELECT 1) INSERT INTO made SELECT * FROM x", "database_error"),
        ("SELECT 1; DROP TABLE made", "database_error"),
        ("SELECT 1) AS a; DROP TABLE made --", "database_error"),
        ("SELECT 1 / 0", "database_error"),
        ("SELECT nothing(1)", "database_error"),
    ],
)
def test_what_the_cluster_says_of_a_statement(link: Link, database: Any, sql: str, code: str) -> None:
    """Over Spark Connect and in this process alike; the link answers again afterwards."""
    for asked in (link, database.link()):
        with pytest.raises(QuestionError) as caught:
            asked.fetch(sql)
        assert caught.value.code == code
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert link.fetch("SELECT 1") == [(1,)]


@pytest.mark.heavy
def test_a_statement_that_takes_too_long_is_stopped(database: Any, address: str) -> None:
    """Nothing of it goes on running."""
    for link in (Link(Access("sc://in.this.process"), base=database.owner), Link(Access(f"{address}/;token={SECRET}"))):
        assert link.fetch("SELECT 1") == [(1,)]
        link.access = replace(link.access, timeout_seconds=2)
        began = time.monotonic()
        with pytest.raises(QuestionError) as caught:
            link.fetch(ENDLESS)
        assert caught.value.code == "database_timeout"
        assert time.monotonic() - began < 60
        link.close()
    assert not database.owner.sparkContext.statusTracker().getActiveJobsIds()


@pytest.mark.heavy
def test_a_statement_can_be_cancelled(link: Link, database: Any) -> None:
    """From another thread; it is not told as a lack of time."""
    for asked in (link, Link(Access("sc://in.this.process", timeout_seconds=60), base=database.owner)):
        assert asked.fetch("SELECT 1") == [(1,)]
        threading.Timer(1.5, asked.cancel).start()
        with pytest.raises(QuestionError) as caught:
            asked.fetch(ENDLESS)
        assert caught.value.code == "database_cancelled"
        assert asked.fetch("SELECT 1") == [(1,)]


def mapped(source: str, *, is_query: bool = False, **columns: str) -> dict[str, MappedTable]:
    """Orders in ``source``."""
    given = {name: MappedColumn(name, sql) for name, sql in columns.items()}
    return {"orders": MappedTable("orders", source, is_query, given)}


@pytest.fixture(scope="module")
def shop(owner: Any) -> Any:
    """A table without rows."""
    owner.sql("CREATE SCHEMA IF NOT EXISTS shop_f")
    owner.sql("CREATE TABLE IF NOT EXISTS shop_f.orders (id int, note string) USING parquet")
    return owner


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("tables", "code"),
    [
        (mapped("shop_f.gone", order_id="id"), "database_no_table"),
        (mapped("shop_f.orders", order_id="gone"), "database_no_column"),
        (mapped("shop_f.orders", order_id="id", ordered_at="note"), "mapped_type"),
        (mapped("shop_f.orders", order_id="id", net_amount="note"), "mapped_type"),
        (mapped("shop_f.orders", order_id="id", is_online="note"), "mapped_type"),
        (mapped("select 1 as id; drop table shop_f.orders", is_query=True, order_id="id"), "database_error"),
        (mapped("select 1 as id) as t; drop table shop_f.orders --", is_query=True, order_id="id"), "database_error"),
        (mapped("insert into shop_f.orders values (1, 'x')", is_query=True, order_id="id"), "database_error"),
        (
            mapped("from shop_f.orders insert into shop_f.orders select *", is_query=True, order_id="id"),
            "database_error",
        ),
    ],
)
def test_what_is_mapped_and_not_there(shop: Any, database: Any, tables: dict[str, MappedTable], code: str) -> None:
    """The entity is named, and nothing is written."""
    with pytest.raises(DefinitionError) as caught:
        load_engine("hold_spark").build_raw(database.link(), tables, CATALOGUE, "UTC")
    assert caught.value.code == code
    assert caught.value.issues[0].data["entity"] == "orders"
    assert shop.sql("SELECT count(*) AS n FROM shop_f.orders").collect()[0].n == 0


@pytest.mark.heavy
def test_a_shortcut_around_the_query_writes_nothing(shop: Any, database: Any) -> None:
    """A mapped query that closes our bracket and goes on with a statement of its own."""
    sql = "select 1 as id) as t), x as (select 2) insert into shop_f.orders select 3, 'x' --"
    for text in (sql, f"WITH raw_orders AS (SELECT * FROM (\n{sql}\n) AS t)\nSELECT * FROM raw_orders"):
        with pytest.raises(QuestionError):
            database.link().fetch(f"WITH a AS (\n{text}\n) SELECT 1")
    assert shop.sql("SELECT count(*) AS n FROM shop_f.orders").collect()[0].n == 0


@pytest.mark.heavy
def test_every_fault_can_be_told_in_both_languages(database: Any) -> None:
    """No slot stays open."""
    for sql in ("SELECT * FROM gone", "SELECT gone FROM range(1)", "CREATE TABLE x (y int)"):
        with pytest.raises(SanjehError) as caught:
            database.link().fetch(sql)
        for language in ("en", "fa"):
            text = caught.value.issues[0].render(language)
            assert text != caught.value.code
            assert "{" not in text
