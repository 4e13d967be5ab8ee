"""A PostgreSQL server for tests: the one that the surroundings name, or a throw-away one of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from on_postgres import OnPostgres


def _programs() -> str | None:
    """The folder of the server's programs, "" where they are on the path."""
    if shutil.which("initdb") and shutil.which("pg_ctl"):
        return ""
    return None


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server in which schemas and roles may be made."""
    named = os.environ.get("SANJEH_TEST_POSTGRES")
    if named:
        yield named
        return
    if _programs() is None:
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


@pytest.fixture(scope="session")
def owner(server: str) -> Iterator[Any]:
    """A connection that may make schemas, tables and roles."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def database(owner: Any, server: str) -> OnPostgres:
    """The server as a database for tests."""
    return OnPostgres(owner, server)
