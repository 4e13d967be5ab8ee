"""A PostgreSQL table, and addresses whose password nobody sees."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sanjeh.connectors.reading import Source, read, source_of_address
from sanjeh.errors import DataError, DefinitionError


def test_an_address_hides_its_user_and_password_everywhere() -> None:
    source = source_of_address("postgresql://ali:s3cret@db.example:5432/shop?table=sales.orders&sslmode=require")
    assert source.part == "sales.orders"
    assert source.path == "postgresql://ali:s3cret@db.example:5432/shop?sslmode=require"
    shown = f"{source!r} {source} {source.label} {source.place} {source.name} {source.file}"
    assert "s3cret" not in shown
    assert "ali" not in shown


@pytest.mark.parametrize(
    "text",
    ["mysql://a:s3cret@h/d?table=x", "postgresql://a:s3cret@h/d", "postgresql://[a:s3cret@h/d?table=x", "s3cret"],
)
def test_a_wrong_address_is_refused_without_showing_its_password(text: str) -> None:
    with pytest.raises(DataError) as error:
        source_of_address(text)
    assert error.value.code == "bad_address"
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("sign", ["/", "?", "#", "@x/", "?&table=x"])
def test_a_password_with_an_unescaped_sign_is_refused_and_no_part_of_it_shown(sign: str) -> None:
    address = f"postgresql://bob:12{sign}s3cret@host/db"
    for text in (address, f"{address}?table=orders"):
        with pytest.raises(DataError) as error:
            source_of_address(text)
        assert error.value.code == "bad_address"
        assert not [part for part in ("bob", "12", "s3cret") if part in str(error.value)]
    assert Source(address, "postgres", "orders").label == "postgresql://…"


def test_an_option_may_hold_a_user_of_two_parts() -> None:
    source = source_of_address("postgresql://host/shop?user=me@corp&table=orders")
    assert source.path == "postgresql://host/shop?user=me%40corp"
    assert "me" not in source.label


def test_a_refused_connection_tells_no_password(connection: duckdb.DuckDBPyConnection) -> None:
    source = source_of_address("postgresql://ali:s3cret@127.0.0.1:1/shop?table=orders")
    with pytest.raises(DataError) as error:
        read(source, connection, "t")
    assert error.value.code == "database_refused"
    assert "s3cret" not in str(error.value)
    assert "ali" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(DefinitionError):
        Source("a.csv", "oracle")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a throw-away server that listens on a socket in its own folder only."""
    if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is missing, and CI runs with everything")
        pytest.skip("PostgreSQL is not on this machine")
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        # PostgreSQL does not run as root.
        is_root = os.geteuid() == 0
        user = "postgres" if is_root else None
        if is_root:
            shutil.chown(folder, "postgres")

        def run(*command: str) -> None:
            subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

        run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "tester", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -h ''", "start")
        try:
            yield f"postgresql://tester@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")


@pytest.mark.heavy
def test_a_table_is_read_as_text(server: str, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    import psycopg

    with psycopg.connect(server) as base:
        base.execute("CREATE SCHEMA sales")
        base.execute(
            """CREATE TABLE sales.orders (id int, amount numeric(12, 2), big float8, day date, at timestamptz,
            ok boolean, "شهر" text, extra jsonb)"""
        )
        base.execute(
            """INSERT INTO sales.orders VALUES
            (1, 12.50, 1e20, '2024-03-25', '2024-03-25 10:20:00+03:30', true, 'تهران', '{"a": [1]}'),
            (2, NULL, 0.1, 'infinity', NULL, false, '', NULL)"""
        )
    raw = read(source_of_address(f"{server}&table=sales.orders"), connection, "t")
    assert connection.execute("FROM t").fetchall() == [
        (
            1,
            "1",
            "12.5",
            "100000000000000000000",
            "2024-03-25",
            "2024-03-25 06:50:00+00",
            "true",
            "تهران",
            '{"a": [1]}',
        ),
        (2, "2", None, "0.1", "infinity", None, "false", None, None),
    ]
    assert [column.typed_hint for column in raw.columns][:7] == ["number"] * 3 + ["date", "time", "boolean", "text"]
    with pytest.raises(DataError) as error:
        read(source_of_address(f"{server}&table=gone"), connection, "t")
    assert (error.value.code, error.value.issues[0].data["reason"]) == ("database_refused", "42P01")
