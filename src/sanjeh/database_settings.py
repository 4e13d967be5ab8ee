"""Database settings say how a database that is asked in place is reached: where the password is, how long is waited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

# The engine of each scheme that the address of a database may have.
ENGINE_BY_SCHEME = {
    "postgresql": "postgres",
    "postgres": "postgres",
    "clickhouse": "clickhouse",
    "clickhouses": "clickhouse",
    "chdb": "clickhouse",
    "spark": "spark",
    "sc": "spark",
}
ADDRESS = re.compile(rf"(?:{'|'.join(ENGINE_BY_SCHEME)})://\S+")
_MOST_SECONDS = 86_400


def engine_of(address: str) -> str:
    """The name of the engine that asks the database at ``address``, one that ADDRESS matches.

    >>> engine_of("postgresql://db.example/shop"), engine_of("chdb:///data/shop")
    ('postgres', 'clickhouse')
    """
    return ENGINE_BY_SCHEME[address.partition("://")[0]]


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """The table [database] of sanjeh.toml.

    ``password_env`` names an environment variable that holds the password, ``password_file`` a file (relative to the
    workspace). A statement is stopped after ``timeout_seconds``. An open workspace looks again at what the tables hold
    after ``fresh_seconds``; where a ``version`` is given, not until it is opened anew.
    """

    password_env: str = ""
    password_file: str = ""
    timeout_seconds: float = 60.0
    fresh_seconds: float = 300.0
    version: str = ""


def read_database(value: object) -> tuple[DatabaseSettings, list[tuple[str, str]], list[str]]:
    """The settings in the TOML value, the (key, value) pairs that cannot be, and the keys that nobody knows.

    >>> read_database({"timeout_seconds": 5, "version": 3})[0]
    DatabaseSettings(password_env='', password_file='', timeout_seconds=5.0, fresh_seconds=300.0, version='3')
    """
    if not isinstance(value, Mapping):
        return DatabaseSettings(), [("database", str(value))], []
    known = {item.name: item.default for item in fields(DatabaseSettings)}
    bad: list[tuple[str, str]] = []
    found: dict[str, str | float] = {}
    for key, item in value.items():
        if isinstance(known.get(key), float):
            if isinstance(item, (int, float)) and not isinstance(item, bool) and 0 < item <= _MOST_SECONDS:
                found[key] = float(item)
            else:
                bad.append((f"database.{key}", str(item)))
        elif key in known:
            if isinstance(item, (str, int)) and not isinstance(item, bool):
                found[key] = str(item)
            else:
                bad.append((f"database.{key}", str(item)))
    if found.get("password_env") and found.get("password_file"):
        bad.append(("database.password_file", str(found["password_file"])))
    return DatabaseSettings(**found), bad, [key for key in value if key not in known]  # type: ignore[arg-type]
