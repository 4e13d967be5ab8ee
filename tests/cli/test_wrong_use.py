"""Wrong use ends in a sentence that says how to mend it, exit code 2 and no traceback, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sanjeh import __version__ as sanjeh_version

COMPUTE = ("compute", "revenue")
WRONG = [
    (("compute", "revnue"), "Did you mean 'revenue'?"),
    (("compute", "revenue.gros"), "Did you mean 'revenue.gross'?"),
    ((*COMPUTE, "--by", "regoin"), "Did you mean 'region'?"),
    ((*COMPUTE, "--by", "product_id"), "product_id"),
    ((*COMPUTE, "--where", "region =="), "--where"),
    ((*COMPUTE, "--where", "import os"), "--where"),
    ((*COMPUTE, "--where", "planet == 'Mars'"), "planet"),
    ((*COMPUTE, "--since", "2024-13"), "'2024-13' is neither a day nor a period of the Gregorian calendar"),
    ((*COMPUTE, "--since", "2024-05", "--until", "2024-01"), "2024-05-01"),
    ((*COMPUTE, "--as-of", "soon"), "'soon' is neither a day nor a period"),
    ((*COMPUTE, "--last", "0"), "--last must be 1 or more"),
    ((*COMPUTE, "--last", "1000000"), "More than 4,000 periods|More than 4000 periods"),
    ((*COMPUTE, "--last", "-2"), "--last must be 1 or more"),
    (("rows", "revenue", "--period", "2024-01", "--most", "-1"), "--most must be 1 or more"),
    (("quarantine", "--most", "-1"), "--most must be 1 or more"),
    (("show", "revenue.net"), "Possible: revenue.gross, "),
    (("explain", "revenue.net"), "Possible: revenue.gross, "),
    (("explain", "revenue", "--by", "nosuch"), "no column 'nosuch'"),
    (("explain", "revenue", "--by", "regoin"), "Did you mean 'region'?"),
    (("rows", "revenue", "--period", "FY2024"), "Add --calendar fiscal."),
    ((*COMPUTE, "--since", "FY2024"), "Add --calendar fiscal."),
    ((*COMPUTE, "--every", "fortnight"), "day, week, month, quarter, year, total"),
    ((*COMPUTE, "--calendar", "lunar"), "gregorian, jalali, fiscal"),
    ((*COMPUTE, "--format", "parquet"), "-o FILE"),
    ((*COMPUTE, "--format", "xlsx"), "-o FILE"),
    ((*COMPUTE, "-o", "no/such/folder/a.csv"), "no/such/folder"),
    ((*COMPUTE, "-o", "no/such/folder/a.xlsx"), "no/such/folder"),
    ((*COMPUTE, "-o", "answer.docx"), ".json, .csv, .parquet, .xlsx"),
    (("rows", "revenue", "--period", "spring"), "'spring'"),
    (("rows", "revnue", "--period", "2024-01"), "Did you mean 'revenue'?"),
    (("explain", "revnue"), "Did you mean 'revenue'?"),
    (("show", "revnue"), "Did you mean 'revenue'?"),
    (("show", "revenue", "--language", "de"), "language"),
    (("compute", "revenue", "--language", "de"), "language"),
    (("kpis", "--pack", "b2"), "Did you mean 'b2"),
    (("kpis", "--perspective", "money"), "financial, "),
    (("import", "a.csv", "--map", "Total"), "COLUMN=FIELD"),
    ((*COMPUTE, "--where", "region = 'a=b'"), """Did you mean '--where "region == 'a=b'"'?"""),
    (("import", "a.csv", "--as", "order"), "Did you mean 'orders'?"),
    (("sources", "--undo", "99"), "99"),
    ((*COMPUTE, "--since", "2030-01"), "Nothing is known from 2030-01-01 on: the data end on 2024-03-01."),
]


@pytest.mark.parametrize(("words", "told"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_wrong_use_is_answered_with_a_sentence(sanjeh, shop: Path, words: tuple[str, ...], told: str) -> None:
    said = sanjeh(*words, "-w", shop)
    assert said.code == 2
    assert any(part in said.err for part in told.split("|"))
    assert said.out == ""


@pytest.mark.parametrize("words", [words for words, _ in WRONG], ids=[" ".join(words) for words, _ in WRONG])
def test_wrong_use_is_answered_in_persian_too(sanjeh, persian_shop: Path, words: tuple[str, ...]) -> None:
    said = sanjeh(*words, "-w", persian_shop)
    assert said.code == 2
    assert said.err.startswith("خطا: ")
    # A sentence without a message would show its code.
    assert not said.err.removeprefix("خطا: ").replace("_", "").strip().isascii()


@pytest.mark.parametrize(
    "words", [("frobnicate",), ("--bogus",), ("rows", "revenue"), ("import",), ("compute", "--last")]
)
def test_words_that_are_no_command_are_wrong_use(sanjeh, words: tuple[str, ...]) -> None:
    said = sanjeh(*words)
    assert said.code == 2
    assert said.err.startswith("error: ")


@pytest.mark.parametrize("words", [("compute",), ("sources",), ("quarantine",), ("check",), ("kpis", "--computable")])
def test_a_command_that_needs_a_workspace_tells_how_to_make_one(
    sanjeh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = sanjeh(*words)
    assert said.code == 2
    assert "sanjeh new DIR" in said.err


def test_a_folder_that_holds_a_workspace_is_not_made_one_again(sanjeh, shop: Path) -> None:
    before = (shop / "sanjeh.toml").read_bytes()
    assert sanjeh("new", shop).code == 2
    assert sanjeh("demo", shop).code == 2
    assert (shop / "sanjeh.toml").read_bytes() == before


def test_settings_that_cannot_be_are_all_told_with_what_can(sanjeh, tmp_path: Path) -> None:
    wrong = ("--calendar", "lunar", "--language", "de", "--time-zone", "Mars/Olympus")
    said = sanjeh("new", tmp_path / "x", *wrong)
    assert said.code == 2
    assert len(said.err.splitlines()) == 3
    assert "gregorian, jalali, fiscal, retail" in said.err
    assert not (tmp_path / "x").exists()


def test_a_settings_file_that_is_no_toml_is_told_with_its_line(sanjeh, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "sanjeh.toml").write_text('name = "x"\nlanguage = \n', encoding="utf-8")
    said = sanjeh("compute", "-w", tmp_path)
    assert said.code == 2
    assert "sanjeh.toml:2" in said.err


def test_a_damaged_warehouse_is_told_and_left_alone(sanjeh, shop: Path, tmp_path: Path) -> None:
    shutil.copytree(shop, tmp_path / "copy")
    (tmp_path / "copy" / "warehouse" / "CURRENT").write_text("garbage", encoding="utf-8")
    said = sanjeh("compute", "revenue", "-w", tmp_path / "copy")
    assert said.code == 2
    assert "CURRENT" in said.err


def test_an_error_that_nobody_foresaw_is_one_sentence(sanjeh, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanjeh.workspace.Workspace.compute", lambda *_, **__: 1 / 0)
    said = sanjeh("compute", "revenue", "-w", shop)
    assert said.code == 1
    assert "ZeroDivisionError" in said.err
    assert len(said.err.splitlines()) == 1


def test_a_workspace_needs_a_name(sanjeh, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("new", "demo"):
        for name in ("", " "):
            said = sanjeh(command, name)
            assert (said.code, said.out) == (2, "")
            assert "has no name" in said.err
    assert list(tmp_path.iterdir()) == []
    assert f"A new workspace stands in {tmp_path}." in sanjeh("new", ".").err


def test_the_version_is_told(sanjeh) -> None:
    said = sanjeh("--version")
    assert (said.code, said.out) == (0, f"sanjeh {sanjeh_version}\n")
