"""Stored money is what the amounts of a warehouse are counted in: kept beside them before the first rows come in."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sanjeh.errors import Issue, WorkspaceError
from sanjeh.warehouse import open_snapshot
from sanjeh.warehouse.durable import write_text
from sanjeh.warehouse.shortage import writing

FILE = "money.toml"
_KEYS = ("currency", "time_zone")


def check_money(warehouse: Path, currency: str, zone: str | None = None) -> None:
    """Raises WorkspaceError where the warehouse's rows were stored under another currency, or another time zone.

    Raises:
        WorkspaceError: ``currency_changed``, ``zone_changed`` (where ``zone`` is given).
    """
    stored = _load(warehouse / FILE)
    issues = [
        Issue(code, {"stored": stored[key], "setting": setting})
        for code, key, setting in (("currency_changed", "currency", currency), ("zone_changed", "time_zone", zone))
        if setting is not None and stored.get(key, setting) != setting
    ]
    if issues and _has_rows(warehouse):
        raise WorkspaceError(issues)


def keep_money(warehouse: Path, currency: str, zone: str) -> None:
    """Writes down what the first rows will be stored in; while there are rows, that stays.

    It is written before them: rows without it could be taken for amounts in another currency.

    Raises:
        WorkspaceError: ``warehouse_write_failed``.
    """
    path, wanted = warehouse / FILE, {"currency": currency, "time_zone": zone}
    if path.exists() and (_load(path) == wanted or _has_rows(warehouse)):
        return
    with writing(warehouse):
        warehouse.mkdir(parents=True, exist_ok=True)
        write_text(path, "".join(f'{key} = "{value}"\n' for key, value in wanted.items()))


def _has_rows(warehouse: Path) -> bool:
    return any(entity.rows for entity in open_snapshot(warehouse).entities.values())


def _load(path: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise WorkspaceError(Issue("stored_money_unreadable", {"file": str(path), "problem": str(error)})) from None
    return {key: str(table[key]) for key in _KEYS if key in table}
