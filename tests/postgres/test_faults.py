"""Every fault of a database is an error of ours, and no password is ever in what is said."""

from __future__ import annotations

import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.link_postgres import Access, Link
from sanjeh.engines.mapped import MappedColumn, MappedTable
from sanjeh.errors import DefinitionError, QuestionError, SanjehError, WorkspaceError

CATALOGUE = load_catalogue()
SECRET = "s3cret-Geheim"


def said_by(error: BaseException) -> str:
    """Everything that a program could print of the error, its causes and its place."""
    told = "".join(traceback.format_exception(error))
    return f"{told} {error!r} {error} {getattr(error, 'issues', '')!r}"


def with_user(address: str, user: str, password: str = "") -> str:
    """The address with another user and password."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    name = f"{user}:{password}" if password else user
    return urlunsplit(parts._replace(netloc=f"{name}@{host}"))


@pytest.fixture
def link(server: str) -> Iterator[Link]:
    """A link that waits a second."""
    made = Link(Access(server, timeout_seconds=1))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("address", "label"),
    [
        (f"postgresql://ali:{SECRET}@db.example:5432/shop?sslmode=require", "postgresql://db.example:5432/shop"),
        (f"postgresql://db.example/shop?user=ali&password={SECRET}", "postgresql://db.example/shop"),
        (f"postgresql://ali:{SECRET}/x@db.example/shop", "postgresql://…"),
        (f"postgresql://ali:{SECRET}?x@db.example/shop", "postgresql://…"),
        (f"postgresql://ali:12#{SECRET}@db.example/shop", "postgresql://…"),
        (f"postgresql://ali:12@{SECRET}@db.example/shop", "postgresql://…"),
        ("postgresql://ali:x@a.example:1,[::1]:2/shop", "postgresql://a.example:1,[::1]:2/shop"),
        ("postgresql:///shop?host=/sockets/x", "postgresql:///shop"),
        ("postgresql:///shop", "postgresql:///shop"),
    ],
)
def test_an_address_is_shown_without_user_and_password(address: str, label: str) -> None:
    """Signs that should have been escaped show no part of the password either."""
    access = Access(address)
    shown = f"{access.label} {access!r} {Link(access)!r}"
    assert SECRET not in shown
    assert access.label == label
    assert "ali" not in shown


def test_nobody_answers() -> None:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"postgresql://ali:{SECRET}@127.0.0.1:{port}/shop")).fetch("SELECT 1")
    assert caught.value.code == "database_unreachable"
    assert SECRET not in said_by(caught.value)


def test_an_address_that_cannot_be_read() -> None:
    """An option that the driver does not know."""
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"postgresql://ali:{SECRET}@127.0.0.1/shop?tabel=x")).fetch("SELECT 1")
    assert caught.value.code == "bad_address"
    assert SECRET not in said_by(caught.value)


class Refusing:
    """A server that asks for a password and refuses whatever it is told, as PostgreSQL does."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heard: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with peer:
                self._refuse(peer)

    def _refuse(self, peer: socket.socket) -> None:
        start = peer.recv(4096)
        while start[4:8] in (b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30"):  # asks for encryption first
            peer.sendall(b"N")
            start = peer.recv(4096)
        peer.sendall(b"R" + (8).to_bytes(4, "big") + (3).to_bytes(4, "big"))
        self.heard.append(peer.recv(4096))
        text = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "ali"\0\0'
        peer.sendall(b"E" + (len(text) + 4).to_bytes(4, "big") + text)


@pytest.fixture
def refusing() -> Iterator[Refusing]:
    """The refusing server."""
    made = Refusing()
    yield made
    made.listener.close()


def test_a_wrong_password_is_told_without_it(refusing: Refusing) -> None:
    """Neither the password nor the user's name."""
    with pytest.raises(WorkspaceError) as caught:
        Link(Access(f"postgresql://ali:{SECRET}@127.0.0.1:{refusing.port}/shop")).fetch("SELECT 1")
    assert caught.value.code == "database_login"
    assert SECRET not in said_by(caught.value)
    assert '"ali"' not in str(caught.value)
    assert SECRET.encode() in refusing.heard[0]


def test_where_the_password_comes_from(refusing: Refusing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is named, a file that is named, the driver's own variable and file."""
    address = f"postgresql://ali@127.0.0.1:{refusing.port}/shop"
    monkeypatch.setenv("SHOP_PASSWORD", "from-variable")
    (tmp_path / "secret").write_text("from-file\n", encoding="utf-8")
    (tmp_path / "pass").write_text(f"127.0.0.1:{refusing.port}:shop:ali:from-pgpass\n", encoding="utf-8")
    (tmp_path / "pass").chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pass"))
    accesses = [
        Access(address, password_env="SHOP_PASSWORD"),
        Access(address, password_file=str(tmp_path / "secret")),
        Access(address),
    ]
    for access in accesses:
        with pytest.raises(WorkspaceError):
            Link(access).fetch("SELECT 1")
    monkeypatch.setenv("PGPASSWORD", "from-environment")
    with pytest.raises(WorkspaceError):
        Link(Access(address)).fetch("SELECT 1")
    words = [b"from-variable", b"from-file", b"from-pgpass", b"from-environment"]
    assert [heard[5:].rstrip(b"\0") for heard in refusing.heard] == words


def test_the_keyring_is_asked_where_it_is_installed(refusing: Refusing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the label of the address and the name of the user."""
    asked: list[tuple[str, str]] = []

    class Keyring:
        """A keyring with one password."""

        @staticmethod
        def get_password(service: str, user: str) -> str:
            """The password."""
            asked.append((service, user))
            return "from-keyring"

    monkeypatch.setitem(sys.modules, "keyring", Keyring)  # type: ignore[arg-type]
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with pytest.raises(WorkspaceError):
        Link(Access(f"postgresql://a%40b@127.0.0.1:{refusing.port}/shop")).fetch("SELECT 1")
    assert asked == [(f"postgresql://127.0.0.1:{refusing.port}/shop", "a@b")]
    assert refusing.heard[0][5:].rstrip(b"\0") == b"from-keyring"


def test_a_password_that_is_named_and_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried without it."""
    monkeypatch.delenv("NO_SUCH", raising=False)
    for access in (Access("postgresql://h/d", "NO_SUCH"), Access("postgresql://h/d", "", str(tmp_path / "gone"))):
        with pytest.raises(WorkspaceError) as caught:
            Link(access).fetch("SELECT 1")
        assert caught.value.code == "no_password"


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(QuestionError) as caught:
        Link(Access("postgresql://h/d")).fetch("SELECT 1")
    assert caught.value.code == "missing_extra"
    assert "sanjeh[postgres]" in str(caught.value)


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT * FROM gone", "database_no_table"),
        ("SELECT * FROM gone.orders", "database_no_table"),
        ("SELECT gone FROM pg_class", "database_no_column"),
        ("CREATE TABLE made (x int)", "database_writes"),
        ("SELECT 1 / 0", "database_error"),
        ("SELECT nothing(1)", "database_error"),
        ("SELECT pg_sleep(3)", "database_timeout"),
    ],
)
def test_what_the_server_says_of_a_statement(link: Link, sql: str, code: str) -> None:
    """The link answers again afterwards."""
    with pytest.raises(QuestionError) as caught:
        link.fetch(sql)
    assert caught.value.code == code
    assert caught.value.__suppress_context__
    assert link.fetch("SELECT 1") == [(1,)]


@pytest.mark.heavy
def test_a_question_is_read_only_and_of_one_state(link: Link, owner: Any) -> None:
    """What others write in between is not seen within it."""
    owner.execute("DROP TABLE IF EXISTS counted")
    owner.execute("CREATE TABLE counted (x int)")
    with link.reading():
        before = link.fetch("SELECT count(*) FROM counted")
        owner.execute("INSERT INTO counted VALUES (1)")
        assert link.fetch("SELECT count(*) FROM counted") == before
    assert link.fetch("SELECT count(*) FROM counted") == [(1,)]
    with pytest.raises(QuestionError) as caught, link.reading():
        link.fetch("INSERT INTO counted VALUES (2) RETURNING x")
    assert caught.value.code == "database_writes"


@pytest.mark.heavy
def test_a_statement_can_be_cancelled(server: str) -> None:
    """From another thread; it is not told as a lack of time."""
    link = Link(Access(server, timeout_seconds=60))
    threading.Timer(0.5, link.cancel).start()
    began = time.monotonic()
    with pytest.raises(QuestionError) as caught:
        link.fetch("SELECT pg_sleep(30)")
    assert caught.value.code == "database_cancelled"
    assert time.monotonic() - began < 20
    assert link.fetch("SELECT 1") == [(1,)]


@pytest.mark.heavy
def test_a_lost_connection_is_told_and_opened_again(link: Link, owner: Any) -> None:
    """The server ends it; the next question finds another."""
    ((pid,),) = link.fetch("SELECT pg_backend_pid()")
    owner.execute("SELECT pg_terminate_backend(%s)", [pid])
    with pytest.raises(QuestionError) as caught:
        link.fetch("SELECT 1")
    assert caught.value.code == "database_lost"
    assert link.fetch("SELECT 1") == [(1,)]


@pytest.mark.heavy
def test_a_user_without_rights_is_told_so(server: str, owner: Any) -> None:
    """No USAGE on the schema, then no SELECT on the table."""
    owner.execute("DROP SCHEMA IF EXISTS closed CASCADE")
    owner.execute("DROP ROLE IF EXISTS stranger")
    owner.execute("CREATE SCHEMA closed")
    owner.execute("CREATE TABLE closed.orders (id int)")
    owner.execute("CREATE ROLE stranger LOGIN")
    link = Link(Access(with_user(server, "stranger")))
    for _ in range(2):
        with pytest.raises(QuestionError) as caught:
            link.fetch("SELECT * FROM closed.orders")
        assert caught.value.code == "database_denied"
        owner.execute("GRANT USAGE ON SCHEMA closed TO stranger")
    owner.execute("GRANT SELECT ON closed.orders TO stranger")
    assert link.fetch("SELECT * FROM closed.orders") == []
    link.close()


def mapped(source: str, *, is_query: bool = False, **columns: str) -> dict[str, MappedTable]:
    """Orders in ``source``."""
    given = {name: MappedColumn(name, sql) for name, sql in columns.items()}
    return {"orders": MappedTable("orders", source, is_query, given)}


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
        (mapped("delete from shop_f.orders returning id", is_query=True, order_id="id"), "database_error"),
    ],
)
def test_what_is_mapped_and_not_there(server: str, owner: Any, tables: dict[str, MappedTable], code: str) -> None:
    """The entity is named, and nothing is written."""
    owner.execute("CREATE SCHEMA IF NOT EXISTS shop_f")
    owner.execute("CREATE TABLE IF NOT EXISTS shop_f.orders (id int, note text)")
    link = Link(Access(server))
    with pytest.raises(DefinitionError) as caught:
        load_engine("hold_postgres").build_raw(link, tables, CATALOGUE, "UTC")
    assert caught.value.code == code
    assert caught.value.issues[0].data["entity"] == "orders"
    assert owner.execute("SELECT count(*) FROM shop_f.orders").fetchone() == (0,)
    link.close()


@pytest.mark.heavy
def test_every_fault_can_be_told_in_both_languages(link: Link) -> None:
    """No slot stays open."""
    faults: list[SanjehError] = []
    for sql in ("SELECT * FROM gone", "SELECT gone FROM pg_class", "CREATE TABLE x (y int)", "SELECT pg_sleep(3)"):
        with pytest.raises(SanjehError) as caught:
            link.fetch(sql)
        faults.append(caught.value)
    for fault in faults:
        for language in ("en", "fa"):
            text = fault.issues[0].render(language)
            assert text != fault.code
            assert "{" not in text
