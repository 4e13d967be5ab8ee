"""A link is the connection to a PostgreSQL server: opened when first needed, read only, its errors told as ours.

The password stands in no log, error or representation: it is found when connecting and kept by nobody.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sanjeh.engines import access, script_postgres
from sanjeh.engines.whole import Script
from sanjeh.errors import Datum, Issue, QuestionError, WorkspaceError

_SECONDS_TO_CONNECT = 15
_BY_STATE = {
    "42P01": "database_no_table",
    "3F000": "database_no_table",
    "42703": "database_no_column",
    "42501": "database_denied",
    "25006": "database_writes",
}


class Access(access.Access):
    """Where a PostgreSQL server is; libpq itself looks for a password in PGPASSWORD, PGPASSFILE and ~/.pgpass.

    >>> Access("postgresql://ali:secret@db.example:5432/shop?sslmode=require").label
    'postgresql://db.example:5432/shop'
    """

    __slots__ = ()
    HIDDEN = "postgresql://…"
    VARIABLE = "PGPASSWORD"


@dataclass(slots=True)
class Link:
    """A connection that only reads; one that the server closed is opened again by the next question."""

    dialect: ClassVar[str] = "postgres"
    script: ClassVar[Script] = script_postgres

    access: Access
    _connection: Any = field(default=None, repr=False)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Everything fetched inside sees one state of the data."""
        connection = self._open()
        with self._errors(), connection.transaction():
            yield

    def fetch(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[object, ...]]:
        """The rows of ``sql``."""
        with self._errors():
            return list(self._open().execute(sql, values).fetchall())

    def describe(self, sql: str) -> tuple[tuple[str, str], ...]:
        """The names and the database's types of the columns of ``sql``."""
        connection = self._open()
        with self._errors():
            described = connection.execute(sql).description or []
            kinds = [connection.adapters.types.get(column.type_code) for column in described]
        return tuple((column.name, kind.name if kind else "") for column, kind in zip(described, kinds, strict=True))

    def cancel(self) -> None:
        """Stop the statement that runs now, from another thread."""
        if self._connection is not None and not self._connection.closed:
            self._connection.cancel_safe()

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _open(self) -> Any:
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> Any:
        psycopg = load_driver()
        password = self.access.password()
        given = {} if password is None else {"password": password}
        issue: Issue | None = None
        try:
            made = psycopg.connect(
                self.access.address,
                connect_timeout=_SECONDS_TO_CONNECT,
                application_name="sanjeh",
                prepare_threshold=None,  # a pooler between us keeps no statements
                autocommit=True,
                **given,
            )
            self._settle(made, psycopg)
        except (psycopg.Error, UnicodeError, ValueError, OSError) as error:
            issue = self._not_connected(error)
        if issue is not None:  # raised here, so that the driver's error, which may repeat the address, is not behind it
            raise WorkspaceError(issue)
        return made

    def _settle(self, connection: Any, psycopg: Any) -> None:
        connection.execute("SET default_transaction_read_only = on")
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET datestyle TO 'ISO, YMD'")
        connection.execute("SET intervalstyle TO 'postgres'")
        connection.execute("SET jit = off")  # compiling such a statement takes longer than running it
        connection.execute(f"SET statement_timeout = {int(self.access.timeout_seconds * 1000)}")
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ

    def _not_connected(self, error: Exception) -> Issue:
        """Whether the address cannot be read, nobody answered, or the server refused who asked."""
        if isinstance(error, (UnicodeError, ValueError, load_driver().ProgrammingError)):
            return Issue("bad_address", {"address": self.access.label})
        reached = getattr(error, "pgconn", None)
        text = str(error)
        is_refused = "FATAL" in text or "password" in text or bool(reached is not None and reached.needs_password)
        state = getattr(error, "sqlstate", None)
        code = "database_login" if is_refused or state in ("28P01", "28000", "3D000") else "database_unreachable"
        return Issue(code, {"address": self.access.label})

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        psycopg, began, issue = load_driver(), time.monotonic(), None
        try:
            yield
        except psycopg.Error as error:
            issue = self._told(error, time.monotonic() - began)
        except KeyboardInterrupt:
            self.close()
            raise
        if issue is not None:
            raise QuestionError(issue) from None

    def _told(self, error: Any, seconds: float) -> Issue:
        state, diagnosis = error.sqlstate or "", error.diag
        data: dict[str, Datum] = {"address": self.access.label}
        problem = (diagnosis.message_primary or type(error).__name__).splitlines()[0][:300]
        if state == "57014":
            is_late = seconds >= 0.9 * self.access.timeout_seconds
            code = "database_timeout" if is_late else "database_cancelled"
            return Issue(code, data | {"seconds": f"{self.access.timeout_seconds:g}"})
        if state.startswith(("08", "57P")) or self._connection is None or self._connection.closed:
            self.close()
            return Issue("database_lost", data)
        return Issue(_BY_STATE.get(state, "database_error"), data | {"problem": f"{problem} [{state or '?'}]"})


def load_driver() -> Any:
    """The module psycopg; raises QuestionError (``missing_extra``) where it is not installed."""
    try:
        import psycopg
    except ImportError:
        raise QuestionError(Issue("missing_extra", {"package": "psycopg", "extra": "postgres"})) from None
    return psycopg
