"""Settings are what a company says once about itself: name, language, calendar, currency, parameters (sanjeh.toml)."""

from __future__ import annotations

import math
import re
import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sanjeh.calendars import CALENDAR_CODES, Calendar, make_calendar
from sanjeh.database_settings import ADDRESS, DatabaseSettings, read_database
from sanjeh.definitions import Catalogue, Parameter, ParameterValue
from sanjeh.errors import Datum, Issue, Place, WorkspaceError, suggest
from sanjeh.units import find_currency

FILE = "sanjeh.toml"
LANGUAGES = ("en", "fa")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MEMORY = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?([MGT])i?B", re.IGNORECASE)
# With less, DuckDB cannot even start to put rows aside.
_LEAST_MEGABYTES, _MOST_THREADS = 100, 1024


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """The table [engine] of sanjeh.toml: what questions and imports may take of the machine.

    ``memory_limit`` is like "4GB" or empty for what is usual: 2 GB for a question, 800 MB for an import. ``threads`` is
    0 for as many as the machine has. ``spill_folder`` is where what exceeds the memory is put aside: a folder (named
    from the workspace), or empty for one in the warehouse.
    """

    memory_limit: str = ""
    threads: int = 0
    spill_folder: str = ""

    @property
    def megabytes(self) -> int | None:
        """The memory limit in megabytes, or None where it is not set."""
        found = _MEMORY.fullmatch(self.memory_limit)
        return int(float(found[1]) * {"M": 1, "G": 1000, "T": 1_000_000}[found[2].upper()]) if found else None

    def folder_in(self, workspace: Path) -> Path | None:
        """The spill folder of the ``workspace``, or None where it is not set."""
        return workspace / Path(self.spill_folder).expanduser() if self.spill_folder else None


@dataclass(frozen=True, slots=True)
class Settings:
    """One company's settings; ``parameters`` holds only those it chose itself.

    ``week_start`` and ``weekend`` are names of weekdays; ``holidays`` is a country's code (IR) or empty for none;
    ``fiscal_start_month`` is 1 to 12 in the calendar ``fiscal_base``. ``warehouse`` is the address of a database asked
    in place, or empty for the embedded warehouse; it may hold a password, so it is never shown.
    """

    name: str = ""
    language: str = "en"
    calendar: str = "gregorian"
    currency: str = "USD"
    time_zone: str = "UTC"
    week_start: str = "saturday"
    weekend: tuple[str, ...] = ("thursday", "friday")
    holidays: str = ""
    fiscal_start_month: int = 1
    fiscal_base: str = "jalali"
    warehouse: str = field(default="", repr=False)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)

    def make_calendar(self, code: str = "") -> Calendar:
        """The calendar ``code`` (default: the company's) with the company's week and fiscal year."""
        return make_calendar(
            code or self.calendar,
            week_start=WEEKDAYS.index(self.week_start),
            weekend=tuple(WEEKDAYS.index(day) for day in self.weekend),
            fiscal_start_month=self.fiscal_start_month,
            fiscal_base=self.fiscal_base,
        )


def load_settings(folder: Path) -> Settings:
    """The settings in ``folder``; raises WorkspaceError (``not_a_workspace``, ``bad_setting``) with every fault."""
    path = folder / FILE
    if not path.is_file():
        raise WorkspaceError(Issue("not_a_workspace", {"folder": str(folder)}))
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise WorkspaceError(_unreadable(error, path)) from None
    issues: list[Issue] = []
    settings = _read(table, _Text(path, text), issues)
    if issues:
        raise WorkspaceError(issues)
    return settings


@dataclass(frozen=True, slots=True)
class _Text:
    """The file as it is written, to tell where a setting stands."""

    path: Path
    text: str

    def place(self, key: str) -> Place:
        """The place of ``key`` ("language", "parameters.lost_after_days")."""
        name = re.escape(key.rpartition(".")[2])
        found = re.search(rf"^[ \t]*(\[?[ \t]*\"?{name}\"?[ \t]*[=\]])", self.text, re.MULTILINE)
        line = self.text.count("\n", 0, found.start(1)) + 1 if found else None
        return Place(str(self.path), line)


