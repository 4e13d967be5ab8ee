"""A link is the client of a ClickHouse server, or of a folder of chDB: read only, its errors told as ours.

The password stands in no log, error or representation: it is found when connecting and kept by the driver alone.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from sanjeh.engines import access, script_clickhouse
from sanjeh.engines.whole import Script
from sanjeh.errors import Datum, Issue, QuestionError, WorkspaceError

_SECONDS_TO_CONNECT = 15
_PORTS = {"clickhouse": 8123, "clickhouses": 8443}
_OPTIONS = frozenset(
    ["ca_cert", "client_cert", "client_cert_key", "verify", "server_host_name", "http_proxy", "https_proxy"]
)
# Without these a statement would mean something else; a server that does not let us set them is not asked.
_MEANING = {
    "join_use_nulls": 1,
    "group_by_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "prefer_column_name_to_alias": 1,
    "cast_keep_nullable": 1,
    "transform_null_in": 0,
    "enable_analyzer": 1,
    "least_greatest_legacy_null_behavior": 0,
    "union_default_mode": "ALL",
}
# These are set where the server knows them.
_WISHED = {
    "allow_experimental_correlated_subqueries": 1,
    "max_query_size": 1 << 26,
    "max_ast_elements": 5_000_000,
    "max_expanded_ast_elements": 5_000_000,
}
_BY_CODE = {
    60: "database_no_table",
    81: "database_no_table",
    8: "database_no_column",
    16: "database_no_column",
    47: "database_no_column",
    497: "database_denied",
    164: "database_writes",
    159: "database_timeout",
    160: "database_timeout",
    394: "database_cancelled",
}
_LOGIN = (81, 192, 193, 194, 516)
_PREFIX = re.compile(r"^.*DB::Exception: ")
# The text of the statement, which the server repeats, and its version.
_SUFFIX = re.compile(r"(?::? In scope |: While processing |: while executing |\. \(\w+\)|\(version ).*", re.DOTALL)


class Access(access.Access):
    """Where a ClickHouse server or a folder of chDB is; CLICKHOUSE_PASSWORD is what clickhouse-client reads too.

    >>> Access("clickhouses://ali:secret@db.example/shop").label
    'clickhouses://db.example/shop'
    """

    __slots__ = ()
    HIDDEN = "clickhouse://…"
    VARIABLE = "CLICKHOUSE_PASSWORD"

    @property
    def path(self) -> Path | None:
        """The folder of chDB, or None for a server."""
        scheme, _, rest = self.address.partition("://")
        return Path(self.folder, unquote(rest)) if scheme == "chdb" else None


@dataclass(slots=True)
class Link:
    """A client that only reads; every statement stands alone, as ClickHouse has no state of the data to keep to."""

    dialect: ClassVar[str] = "clickhouse"
    script: ClassVar[Script] = script_clickhouse

    access: Access
    _client: Any = field(default=None, repr=False)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Nothing is held: what is written meanwhile may be seen by the next statement."""
        yield

    def fetch(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[object, ...]]:
        """The rows of ``sql``; of ``values`` those that it names are bound."""
        named = self.script.bound_names(sql) if values else ()
        bound = {name: _written(values[name]) for name in named if name in values} if values else {}
        return self._rows(sql, bound)

    def describe(self, sql: str) -> tuple[tuple[str, str], ...]:
        """The names and the database's types of the columns of ``sql``."""
        return tuple((str(row[0]), str(row[1])) for row in self._rows(f"DESCRIBE TABLE (\n{sql}\n)", {}))

    def _rows(self, sql: str, bound: Mapping[str, object]) -> list[tuple[object, ...]]:
        client = self._open()
        with self._errors():
            return [tuple(row) for row in client.query(sql, parameters=bound or None).result_rows]

    def close(self) -> None:
        """Close the client; the next question opens another."""
        if self._client is not None:
            self._client.close()
        self._client = None

    def _open(self) -> Any:
        if self._client is None:
            self._client = self._connect()
        return self._client

    def _connect(self) -> Any:
        arguments = self._embedded() if self.access.path is not None else self._arguments()
        driver = load_driver()
        issue: Issue | None = None
        made: Any = None
        try:
            made = driver.get_client(**arguments)
            issue = self._settle(made)
        except driver.driver.exceptions.ClickHouseError as error:
            issue = self._not_connected(error)
        except ImportError:
            issue = Issue("missing_chdb")
        except (ValueError, TypeError, OSError):
            issue = Issue("bad_address", {"address": self.access.label})
        if issue is not None:  # raised here, so that the driver's error, which may repeat the address, is not behind it
            if made is not None:
                made.close()
            raise WorkspaceError(issue)
        return made

    def _embedded(self) -> dict[str, object]:
        path = self.access.path
        if path is None or not path.is_dir():
            raise WorkspaceError(Issue("database_unreachable", {"address": self.access.label}))
        return {"interface": "chdb", "path": str(path.resolve())}

    def _arguments(self) -> dict[str, object]:
        password = self.access.password()
        try:
            parts = urlsplit(self.access.address)
            options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            options, port = {"": ""}, 0
        given = options.pop("password", None)
        if options.keys() - _OPTIONS or not parts.hostname:
            raise WorkspaceError(Issue("bad_address", {"address": self.access.label}))
        found = (password, given, parts.password and unquote(parts.password), os.environ.get(self.access.VARIABLE))
        return {
            "host": parts.hostname,
            "port": port,
            "interface": "https" if parts.scheme == "clickhouses" else "http",
            "username": unquote(parts.username or "") or None,
            "password": next((item for item in found if item), ""),
            "database": unquote(parts.path.strip("/")) or None,
            "connect_timeout": _SECONDS_TO_CONNECT,
            "send_receive_timeout": math.ceil(self.access.timeout_seconds) + _SECONDS_TO_CONNECT,
            "client_name": "sanjeh",
            "autogenerate_session_id": False,
            **options,
        }

    def _settle(self, client: Any) -> Issue | None:
        """Set what a statement's meaning hangs on, and that nothing is written; the issue where a server forbids it."""
        known = client.server_settings

        def can_be(name: str, value: object) -> bool:
            return name in known and (not known[name].readonly or known[name].value == str(value))

        fixed = [name for name, value in _MEANING.items() if not can_be(name, value)]
        if fixed:
            return Issue("database_settings", {"address": self.access.label, "names": ", ".join(fixed)})
        wished = {**_WISHED, "max_execution_time": max(1, math.ceil(self.access.timeout_seconds))}
        for name, value in {**_MEANING, **{n: v for n, v in wished.items() if can_be(n, v)}}.items():
            client.set_client_setting(name, value)
        # A server is sent its settings with each statement, which 1 would refuse; a folder keeps them.
        if known["readonly"].value == "0":
            client.set_client_setting("readonly", 1 if self.access.path is not None else 2)
        return None

    def _not_connected(self, error: Any) -> Issue:
        """Whether nobody answered or the server refused who asked."""
        code = "database_login" if error.code in _LOGIN else "database_unreachable"
        return Issue(code, {"address": self.access.label})

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        errors, began, issue = load_driver().driver.exceptions, time.monotonic(), None
        try:
            yield
        except errors.ClickHouseError as error:
            issue = self._told(error, time.monotonic() - began)
        except KeyboardInterrupt:
            self.close()
            raise
        if issue is not None:
            raise QuestionError(issue) from None

    def _told(self, error: Any, seconds: float) -> Issue:
        data: dict[str, Datum] = {"address": self.access.label}
        timed = data | {"seconds": f"{self.access.timeout_seconds:g}"}
        if error.code is None:  # no answer of the server's own
            self.close()
            is_late = seconds >= 0.9 * self.access.timeout_seconds
            return Issue("database_timeout", timed) if is_late else Issue("database_lost", data)
        code = _BY_CODE.get(error.code, "database_error")
        if code in ("database_timeout", "database_cancelled"):
            return Issue(code, timed)
        problem = _SUFFIX.sub("", _PREFIX.sub("", str(error).splitlines()[0]))[:300]
        return Issue(code, data | {"problem": f"{problem} [{error.code}]"})


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def load_driver() -> Any:
    """The module clickhouse_connect; raises QuestionError (``missing_extra``) where it is not installed."""
    try:
        import clickhouse_connect
    except ImportError:
        raise QuestionError(Issue("missing_extra", {"package": "clickhouse-connect", "extra": "clickhouse"})) from None
    return clickhouse_connect
