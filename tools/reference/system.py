"""The pages of the system: error codes, the command line, settings and what the environment may say."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

from sanjeh.cli.app import Command
from sanjeh.cli.help import load_help, parameter_text
from sanjeh.database_settings import DatabaseSettings
from sanjeh.errors import load_messages
from sanjeh.part import load_part
from sanjeh.settings import EngineSettings, Settings
from tools.reference.markdown import code, codes, join_page, render_table

SETTINGS = {
    "name": "The company's name, shown above boards.",
    "language": "The language of answers: `en` or `fa`.",
    "calendar": "The calendar that cuts time into periods: `gregorian`, `jalali`, `fiscal` or `retail`.",
    "currency": "The currency that amounts are kept in: `IRT` (toman), `IRR` (rial) or an ISO code. "
    "After a change the files must be imported again.",
    "time_zone": "Where a file gives times with a zone, they are brought to this one at import. "
    "After a change the files must be imported again.",
    "week_start": "The weekday on which a week begins.",
    "weekend": "The weekdays on which nobody works.",
    "holidays": "A country's code; its holidays are taken out of working time. Empty for none.",
    "fiscal_start_month": "The month (1 to 12) in which the fiscal year begins.",
    "fiscal_base": "The calendar that month is of: `jalali` or `gregorian`.",
    "warehouse": "The address of a database that is asked in place: `postgresql://user@host:5432/name`, "
    "`clickhouse://user@host:8123/name` (`clickhouses://` over TLS, `chdb:///folder`), `sc://host:15002` or "
    "`spark://host:7077`. Empty for imported files, kept in the workspace (how: [PostgreSQL](../how-to/postgresql.md), "
    "[ClickHouse](../how-to/clickhouse.md), [Spark](../how-to/spark.md)).",
    "database": "A table of settings for that database, see below.",
    "engine": "A table of what the embedded engine may take of the machine, see below.",
    "parameters": "A table of [parameters](parameters.md) with the company's own values.",
}
DATABASE = {
    "password_env": "The environment variable that holds the password.",
    "password_file": "A file, named from the workspace, with nothing but the password.",
    "timeout_seconds": "A statement that takes longer is stopped by the server.",
    "fresh_seconds": "A program that stays open looks again after so long which columns have values, and from when to "
    "when; its answers are kept as long.",
    "version": "Where it is given, an open program keeps what it knows whatever time passes: for data that change "
    "once a night.",
}
ENGINE = {
    "memory_limit": "The memory that a question or an import may take, like `4GB`. Empty for 2 GB and 800 MB.",
    "threads": "How many threads it may use; 0 for as many as the machine has.",
    "spill_folder": "The folder, named from the workspace, for what exceeds the memory. Empty for one in the warehouse "
    "([how](../how-to/large.md)).",
}
ENVIRONMENT = {
    "SANJEH_WORKSPACE": "The workspace of commands that are given no `-w`.",
    "SANJEH_DEBUG": "Where it is set, a fault of the program itself shows its whole traceback.",
    "SANJEH_BIDI": "How right-to-left text reaches the terminal: `visual` turns it for terminals that do not, "
    "`logical` leaves that to them. Without it Sanjeh goes by what the terminal says of itself.",
    "LANGUAGE": "Decides the language outside a workspace: Persian where it begins with `fa`.",
    "LC_ALL": "The same, where `LANGUAGE` is empty.",
    "LC_MESSAGES": "The same, where these are empty.",
    "LANG": "The same, where all of them are empty.",
    "PGPASSWORD": "The password of a PostgreSQL database, where neither setting nor address has one.",
    "PGPASSFILE": "The file of passwords that PostgreSQL's own programs read (default `~/.pgpass`).",
    "CLICKHOUSE_PASSWORD": "The password of a ClickHouse server, where neither setting nor address has one.",
    "SPARK_CONNECT_AUTHENTICATE_TOKEN": "The token of a Spark cluster, where neither setting nor address has one.",
    "XDG_CACHE_HOME": "The user's cache folder (default `~/.cache`); parsed definitions are kept there between runs.",
}
FOLDERS = (
    ("`sanjeh.toml`", "the settings below"),
    (
        "`sources/*.yaml`",
        "where rows come from, and how columns map onto entities ([map an export](../how-to/map-an-export.md))",
    ),
    ("`sources/tables/*.yaml`", "which tables of a database stand for which entities ([how](../how-to/postgresql.md))"),
    ("`kpis/*.yaml`", "own KPIs and measures, and overrides of standard ones ([own KPI](../how-to/own-kpi.md))"),
    ("`warehouse/`", "the rows themselves: immutable segments and a manifest; delete it and import again at will"),
)


def build_errors() -> str:
    """The page of every code: its sentence and its remedy in both languages."""
    intro = (
        "Every error, warning and note has a code. The sentence is the same in Python, on the screen and in JSON; "
        "`{name}` stands for what the case at hand puts there."
    )
    (english, hints), (persian, persian_hints) = load_messages("en"), load_messages("fa")
    blocks = [
        "\n\n".join(
            filter(
                None,
                (
                    f"## `{name}`",
                    f"{_plain(english[name])} {_remedy(hints, name)}".rstrip(),
                    f'<div dir="rtl">\n\n{_plain(persian[name])} {_remedy(persian_hints, name)}'.rstrip()
                    + "\n\n</div>",
                ),
            )
        )
        for name in sorted(english)
        if "." not in name and name != "did_you_mean"
    ]
    return join_page("# Errors", intro, *blocks)


# A slot that says one word of one and another of many is shown with the word of many.
_ONE_OR_MANY = re.compile(r"\{\w+\|[^|{}]*\|([^|{}]*)\}")


def _plain(sentence: str) -> str:
    sentence = _ONE_OR_MANY.sub(r"\1", sentence)
    return sentence.replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")


def _remedy(hints: Any, name: str) -> str:
    return f"*{_plain(hints[name])}*" if name in hints else ""


def build_configuration() -> str:
    """The page of a workspace's files and settings, and of the environment."""
    defaults = Settings()
    settings = render_table(
        ("key", "default", "meaning"),
        (
            (code(field.name), code(_shown(getattr(defaults, field.name))), SETTINGS[field.name])
            for field in dataclasses.fields(Settings)
        ),
    )
    environment = render_table(("variable", "meaning"), ((code(name), text) for name, text in ENVIRONMENT.items()))
    return join_page(
        "# Configuration",
        "A workspace is a folder that holds one company. All that people decide is in text files that can be read, "
        "compared and kept in version control.",
        render_table(("file", "what it says"), FOLDERS),
        "## sanjeh.toml",
        settings,
        "### [database]",
        "The password is taken from the first of these that has one: `password_env` or `password_file`, the address, "
        "`PGPASSWORD`, the keyring (where the package keyring is installed; the service is the address without user), "
        "`PGPASSFILE`. It is never shown, logged or kept.",
        render_table(("key", "default", "meaning"), _database_rows()),
        "### [engine]",
        render_table(("key", "default", "meaning"), _engine_rows()),
        "## The environment",
        environment,
    )