def _unreadable(error: Exception, path: Path) -> Issue:
    place = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
    problem = str(error).replace(place[0], "") if place else str(error)[:200]
    where = Place(str(path), int(place[1]), int(place[2])) if place else Place(str(path))
    return Issue("bad_settings_file", {"problem": problem}, where)


def _read(table: Mapping[str, object], text: _Text, issues: list[Issue]) -> Settings:
    known = {name: getattr(Settings(), name) for name in Settings.__dataclass_fields__}
    values: dict[str, object] = {}
    for key, value in table.items():
        if key not in known:
            close = suggest(key, known)
            issues.append(Issue("unknown_setting", {"key": key}, text.place(key), suggestion=close))
        elif key == "parameters":
            values[key] = _parameters(value, text, issues)
        elif key == "database":
            values[key] = _database(value, text, issues)
        elif key == "engine":
            values[key] = _engine(value, text, issues)
        elif isinstance(known[key], tuple):
            values[key] = tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)
        elif isinstance(value, type(known[key])) and not isinstance(value, bool):
            values[key] = value
        else:
            issues.append(setting_issue(key, str(value), text.place(key)))
    settings = Settings(**values)  # type: ignore[arg-type]
    issues += [setting_issue(key, value, text.place(key)) for key, value in check_settings(settings)]
    return settings


def _database(value: object, text: _Text, issues: list[Issue]) -> DatabaseSettings:
    database, bad, unknown = read_database(value)
    issues += [setting_issue(key, item, text.place(key)) for key, item in bad]
    for key in unknown:
        close = suggest(key, DatabaseSettings.__dataclass_fields__)
        issues.append(Issue("unknown_setting", {"key": f"database.{key}"}, text.place(key), suggestion=close))
    return database


def _engine(value: object, text: _Text, issues: list[Issue]) -> EngineSettings:
    if not isinstance(value, dict):
        issues.append(setting_issue("engine", str(value), text.place("engine")))
        return EngineSettings()
    known = EngineSettings.__dataclass_fields__
    found: dict[str, str | int] = {}
    for key, item in value.items():
        name = f"engine.{key}"
        if key not in known:
            close = suggest(key, known)
            issues.append(Issue("unknown_setting", {"key": name}, text.place(key), suggestion=close))
        elif isinstance(item, bool) or not isinstance(item, int if key == "threads" else str):
            issues.append(setting_issue(name, str(item), text.place(key)))
        else:
            found[key] = item
    return EngineSettings(**found)  # type: ignore[arg-type]


def _parameters(value: object, text: _Text, issues: list[Issue]) -> dict[str, ParameterValue]:
    if not isinstance(value, dict):
        issues.append(setting_issue("parameters", str(value), text.place("parameters")))
        return {}
    chosen: dict[str, ParameterValue] = {}
    for name, item in value.items():
        if isinstance(item, list):
            chosen[name] = tuple(str(part) for part in item)
        elif isinstance(item, (int, float, str)) and not isinstance(item, bool):
            chosen[name] = item
        else:
            issues.append(setting_issue(f"parameters.{name}", str(item), text.place(name)))
    return chosen


# What a setting can be, as its hint says it.
CHOICES = {
    "language": ", ".join(LANGUAGES),
    "calendar": ", ".join(CALENDAR_CODES),
    "currency": "IRT, IRR, USD, EUR, …",
    "time_zone": "Asia/Tehran, Europe/Berlin, UTC, …",
    "week_start": ", ".join(WEEKDAYS),
    "weekend": ", ".join(WEEKDAYS),
    "holidays": "IR, DE, US, …",
    "fiscal_start_month": "1 … 12",
    "fiscal_base": "jalali, gregorian",
    "warehouse": "postgresql://…, clickhouse://…, sc://…",
    "database": "[database]",
    "engine": "[engine]",
    "engine.memory_limit": '"4GB", "800MB", …',
    "engine.threads": "0 (…), 1, 2, …",
    "parameters": "[parameters]",
}


def setting_issue(key: str, value: str, place: Place | None = None) -> Issue:
    """The issue that the setting ``key`` cannot be ``value``, with what it can be."""
    shown = "…" if key == "warehouse" else value  # an address may hold a password
    data: dict[str, Datum] = {"key": key, "value": shown, "choices": CHOICES.get(key, '"…"')}
    return Issue("bad_setting", data, place)


