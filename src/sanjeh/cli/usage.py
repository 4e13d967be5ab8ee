"""A usage error is a command line that cannot be read; it becomes an issue, so that it is told in either language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import typer

from sanjeh.cli.language import given_option
from sanjeh.errors import Datum, Issue, suggest

# What Typer raises; it names the more particular ones nowhere that is public.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def usage_issue(error: Any, arguments: Sequence[str]) -> Issue:
    """The issue that tells what is wrong with the ``arguments`` over which Typer raised ``error``."""
    command = error.ctx.command_path if getattr(error, "ctx", None) else "sanjeh"
    data: dict[str, Datum] = {"command": command}
    match type(error).__name__:
        case "MissingParameter" if error.param is not None:
            return Issue(f"usage_missing_{error.param.param_type_name}", data | {"name": _name(error.param)})
        case "NoSuchOption":
            near = error.possibilities or ()
            known = (
                [name for item in error.ctx.command.get_params(error.ctx) for name in item.opts] if error.ctx else []
            )
            close = suggest(error.option_name, [*near, *known])
            return Issue("usage_unknown_option", data | {"name": error.option_name}, suggestion=close)
        case "BadOptionUsage":
            code = "usage_takes_no_value" if "not take" in error.message else "usage_no_value"
            return Issue(code, data | {"name": error.option_name, "command": _command(command, arguments)})
        case "BadParameter" if error.param is not None:
            return _bad_value(error.param, data, arguments)
    extra = re.search(r"extra argument\S* \((.*)\)", error.message)
    return Issue("usage_too_many", data | {"words": extra[1]}) if extra else Issue("usage_wrong", data)


def _command(path: str, arguments: Sequence[str]) -> str:
    """The command with its name, where the error was raised before the parser told of it."""
    name = next((word for word in arguments if not word.startswith("-")), "")
    return path if " " in path or not name else f"{path} {name}"


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    return str(parameter.opts[0])


def _bad_value(parameter: Any, data: dict[str, Datum], arguments: Sequence[str]) -> Issue:
    value = given_option(arguments, *parameter.opts)
    data = data | {"name": _name(parameter), "value": value}
    if parameter.metavar == "N":
        return Issue("usage_not_whole", data)
    choices = str(parameter.metavar or "").split("|")
    if len(choices) < 2:
        return Issue("usage_wrong", data)
    return Issue("usage_bad_value", data | {"choices": ", ".join(choices)}, suggestion=suggest(value, choices))