def _database_rows() -> Iterator[tuple[str, str, str]]:
    for field in dataclasses.fields(DatabaseSettings):
        yield code(field.name), code(_shown(field.default)), DATABASE[field.name]


def _engine_rows() -> Iterator[tuple[str, str, str]]:
    for field in dataclasses.fields(EngineSettings):
        yield code(field.name), code(_shown(field.default)), ENGINE[field.name]


def _shown(value: object) -> str:
    if dataclasses.is_dataclass(value):
        return ""
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value) if value else ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument or option of a command, as its function declares it."""

    name: str
    kind: Any
    told: ArgumentInfo | OptionInfo
    default: object

    @property
    def is_argument(self) -> bool:
        """Whether it has no name on the command line."""
        return isinstance(self.told, ArgumentInfo)

    @property
    def is_required(self) -> bool:
        """Whether the command cannot do without it."""
        return self.default is inspect.Parameter.empty

    @property
    def is_many(self) -> bool:
        """Whether it may be given several times."""
        return any(get_origin(part) is list for part in (self.kind, *get_args(self.kind)))

    @property
    def names(self) -> str:
        """How it is written."""
        if self.is_argument:
            return code(self.told.metavar or self.name.upper())
        return codes(self.told.param_decls or (f"--{self.name.replace('_', '-')}",))

    @property
    def choices(self) -> str:
        """The values that it may have, where they are listed."""
        kinds = [
            part for part in (self.kind, *get_args(self.kind)) if isinstance(part, type) and issubclass(part, Enum)
        ]
        listed = codes(item.value for item in kinds[0]) if kinds else ""
        return listed or ("" if self.kind is bool else "any number of them" if self.is_many else "one")

    @property
    def shown_default(self) -> str:
        """The default, where there is one to speak of."""
        value = self.default.value if isinstance(self.default, Enum) else self.default
        return "" if self.is_required or value in (None, False, "", ()) else code(value)


def read_parameters(function: Callable[..., object]) -> Iterator[Parameter]:
    """The parameters of a command's function, in order."""
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        kind, told = get_args(hints[name])[:2]
        yield Parameter(name, kind, told, parameter.default)


def build_cli(table: Mapping[str, Command]) -> str:
    """The page of every command of ``table`` with its arguments and options."""
    commands = [_command(name, getattr(load_part(item.part), item.function)) for name, item in table.items()]
    intro = "Exit codes: 0 good, 1 problems found, 2 wrong use. `sanjeh COMMAND --help` says the same on the screen."
    return join_page("# The command line", intro, *commands)


def _command(name: str, function: Callable[..., object]) -> str:
    parameters = list(read_parameters(function))
    usage = " ".join((f"sanjeh {name}", *(_argument(item) for item in parameters if item.is_argument), "[OPTIONS]"))
    heads = ("argument or option", "values", "default", "meaning")
    rows = [
        (item.names, item.choices, item.shown_default, parameter_text(name, item.name, "en")) for item in parameters
    ]
    text = load_help("en")[f"help.{name}"]
    return "\n\n".join((f"## sanjeh {name}", f"```text\n{usage}\n```", text, render_table(heads, rows)))


def _argument(item: Parameter) -> str:
    name = str(item.told.metavar or item.name.upper()) + ("..." if item.is_many else "")
    return name if item.is_required else f"[{name}]"
