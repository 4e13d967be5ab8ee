"""Every fault of a ClickHouse database is an error of ours, and no password is ever in what is said."""

from __future__ import annotations

import base64
import http.server
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.link_clickhouse import Access, Link
from sanjeh.engines.mapped import MappedColumn, MappedTable
from sanjeh.errors import DefinitionError, QuestionError, SanjehError, WorkspaceError

CATALOGUE = load_catalogue()
SECRET = "s3cret-Geheim"


def said_by(error: BaseException) -> str:
    """Everything that a program could print of the error, its causes and its place."""
    told = "".join(traceback.format_exception(error))
    return f"{told} {error!r} {error} {getattr(error, 'issues', '')!r}"


@pytest.fixture
def link(database: Any) -> Iterator[Link]:
    """A link that waits a second."""
    made = Link(Access(database.address, timeout_seconds=1))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("address", "label"),
    [
        (f"clickhouse://ali:{SECRET}@db.example:8123/shop?verify=0", "clickhouse://db.example:8123/shop"),
        (f"clickhouses://db.example/shop?password={SECRET}", "clickhouses://db.example/shop"),
        (f"clickhouse://ali:{SECRET}/x@db.example/shop", "clickhouse://…"),
        (f"clickhouse://ali:12#{SECRET}@db.example/shop", "clickhouse://…"),
        ("chdb:///rows/shop", "chdb:///rows/shop"),
        ("chdb://data/shop", "chdb://data/shop"),
    ],
)
def test_an_address_is_shown_without_user_and_password(address: str, label: str) -> None:
    """Signs that should have been escaped show no part of the password either."""
    access = Access(address)
    shown = f"{access.label} {access!r} {Link(access)!r}"
    assert SECRET not in shown
    assert access.label == label
    assert "ali" not in shown


def test_a_folder_is_named_from_the_workspace(tmp_path: Path) -> None:
    """Its name may have signs that are escaped in the address."""
    assert Access("chdb://data/shop", folder=str(tmp_path)).path == tmp_path / "data" / "shop"
    assert Access("chdb:///rows/a%20b", folder=str(tmp_path)).path == Path("/rows/a b")
    assert Access("clickhouse://db.example/shop", folder=str(tmp_path)).path is None


def test_a_password_that_is_named_and_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried without it."""
    monkeypatch.delenv("NO_SUCH", raising=False)
    for access in (Access("clickhouse://h/d", "NO_SUCH"), Access("clickhouse://h/d", "", str(tmp_path / "gone"))):
        with pytest.raises(WorkspaceError) as caught:
            Link(access).fetch("SELECT 1")
        assert caught.value.code == "no_password"


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install."""
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    with pytest.raises(QuestionError) as caught:
        Link(Access("clickhouse://h/d")).fetch("SELECT 1")
    assert caught.value.code == "missing_extra"
    assert "sanjeh[clickhouse]" in str(caught.value)


