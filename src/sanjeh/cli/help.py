"""Help says how a command is written, in the language of the person who asks; its words are the messages ``help.*``."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from importlib import resources
from typing import Any

import typer

from sanjeh.cli.language import spoken_language
from sanjeh.part import load_part

_WIDEST = 100
_NAMES = 30


@cache
def load_help(language: str) -> Mapping[str, str]:
    """The messages of help in ``language``, read alone so that help costs no more than it must."""
    part = resources.files("sanjeh") / "messages" / "parts" / f"help.{language}.toml"
    return {key: text for key, text in tomllib.loads(part.read_text(encoding="utf-8")).items() if "." in key}


def parameter_text(command: str, name: str, language: str) -> str:
    """What help says of the argument or option ``name`` of ``command``; KeyError where it says nothing."""
    texts = load_help(language)
    own = f"help.{command}.{name}"
    return texts[own] if own in texts else texts[f"help.option.{name}"]


def usage_line(context: Any, language: str) -> str:
    """How the command is written; in Persian on a line of its own."""
    command = context.command
    if isinstance(command, typer.core.TyperGroup):
        parts = ["COMMAND ..."]
    else:
        listed = [item for item in command.get_params(context) if item.param_type_name == "argument"]
        parts = [*(_argument(item, is_bare=False) for item in listed), *map(_needed, _options(context)), "[OPTIONS]"]
    written = " ".join(part for part in (context.command_path, *parts) if part)
    # After Persian words a command line would be shown in another order than it is typed.
    return f"{load_help(language)['help.head.usage']}:" + ("\n  " if language == "fa" else " ") + written


def render_help(context: Any, commands: Iterable[str] = ()) -> str:
    """The whole help of the context's command, ``commands`` those that it has."""
    language = spoken_language(sys.argv[1:])
    texts, name = load_help(language), context.command.name
    width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
    lines = [usage_line(context, language), ""]
    for block in texts[f"help.{name}"].split("\n\n"):
        lines += [*_indented(_in_order(block, language), width), ""]
    arguments = [item for item in context.command.get_params(context) if item.param_type_name == "argument"]
    listed = [
        ("arguments", [(_argument(item, is_bare=True), _told(item, name, language)) for item in arguments]),
        ("options", [(_option(item), _told(item, name, language)) for item in _options(context)]),
        ("commands", [(each, texts[f"help.{each}.line"]) for each in commands]),
    ]
    for head, pairs in listed:
        if pairs:
            lines += [f"{texts[f'help.head.{head}']}:", *_pairs(pairs, width), ""]
    text = "\n".join(lines).rstrip()
    return load_part("output").drawn(text) if language == "fa" and sys.stdout.isatty() else text


def _options(context: Any) -> list[Any]:
    return [item for item in context.command.get_params(context) if item.param_type_name == "option"]


def _argument(item: Any, *, is_bare: bool) -> str:
    written = (item.metavar or item.name.upper()) + ("..." if item.nargs != 1 else "")
    return written if item.required or is_bare else f"[{written}]"


def _option(item: Any) -> str:
    return ", ".join(sorted(item.opts, key=len)) + ("" if item.is_flag else f" {item.metavar or item.name.upper()}")


def _needed(item: Any) -> str:
    return f"{item.opts[0]} {item.metavar or item.name.upper()}" if item.required else ""


def _told(item: Any, command: str, language: str) -> str:
    texts = load_help(language)
    parts = [parameter_text(command, item.name, language)]
    if item.required and item.param_type_name == "option":
        parts.append(texts["help.required"])
    value = item.default.value if isinstance(item.default, Enum) else item.default
    if value not in (None, False, "", ()) and not callable(value):
        parts.append(texts["help.default"].format(value=value))
    return _in_order(" ".join(parts), language)


# A run of Latin text within a Persian line, as far as its last letter, digit or closed quote.
_LATIN = re.compile(r"[A-Za-z0-9?-](?:[ !-~]*[A-Za-z0-9'/])?(?:(?<=')\))?")


def _in_order(text: str, language: str) -> str:
    """``text`` with its Latin runs isolated, so that 2024-Q3 is not shown as Q3-2024 beside Persian."""
    return _LATIN.sub(lambda run: f"\u2066{run[0]}\u2069", text) if language == "fa" else text


def _indented(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width - 2, initial_indent="  ", subsequent_indent="  ")


def _pairs(pairs: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Names at the left, what they mean beside them; below them where a name is too long."""
    room = max(len(name) for name, _ in pairs if len(name) <= _NAMES) + 4
    for name, text in pairs:
        first, *rest = textwrap.wrap(text, max(width - room, 20)) or [""]
        if len(name) > room - 4:
            yield f"  {name}"
            yield " " * room + first
        else:
            yield f"  {name}".ljust(room) + first
        yield from (" " * room + line for line in rest)


class Spoken(typer.core.TyperCommand):
    """A command whose help is in the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, laid out here instead of by Typer."""
        formatter.write(render_help(ctx) + "\n")
