"""The pages of the system: error codes, the command line, settings and what the environment may say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from sanjeh.errors import load_messages
from sanjeh.settings import Settings
from tools.reference.markdown import code, join_page, render_table

SETTINGS = {
    "name": "The company's name, shown above boards.",
    "language": "The language of answers: `en` or `fa`.",
    "calendar": "The calendar that cuts time into periods: `gregorian`, `jalali`, `fiscal` or `retail`.",
    "currency": "The currency that amounts are kept in: `IRT` (toman), `IRR` (rial) or an ISO code. "
    "After a change the files must be imported again.",
    "time_zone": "Where a file gives times with a zone, they are brought to this one.",
    "week_start": "The weekday on which a week begins.",
    "weekend": "The weekdays on which nobody works.",
    "holidays": "A country's code; its holidays are taken out of working time. Empty for none.",
    "fiscal_start_month": "The month (1 to 12) in which the fiscal year begins.",
    "fiscal_base": "The calendar that month is of: `jalali` or `gregorian`.",
    "digits": "The digits of answers: `persian` or `latin`; empty for those of the language.",
    "parameters": "A table of [parameters](parameters.md) with the company's own values.",
}
ENVIRONMENT = {
    "SANJEH_WORKSPACE": "The workspace of commands that are given no `-w`.",
    "LC_ALL": "Decides the language outside a workspace: Persian where it begins with `fa`.",
    "LC_MESSAGES": "The same, where `LC_ALL` is empty.",
    "LANG": "The same, where both are empty.",
    "XDG_CACHE_HOME": "The user's cache folder (default `~/.cache`); parsed definitions are kept there between runs.",
}
FOLDERS = (
    ("`sanjeh.toml`", "the settings below"),
    (
        "`sources/*.yaml`",
        "where rows come from, and how columns map onto entities ([map an export](../how-to/map-an-export.md))",
    ),
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


def _plain(sentence: str) -> str:
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
        "## The environment",
        environment,
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value) if value else ""


def build_cli(root: Any) -> str:
    """The page of every command with its arguments and options; ``root`` is the program's tree of commands."""
    commands = [_command(name, command) for name, command in root.commands.items()]
    intro = "Exit codes: 0 good, 1 problems found, 2 wrong use. `sanjeh COMMAND --help` says the same on the screen."
    return join_page("# The command line", intro, *commands)


def _command(name: str, command: Any) -> str:
    parameters = [item for item in command.params if not getattr(item, "hidden", False) and item.name != "help"]
    arguments = [item for item in parameters if item.param_type_name == "argument"]
    usage = " ".join((f"sanjeh {name}", *(_argument(item) for item in arguments), "[OPTIONS]"))
    rows = [_row(item) for item in parameters]
    table = render_table(("option", "value", "default", "meaning"), rows) if rows else ""
    text = "\n\n".join(_paragraphs(command.help or ""))
    return "\n\n".join(filter(None, (f"## sanjeh {name}", f"```text\n{usage}\n```", text, table)))


def _paragraphs(text: str) -> Iterator[str]:
    for block in text.replace("\b", "").replace("\f", "").split("\n\n"):
        yield " ".join(block.split())


def _argument(item: Any) -> str:
    name = (item.metavar or item.name or "").strip("[]").upper() + ("..." if item.nargs == -1 else "")
    return name if item.required else f"[{name}]"


def _row(item: Any) -> tuple[str, str, str, str]:
    names = ", ".join(code(option) for option in (*item.opts, *item.secondary_opts))
    if item.param_type_name == "argument":
        names = code(item.name.upper())
    value = "" if getattr(item, "is_flag", False) else _values(item)
    default = "" if item.default in (None, False, (), [], "") or callable(item.default) else code(item.default)
    return names, value, default, " ".join((getattr(item, "help", "") or "").split())


def _values(item: Any) -> str:
    choices = getattr(item.type, "choices", None)
    if choices:
        return ", ".join(code(getattr(choice, "value", choice)) for choice in choices)
    return str(item.metavar or item.type.name).lower()