@pytest.mark.heavy
def test_a_folder_needs_chdb(tmp_path: Path, owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which no extra brings."""
    for name in [name for name in sys.modules if name == "chdb" or name.startswith("clickhouse_connect.driver._chdb")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"chdb://{tmp_path}")).fetch("SELECT 1")
    assert caught.value.code == "missing_chdb"


@pytest.mark.heavy
def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, owner: Any) -> None:
    """A slip of the pen is no new database; nor is there a second one in this process."""
    with pytest.raises(WorkspaceError) as caught:
        Link(Access("chdb://gone", folder=str(tmp_path))).fetch("SELECT 1")
    assert caught.value.code == "database_unreachable"
    assert not list(tmp_path.iterdir())
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"chdb://{tmp_path}")).fetch("SELECT 1")
    assert caught.value.code == "database_unreachable"


@pytest.mark.heavy
def test_nobody_answers(owner: Any) -> None:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"clickhouse://ali:{SECRET}@127.0.0.1:{port}/shop")).fetch("SELECT 1")
    assert caught.value.code == "database_unreachable"
    assert SECRET not in said_by(caught.value)


@pytest.mark.heavy
@pytest.mark.parametrize("rest", ["h/d?tabel=x", "h:port/d", "/d"])
def test_an_address_that_cannot_be_read(owner: Any, rest: str) -> None:
    """An option that nobody knows, a port that is no number, no host."""
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"clickhouse://ali:{SECRET}@{rest}")).fetch("SELECT 1")
    assert caught.value.code == "bad_address"
    assert SECRET not in said_by(caught.value)


class Refusing(http.server.BaseHTTPRequestHandler):
    """Answers whatever is asked as ClickHouse answers a wrong password, and remembers who asked."""

    heard: list[str]

    def do_POST(self) -> None:
        """Refuse."""
        scheme, _, told = self.headers.get("Authorization", "").partition(" ")
        key = self.headers.get("X-ClickHouse-Key", "")
        self.heard.append(base64.b64decode(told).decode() if scheme == "Basic" else key)
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        text = f"Code: 516. DB::Exception: ali: Authentication failed: {SECRET} (AUTHENTICATION_FAILED)".encode()
        self.send_response(403)
        self.send_header("X-ClickHouse-Exception-Code", "516")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self) -> None:
        """Refuse this too."""
        self.do_POST()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def refusing(owner: Any) -> Iterator[tuple[int, list[str]]]:
    """The port of a refusing server, and what it heard."""
    heard: list[str] = []
    server = http.server.HTTPServer(("127.0.0.1", 0), type("Kept", (Refusing,), {"heard": heard}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, heard
    server.shutdown()
    server.server_close()


@pytest.mark.heavy
def test_a_wrong_password_is_told_without_it(refusing: tuple[int, list[str]]) -> None:
    """Even where the server repeats it."""
    port, heard = refusing
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"clickhouse://ali:{SECRET}@127.0.0.1:{port}/shop")).fetch("SELECT 1")
    assert caught.value.code == "database_login"
    assert SECRET not in said_by(caught.value)
    assert SECRET in heard[0]


@pytest.mark.heavy
def test_where_the_password_comes_from(
    refusing: tuple[int, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that is named, a file that is named, the address, the programs' own variable, the keyring."""
    port, heard = refusing
    address = f"clickhouse://a%40b@127.0.0.1:{port}/shop"
    monkeypatch.delenv("CLICKHOUSE_PASSWORD", raising=False)
    monkeypatch.setenv("SHOP_PASSWORD", "from-variable")
    (tmp_path / "secret").write_text("from-file\n", encoding="utf-8")
    asked: list[tuple[str, str]] = []

    class Keyring:
        """A keyring with one password."""

        @staticmethod
        def get_password(service: str, user: str) -> str:
            """The password."""
            asked.append((service, user))
            return "from-keyring"

    monkeypatch.setitem(sys.modules, "keyring", Keyring)  # type: ignore[arg-type]
    accesses = [
        Access(address, password_env="SHOP_PASSWORD"),
        Access(address, password_file=str(tmp_path / "secret")),
        Access(address.replace("@127", ":from%2Daddress@127")),
        Access(address),
    ]
    words = ["from-variable", "from-file", "from-address", "from-keyring"]
    for access, word in zip(accesses, words, strict=True):
        heard.clear()
        with pytest.raises(WorkspaceError):
            Link(access).fetch("SELECT 1")
        assert heard and all(word in item for item in heard)
    assert asked == [(f"clickhouse://127.0.0.1:{port}/shop", "a@b")]
    monkeypatch.setenv("CLICKHOUSE_PASSWORD", "from-environment")
    heard.clear()
    with pytest.raises(WorkspaceError):
        Link(Access(address)).fetch("SELECT 1")
    assert "from-environment" in heard[0]


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT * FROM gone", "database_no_table"),
        ("SELECT * FROM gone.orders", "database_no_table"),
        ("SELECT gone FROM system.one", "database_no_column"),
        ("CREATE TABLE made (x Int8) ENGINE = Memory", "database_writes"),
        ("SELECT * FROM file('hostname', 'LineAsString')", "database_writes"),
        ("SELECT 1 SETTINGS join_use_nulls = 0", "database_writes"),
        ("SELECT 1 % 0", "database_error"),
        ("SELECT no_such(1)", "database_error"),
        ("SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1", "database_timeout"),
    ],
)
def test_what_the_database_says_of_a_statement(link: Link, sql: str, code: str) -> None:
    """The link answers again afterwards."""
    with pytest.raises(QuestionError) as caught:
        link.fetch(sql)
    assert caught.value.code == code
    assert caught.value.__suppress_context__
    assert "DB::Exception" not in str(caught.value)
    assert link.fetch("SELECT 1") == [(1,)]


