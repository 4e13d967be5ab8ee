"""A link is the session on a Spark cluster: opened when first needed, read only, its errors told as ours.

``sc://host:port`` is a Spark Connect server, ``spark://host:port`` the master of a cluster, for which Java is needed
here. A token stands in no log, error or representation: it is found when connecting and kept by nobody.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import re
import socket
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlsplit

from sanjeh.engines import access, script_spark
from sanjeh.engines.whole import Script
from sanjeh.errors import Datum, Issue, QuestionError, WorkspaceError

AT_A_TIME = 4  # statements that are asked side by side
_SECONDS_TO_CONNECT = 15
_PORT = {"sc": 15002, "spark": 7077}
_HOST = r"(?:[\w.\-]+|\[[\w:.%]+\])(?::\d+)?"
_IN_ADDRESS = re.compile(rf"((?:sc|spark)://{_HOST}(?:,{_HOST})*)/?(?:;[^@]*)?")
_READS = re.compile(r"\s*(?:SELECT|WITH|VALUES)\b", re.IGNORECASE)
# What a statement's values hang on, in a session of our own.
_MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
}
_BY_CONDITION = {
    "TABLE_OR_VIEW_NOT_FOUND": "database_no_table",
    "SCHEMA_NOT_FOUND": "database_no_table",
    "CATALOG_NOT_FOUND": "database_no_table",
    "REQUIRES_SINGLE_PART_NAMESPACE": "database_no_table",
    "UNRESOLVED_COLUMN": "database_no_column",
    "FIELD_NOT_FOUND": "database_no_column",
    "INSUFFICIENT_PERMISSIONS": "database_denied",
    "INVALID_HANDLE": "database_lost",
}
_DENIED = re.compile(r"AccessControlException|Permission denied|PERMISSION_DENIED|not authorized", re.IGNORECASE)
_LOST = re.compile(
    r"UNAVAILABLE|ConnectionRefused|Connection refused|Answer from Java side is empty|stopped SparkContext"
)
_LOGIN = re.compile(r"UNAUTHENTICATED|PERMISSION_DENIED|authentication|Invalid token", re.IGNORECASE)


class Access(access.Access):
    """Where a Spark cluster is; a server behind a gateway wants a token, which is the password here.

    >>> Access("sc://spark.example:15002/;token=secret;user_id=ali").label
    'sc://spark.example:15002'
    """

    __slots__ = ()
    HIDDEN = "sc://…"
    VARIABLE = "SPARK_CONNECT_AUTHENTICATE_TOKEN"

    @property
    def label(self) -> str:
        """The address without user, token and options."""
        found = _IN_ADDRESS.fullmatch(self.address)
        return self.HIDDEN if found is None else found[1]

    @property
    def is_in_address(self) -> bool:
        """Whether the address itself has a token."""
        return ";token=" in self.address

    @property
    def is_connect(self) -> bool:
        """Whether a Spark Connect server is asked."""
        return self.address.startswith("sc://")

    def remote(self) -> str:
        """The address as the driver wants it, the token with it."""
        token = self.password()
        if token is None:
            return self.address
        separator = ";" if ";" in self.address else "/;"
        return f"{self.address.rstrip('/;')}{separator}token={token}"


@dataclass(slots=True)
class Link:
    """A session of our own; every statement stands alone, as Spark has no state of the data to keep to.

    ``base`` is a session that is there already (a notebook's): the link's own is made from it.
    """

    dialect: ClassVar[str] = "spark"
    script: ClassVar[Script] = script_spark

    access: Access
    base: Any = field(default=None, repr=False)
    _session: Any = field(default=None, repr=False)
    _late: float = 0.0
    _cancelled: float = 0.0
    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Nothing is held: what is written meanwhile may be seen by the next statement."""
        yield

    def fetch(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[object, ...]]:
        """The rows of ``sql``; of ``values`` those that it names are bound. Several threads may fetch at a time."""
        named = self.script.bound_names(sql) if values else ()
        bound = {name: _written(values[name]) for name in named if name in values} if values else {}
        session = self._open()
        with self._errors(session):
            return [tuple(row) for row in session.sql(self._only_read(sql), args=bound or None).collect()]

    def describe(self, sql: str) -> tuple[tuple[str, str], ...]:
        """The names and Spark's types of the columns of ``sql``."""
        session = self._open()
        with self._errors(session):
            columns = session.sql(self._only_read(sql)).schema.fields
        return tuple((column.name, column.dataType.simpleString()) for column in columns)

    def cancel(self) -> None:
        """Stop the statements that run now, from another thread."""
        self._cancelled = time.monotonic()
        _stop(self._session)

    def close(self) -> None:
        """Leave the session; the next question opens another. A session that was there already goes on."""
        session, self._session = self._session, None
        if session is not None and self.access.is_connect and self.base is None:
            with contextlib.suppress(Exception):  # whatever keeps a server from being told good-bye
                session.stop()

    def _only_read(self, sql: str) -> str:
        """``sql`` where only a query may stand: Spark would carry out anything else at once."""
        if not _READS.match(sql):
            raise QuestionError(Issue("database_writes", {"address": self.access.label, "problem": sql.strip()[:40]}))
        return f"SELECT * FROM (\n{sql}\n) AS asked"

    def _open(self) -> Any:
        with self._opening:
            if self._session is None:
                self._session = self._connect()
            return self._session

    def _connect(self) -> Any:
        is_remote = self.access.is_connect and self.base is None
        remote = self.access.remote() if is_remote else ""
        pyspark = load_driver(connect=is_remote)
        if self.base is None:
            self._reach()
        issue: Issue | None = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the driver warns of what it does not do for us, as of pandas
                made = self._made(pyspark, remote)
                for name, value in _MEANING.items():
                    made.conf.set(name, value)
        except Exception as error:  # the driver raises its own errors, gRPC's, Py4J's and plain ones
            issue = Issue(_why_not(error), {"address": self.access.label})
        if issue is not None:  # raised here, so that the driver's error, which may repeat the address, is not behind it
            raise WorkspaceError(issue)
        return made

    def _made(self, pyspark: Any, remote: str) -> Any:
        if self.base is not None:
            return self.base.newSession()
        if remote:
            return _remote(remote)
        builder = pyspark.sql.SparkSession.builder
        quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
        for name, value in quiet.items():
            builder = builder.config(name, value)
        return builder.master(self.access.address).appName("sanjeh").getOrCreate().newSession()

    def _reach(self) -> None:
        """Knock at the port: the driver itself would try for minutes."""
        host = self.access.label.partition("://")[2].partition(",")[0]
        issue = None
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port or _PORT[self.access.address.partition("://")[0]]
            if self.access.label == self.access.HIDDEN:
                raise ValueError
            socket.create_connection((name, port), timeout=_SECONDS_TO_CONNECT).close()
        except OSError:
            issue = Issue("database_unreachable", {"address": self.access.label})
        except (ValueError, KeyError):
            issue = Issue("bad_address", {"address": self.access.label})
        if issue is not None:
            raise WorkspaceError(issue)

    @contextlib.contextmanager
    def _errors(self, session: Any) -> Iterator[None]:
        began, issue = time.monotonic(), None
        timer = threading.Timer(self.access.timeout_seconds, self._stop_late, (session,))
        timer.daemon = True
        timer.start()
        try:
            yield
        except QuestionError:
            raise
        except Exception as error:  # the driver raises its own errors, gRPC's, Py4J's and plain ones
            issue = self._told(error, began)
        except KeyboardInterrupt:
            _stop(session)
            raise
        finally:
            timer.cancel()
        if issue is not None:
            raise QuestionError(issue) from None

    def _stop_late(self, session: Any) -> None:
        self._late = time.monotonic()
        _stop(session)

    def _told(self, error: Exception, began: float) -> Issue:
        data: dict[str, Datum] = {"address": self.access.label}
        timed = data | {"seconds": f"{self.access.timeout_seconds:g}"}
        if self._late >= began:
            return Issue("database_timeout", timed)
        if self._cancelled >= began:
            return Issue("database_cancelled", timed)
        condition, state = _condition(error)
        text = str(error)
        code = _BY_CONDITION.get(condition.partition(".")[0], "")
        if not code and (state == "42501" or _DENIED.search(text)):
            code = "database_denied"
        if code == "database_lost" or (not condition and _LOST.search(f"{type(error).__name__} {text}")):
            self._session = None
            return Issue("database_lost", data)
        problem = _first_line(text).removeprefix(f"[{condition}] ").partition(" SQLSTATE:")[0][:300]
        return Issue(code or "database_error", data | {"problem": f"{problem} [{state or condition or '?'}]"})


def _first_line(text: str) -> str:
    """What an error says first; where that is only which call of Java failed, what it says next."""
    first, _, rest = text.strip().partition("\n")
    return rest.partition("\n")[0].lstrip(": ") if first.startswith("An error occurred while calling") else first


def _written(value: object) -> object:
    """A bound value; a list as one text, which the spelling splits."""
    if isinstance(value, date):
        return value.isoformat()
    return ",".join(str(item) for item in value) if isinstance(value, list) else value


def _stop(session: Any) -> None:
    if session is not None:
        with contextlib.suppress(Exception):  # what cannot be stopped ends by itself
            session.interruptAll()


def _condition(error: Exception) -> tuple[str, str]:
    """Spark's name of the error and its SQLSTATE, each "" where there is none."""
    found = []
    for name in ("getCondition", "getSqlState"):
        ask = getattr(error, name, None)
        with contextlib.suppress(Exception):  # asked of an error whose session is gone
            found.append(str(ask() or "") if callable(ask) else "")
    return (found[0], found[1]) if len(found) == 2 else ("", "")


def _why_not(error: Exception) -> str:
    """Whether the address cannot be read, the server refused who asked, or nobody answered."""
    condition, text = _condition(error)[0], str(error)
    if condition in ("INVALID_CONNECT_URL", "MALFORMED_CONNECT_URL") or isinstance(error, (ValueError, TypeError)):
        return "bad_address"
    return "database_login" if _LOGIN.search(text) else "database_unreachable"


def _remote(address: str) -> Any:
    """A new session on a Spark Connect server; a lost one is given up after some seconds, not after ten minutes."""
    from pyspark.sql.connect.session import SparkSession

    made = SparkSession.builder.remote(address).create()
    with contextlib.suppress(ImportError, AttributeError):  # an older driver
        from pyspark.sql.connect.client.retries import DefaultPolicy

        made.client.set_retry_policies([DefaultPolicy(max_retries=4)])
    return made


def load_driver(*, connect: bool = False) -> Any:
    """The module pyspark; raises QuestionError (``missing_extra``) where what is needed of it is not installed."""
    try:
        import pyspark.sql
    except ImportError:
        raise QuestionError(Issue("missing_extra", {"package": "pyspark", "extra": "spark"})) from None
    for package in ("grpc", "pandas", "pyarrow") if connect else ():
        if importlib.util.find_spec(package) is None:
            raise QuestionError(Issue("missing_extra", {"package": package, "extra": "spark"}))
    # It would write every error of a query to the terminal, with the trace of Java, and that it gave a server up.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]")
    return pyspark
