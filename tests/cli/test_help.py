"""Help and usage errors are in the reader's language, for every command and every option."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from sanjeh.cli.app import COMMANDS, app
from sanjeh.cli.help import load_help, parameter_text
from sanjeh.cli.language import user_language

PERSIAN = re.compile("[آ-ی]")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_a_text_in_both_languages(name: str) -> None:
    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="sanjeh")
    command = group.get_command(context, name)
    for language in ("en", "fa"):
        texts = [load_help(language)[f"help.{name}"], load_help(language)[f"help.{name}.line"]]
        texts += [parameter_text(name, item.name, language) for item in command.get_params(context)]
        assert all(bool(PERSIAN.search(text)) == (language == "fa") for text in texts)


def test_no_text_of_help_is_of_a_command_or_option_that_there_is_not() -> None:
    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="sanjeh")
    known = {"help.sanjeh", "help.sanjeh.version", "help.default", "help.required"}
    known |= {f"help.head.{name}" for name in ("usage", "arguments", "options", "commands")}
    shared = set()
    for name in COMMANDS:
        params = [item.name for item in group.get_command(context, name).get_params(context)]
        known |= {f"help.{name}", f"help.{name}.line", *(f"help.{name}.{item}" for item in params)}
        shared |= {f"help.option.{item}" for item in params}
    assert set(load_help("en")) - known - shared == set()
    assert set(load_help("en")) == set(load_help("fa"))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_in_the_language_named_and_shows_every_option(sanjeh, name: str) -> None:
    english, persian = sanjeh(name, "--help"), sanjeh(name, "--language", "fa", "--help")
    assert english.code == persian.code == 0
    assert not PERSIAN.search(english.out)
    assert english.out.startswith(f"Usage: sanjeh {name}")
    assert persian.out.startswith(f"شیوهٔ نوشتن:\n  sanjeh {name}")
    options = re.findall(r"--[a-z-]+", english.out)
    assert set(options) == set(re.findall(r"--[a-z-]+", persian.out))
    for heading in ("Options", "Arguments", "default:", "required", "Show this message"):
        assert heading not in persian.out


def test_the_list_of_commands_is_in_the_language_of_the_machine(sanjeh, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Compute KPIs over periods." in sanjeh("--help").out
    monkeypatch.setenv("LANG", "fa_IR.UTF-8")
    assert "محاسبهٔ شاخص‌ها در دوره‌ها." in sanjeh("--help").out
    assert "محاسبهٔ شاخص‌ها در دوره‌ها." in sanjeh().err
    assert "Compute KPIs over periods." in sanjeh("--language", "en", "--help").out


def test_help_speaks_the_language_of_the_workspace(sanjeh, persian_shop: Path, shop: Path, monkeypatch) -> None:
    assert PERSIAN.search(sanjeh("rows", "-w", persian_shop, "--help").out)
    monkeypatch.chdir(persian_shop)
    assert PERSIAN.search(sanjeh("--help").out)
    monkeypatch.setenv("SANJEH_WORKSPACE", str(shop))
    assert not PERSIAN.search(sanjeh("--help").out)


@pytest.mark.parametrize(
    ("variable", "value", "language"),
    [("LANGUAGE", "fa:en", "fa"), ("LC_ALL", "fa_IR", "fa"), ("LANG", "fa", "fa"), ("LANG", "de_DE", "en")],
)
def test_the_machine_tells_its_language_by_its_locale(sanjeh, monkeypatch, variable, value, language) -> None:
    monkeypatch.setenv(variable, value)
    assert user_language() == language


def test_latin_words_keep_their_order_within_persian_help(sanjeh) -> None:
    text = sanjeh("--language", "fa", "rows", "--help").out
    assert "مانند \u20661403-05\u2069 یا \u20662024-Q3\u2069." in text


USAGE = [
    (("rows",), "argument KPI is missing", "ورودی KPI"),
    (("rows", "revenue"), "option --period is missing", "گزینهٔ --period"),
    (("rows", "--period"), "option --period needs a value", "گزینهٔ --period مقدار"),
    (("compute", "--variants=3"), "takes no value", "مقدار نمی‌گیرد"),
    (("compute", "--evry", "year"), "Did you mean '--every'?", "منظورتان «--every» بود؟"),
    (("comput",), "Did you mean 'compute'?", "منظورتان «compute» بود؟"),
    (("compute", "--last", "x"), "--last needs a whole number, not 'x'", "عدد صحیح"),
    (("kpis", "--format", "tabel"), "Did you mean 'table'?", "منظورتان «table» بود؟"),
    (("kpis", "--format", "x"), "Possible: table, json, csv.", "گزینه‌ها: table, json, csv."),
    (("show", "a", "b c"), "Too much was given: b c", "بیش از اندازه"),
    (("--frob",), "no option --frob", "گزینه‌ای با نام --frob"),
]


@pytest.mark.parametrize(("words", "english", "persian"), USAGE, ids=[" ".join(words) for words, _, _ in USAGE])
def test_a_usage_error_is_a_sentence_in_either_language(sanjeh, monkeypatch, tmp_path, words, english, persian) -> None:
    monkeypatch.chdir(tmp_path)
    said = sanjeh(*words)
    assert said.code == 2
    assert said.err.startswith("error: ")
    assert english in said.err
    monkeypatch.setenv("LANG", "fa_IR.UTF-8")
    said = sanjeh(*words)
    assert said.code == 2
    assert said.err.startswith("خطا: ")
    assert persian in said.err
    assert "Usage" not in said.err


def test_an_address_of_a_database_names_the_extra_that_it_needs(sanjeh, shop: Path, monkeypatch) -> None:
    monkeypatch.setattr("sanjeh.cli.data.importlib.util.find_spec", lambda name: None)
    said = sanjeh("import", "postgresql://localhost/x?table=y", "-w", shop)
    assert said.code == 2
    assert 'pip install "sanjeh[postgres]"' in said.err
