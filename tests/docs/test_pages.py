"""What the documents say is so: their commands run, their links lead somewhere, the reference is what the code says."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from tests.docs.page import FENCE, read_blocks, run_page, split_console
from tools.reference import PAGES
from tools.reference.system import SETTINGS

from sanjeh.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def documents() -> list[Path]:
    """Every page written for people."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(path: Path) -> str:
    """The page's path within the repository."""
    return path.relative_to(ROOT).as_posix()


def runnable() -> list[Path]:
    """The pages on which something is to be carried out."""
    return [path for path in documents() if any(block.runs for block in read_blocks(path.read_text(encoding="utf-8")))]


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache of parsed definitions for all pages."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("path", runnable(), ids=name_of)
def test_everything_on_the_page_runs_as_it_says(path: Path, tmp_path: Path, cache_folder: Path) -> None:
    is_first = path.name.startswith("README")
    run_page(path.read_text(encoding="utf-8"), tmp_path, cache_folder, in_shell=is_first)


@pytest.mark.heavy
@pytest.mark.parametrize("path", runnable(), ids=name_of)
def test_everything_on_the_page_runs_in_a_shell_as_it_says(path: Path, tmp_path: Path, cache_folder: Path) -> None:
    run_page(path.read_text(encoding="utf-8"), tmp_path, cache_folder, in_shell=True)


def test_the_tutorials_and_how_tos_are_all_carried_out() -> None:
    told = [path for path in documents() if path.parent.name in {"tutorial", "how-to"}]
    assert len(told) >= 6
    assert [name_of(path) for path in told if path not in runnable()] == []


@cache
def anchors(path: Path) -> frozenset[str]:
    """What a link may name within a page: its headings as GitHub names them, and explicit anchors."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    names = [re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings]
    return frozenset((*names, *re.findall(r'<a id="([^"]+)">', text)))


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    for link in LINK.findall(re.sub(r"`[^`]*`", "", text)):
        file, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", file):
            continue
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or target.suffix != ".md" or anchor in anchors(target), f"{link} has no such place"


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_a_page_can_be_reached_from_the_first_one(path: Path) -> None:
    reached = {ROOT / "README.md", ROOT / "README.fa.md"}
    todo = list(reached)
    while todo:
        page = todo.pop()
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.is_file() and target not in reached:
                reached.add(target)
                todo.append(target)
    assert path in reached


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_what_the_code_says(name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"run `make reference`: {name} is out of date"


def test_the_reference_has_no_generated_page_that_nothing_writes() -> None:
    generated = {path.name for path in REFERENCE.glob("*.md") if "make reference" in path.read_text(encoding="utf-8")}
    assert generated == {name for name in PAGES if name.endswith(".md")}


def test_every_setting_is_explained_and_nothing_else() -> None:
    assert set(SETTINGS) == {field.name for field in fields(Settings)}


def test_a_console_block_is_split_into_commands_with_what_they_print() -> None:
    body = "$ echo a\na\n$ false\n# exit 1\n$ echo b \\\n  c\n"
    assert list(split_console(body)) == [("echo a", 0, "a"), ("false", 1, ""), ("echo b    c", 0, "")]


@pytest.mark.parametrize("command", ["echo 1", "sanjeh -h", "sanjeh -h && true"])
def test_a_page_that_says_what_is_not_so_fails(command: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="the page says"):
        run_page(f"```console\n$ {command}\n2\n```\n", tmp_path, tmp_path)


@pytest.mark.parametrize(("command", "code"), [("exit 3", 3), ("sanjeh nonsense", 2), ("sanjeh nonsense; exit 3", 3)])
def test_a_page_whose_command_fails_fails(command: str, code: int, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=f"exit code {code}"):
        run_page(f"```console\n$ {command}\n```\n", tmp_path, tmp_path)


def test_a_command_answered_here_leaves_the_surroundings_as_they_were(tmp_path: Path) -> None:
    before = (Path.cwd(), dict(os.environ), sys.argv, sys.stdin)
    run_page("```console\n$ sanjeh new shop --language en\n```\n", tmp_path, tmp_path / "cache")
    assert (tmp_path / "shop" / "sanjeh.toml").is_file()
    assert (Path.cwd(), dict(os.environ), sys.argv, sys.stdin) == before


def test_a_page_gives_files_to_its_commands(tmp_path: Path) -> None:
    run_page("```csv file=in/a.csv\nx\n1\n```\n\n```console\n$ cat in/a.csv\nx\n1\n```\n", tmp_path, tmp_path)