@pytest.mark.heavy
def test_what_decides_the_meaning_of_a_statement_is_set(link: Link) -> None:
    """Rows that a join does not find are empty, an aggregate of nothing too, a name is a column's first."""
    sql = "SELECT a.x, b.y FROM (SELECT 1 AS x) AS a LEFT JOIN (SELECT 2 AS x, 3 AS y) AS b ON a.x = b.x"
    assert link.fetch(sql) == [(1, None)]
    assert link.fetch("SELECT sum(x), count(*) FROM (SELECT 1 AS x) AS a WHERE x = 2") == [(None, 0)]
    assert link.fetch("SELECT x + 1 AS x FROM (SELECT 1 AS x) AS a WHERE x = 1") == [(2,)]
    grouped = "SELECT x, count(*) FROM (SELECT 1 AS x) AS a GROUP BY GROUPING SETS ((x), ()) ORDER BY x NULLS LAST"
    assert link.fetch(grouped) == [(1, 1), (None, 1)]
    assert link.fetch("SELECT greatest(1, NULL), CAST(materialize('x'), 'String')") == [(1, "x")]


def mapped(source: str, *, is_query: bool = False, **columns: str) -> dict[str, MappedTable]:
    """Orders in ``source``."""
    given = {name: MappedColumn(name, sql) for name, sql in columns.items()}
    return {"orders": MappedTable("orders", source, is_query, given)}


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("tables", "codes"),
    [
        (mapped("shop_f.gone", order_id="id"), {"database_no_table"}),
        (mapped("shop_f.orders", order_id="gone"), {"database_no_column"}),
        (mapped("shop_f.orders", order_id="id", ordered_at="note"), {"mapped_type"}),
        (mapped("shop_f.orders", order_id="id", net_amount="note"), {"mapped_type"}),
        (mapped("shop_f.orders", order_id="id", is_online="note"), {"mapped_type"}),
        (mapped("select 1 as id; drop table shop_f.orders", is_query=True, order_id="id"), {"database_error"}),
        (
            mapped("select 1 as id) as t); drop table shop_f.orders --", is_query=True, order_id="id"),
            {"database_error", "database_writes"},
        ),
    ],
)
def test_what_is_mapped_and_not_there(owner: Any, link: Link, tables: dict[str, MappedTable], codes: set[str]) -> None:
    """The entity is named, and nothing is written."""
    owner.command("CREATE DATABASE IF NOT EXISTS shop_f")
    owner.command("CREATE TABLE IF NOT EXISTS shop_f.orders (id Int32, note String) ENGINE = MergeTree ORDER BY id")
    with pytest.raises(DefinitionError) as caught:
        load_engine("hold_clickhouse").build_raw(link, tables, CATALOGUE, "UTC")
    assert caught.value.code in codes
    assert caught.value.issues[0].data["entity"] == "orders"
    assert owner.query("SELECT count() FROM shop_f.orders").result_rows[0][0] == 0


@pytest.mark.heavy
def test_every_fault_can_be_told_in_both_languages(link: Link, tmp_path: Path) -> None:
    """No slot stays open."""
    faults: list[SanjehError] = []
    for sql in ("SELECT * FROM gone", "SELECT gone FROM system.one", "DROP DATABASE shop_f", "SELECT no_such(1)"):
        with pytest.raises(SanjehError) as caught:
            link.fetch(sql)
        faults.append(caught.value)
    for fault in faults:
        for language in ("en", "fa"):
            text = fault.issues[0].render(language)
            assert text != fault.code
            assert "{" not in text


def test_a_server_that_lets_nothing_be_set_is_not_asked() -> None:
    """Its numbers would be others; what is missing is named."""

    settings = {name: SimpleNamespace(readonly=1, value="0") for name in ("join_use_nulls", "readonly")}
    issue = Link(Access("clickhouse://ali@h/d"))._settle(SimpleNamespace(server_settings=settings))
    assert issue is not None
    assert issue.code == "database_settings"
    assert "join_use_nulls" in str(issue.data["names"])
    for language in ("en", "fa"):
        assert "{" not in issue.render(language)