def check_settings(settings: Settings) -> list[tuple[str, str]]:
    """The (key, value) pairs that cannot be."""
    bad: list[tuple[str, str]] = []
    if settings.language not in LANGUAGES:
        bad.append(("language", settings.language))
    if settings.calendar not in CALENDAR_CODES:
        bad.append(("calendar", settings.calendar))
    if not _CURRENCY.fullmatch(settings.currency) or find_currency(settings.currency) is None:
        bad.append(("currency", settings.currency))
    try:
        zoneinfo.ZoneInfo(settings.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        bad.append(("time_zone", settings.time_zone))
    bad += [("week_start", settings.week_start)] if settings.week_start not in WEEKDAYS else []
    bad += [("weekend", day) for day in settings.weekend if day not in WEEKDAYS]
    if not 1 <= settings.fiscal_start_month <= 12:
        bad.append(("fiscal_start_month", str(settings.fiscal_start_month)))
    bad += [("fiscal_base", settings.fiscal_base)] if settings.fiscal_base not in ("jalali", "gregorian") else []
    engine = settings.engine
    if engine.memory_limit and (engine.megabytes or 0) < _LEAST_MEGABYTES:
        bad.append(("engine.memory_limit", engine.memory_limit))
    if not 0 <= engine.threads <= _MOST_THREADS:
        bad.append(("engine.threads", str(engine.threads)))
    bad += [("warehouse", "…")] if settings.warehouse and not ADDRESS.fullmatch(settings.warehouse) else []
    return bad


def check_parameters(settings: Settings, catalogue: Catalogue, path: Path) -> list[Issue]:
    """Chosen parameters that do not exist, are of another kind than the default, or lie outside their bounds."""
    issues = []
    text = _Text(path, path.read_text(encoding="utf-8-sig") if settings.parameters else "")
    for name, value in settings.parameters.items():
        parameter = catalogue.parameters.get(name)
        place = text.place(name)
        if parameter is None:
            data = {"kind": "parameter", "name": name}
            issues.append(Issue("unknown_name", data, place, suggestion=suggest(name, catalogue.parameters)))
            continue
        numbers = isinstance(parameter.default, (int, float)) == isinstance(value, (int, float))
        fits = numbers and isinstance(parameter.default, tuple) == isinstance(value, tuple)
        if fits and isinstance(value, (int, float)):
            low, high = parameter.minimum, parameter.maximum
            fits = (low is None or value >= low) and (high is None or value <= high) and math.isfinite(value)
            fits = fits and (value == int(value) or not _is_counted(parameter))
        if fits and parameter.choices and isinstance(value, str):
            fits = value in parameter.choices
        if not fits:
            issues.append(Issue("bad_parameter", {"name": name, "value": str(value)}, place))
    return issues


def _is_counted(parameter: Parameter) -> bool:
    """Whether the parameter counts days or things, so that a fraction of one means nothing."""
    return parameter.unit == "days" or (parameter.unit == "number" and isinstance(parameter.default, int))


def write_settings(folder: Path, settings: Settings) -> None:
    """Write a new sanjeh.toml with every setting named, so that it can be changed by hand."""
    weekend = ", ".join(f'"{day}"' for day in settings.weekend)
    lines = [
        "# The settings of this workspace; every key may be changed, the data need not be imported again",
        "# (except after a change of currency or time_zone).",
        f"name = {_quoted(settings.name)}",
        f'language = "{settings.language}"  # en, fa',
        f'calendar = "{settings.calendar}"  # gregorian, jalali, fiscal, retail',
        f'currency = "{settings.currency}"  # IRT (toman), IRR (rial) or an ISO code',
        f'time_zone = "{settings.time_zone}"',
        f'week_start = "{settings.week_start}"',
        f"weekend = [{weekend}]",
        f'holidays = "{settings.holidays}"  # a country code such as "IR" takes its holidays out of working time',
        f"fiscal_start_month = {settings.fiscal_start_month}",
        f'fiscal_base = "{settings.fiscal_base}"',
        "",
        "[parameters]",
        "# lost_after_days = 90  # see the reference of parameters",
        "",
    ]
    (folder / FILE).write_text("\n".join(lines), encoding="utf-8")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
