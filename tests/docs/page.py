"""A page is a document whose blocks can be carried out: files it gives, commands it shows, Python it runs.

A fence's first word says what the block is: ``console`` holds ``$ command`` lines, each followed by what it prints
(``...`` stands for anything; nothing is compared where nothing follows) and, where it is not 0, first by its exit code
as ``# exit 1``; ``file=NAME`` after the first word makes the block a file; ``python run`` is run. All of one page
happens in one folder, in the order of the page. A plain ``sanjeh`` command may be answered within this process, which
spares its start; everything else, and all of it when asked for, goes to a shell as a reader would type it.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from sanjeh.cli import run

FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```\s*$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"^# exit (\d)$")
SAME = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
ENDLESS = 120
# What a shell reads as more than the words of one command.
SHELL = re.compile(r"[|<>&;$*?`~]")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: what it is, its text and the line it begins on."""

    info: str
    body: str
    line: int

    @property
    def file(self) -> str | None:
        """The name of the file that the block gives."""
        found = re.search(r"\bfile=(\S+)", self.info)
        return found[1] if found else None

    @property
    def kind(self) -> str:
        """The first word of the fence."""
        return self.info.split()[0] if self.info.split() else ""

    @property
    def runs(self) -> bool:
        """Whether something is to be carried out."""
        return self.file is not None or self.kind == "console" or self.info == "python run"


def read_blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [
        Block(found["info"].strip(), found["body"], text[: found.start()].count("\n") + 1)
        for found in FENCE.finditer(text)
    ]


def split_console(body: str) -> Iterator[tuple[str, int, str]]:
    """Each command of a console block with its exit code and what it should print."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        lines = part.replace("\\\n", " ").splitlines()
        found = EXIT.match(lines[1]) if len(lines) > 1 else None
        yield lines[0], int(found[1]) if found else 0, "\n".join(lines[2 if found else 1 :]).strip()


def run_page(text: str, folder: Path, cache: Path, *, in_shell: bool = False) -> None:
    """Carry out the page in ``folder``; raises AssertionError at the first thing that is not as the page says."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "110",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": str(cache),
    }
    for block in read_blocks(text):
        if block.file is not None:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.kind == "console":
            for command, code, expected in split_console(block.body):
                is_plain = command.startswith("sanjeh ") and not SHELL.search(command)
                answer = _start if in_shell or not is_plain else _call
                words = shlex.split(command) if answer is _call else ["bash", "-c", command]
                found = answer(words, folder, environment)
                _check(f"line {block.line}: {command}", found, (code, expected))
        elif block.info == "python run":
            found = _start([sys.executable, "-c", block.body], folder, environment)
            _check(f"line {block.line}: {block.body}", found, (0, ""))


def _call(words: list[str], folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit code of ``sanjeh`` with these words, answered here, and what it says on both streams."""
    said = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        pytest.raises(SystemExit) as done,
    ):
        patch.chdir(folder)
        patch.setattr(sys, "argv", words)
        patch.setattr(sys, "stdin", io.StringIO())
        for name, value in environment.items():
            patch.setenv(name, value)
        run()
    return int(done.value.code or 0), said.getvalue()


def _start(words: list[str], folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit code of a program, and what it says on both streams."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=ENDLESS,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout


def _check(what: str, found: tuple[int, str], wanted: tuple[int, str]) -> None:
    told = f"{what}\n{found[1]}"
    assert found[0] == wanted[0], f"exit code {found[0]}, not {wanted[0]}; {told}"
    says = not wanted[1] or doctest.OutputChecker().check_output(f"{wanted[1]}\n", found[1], SAME)
    assert says, f"{told}\nthe page says:\n{wanted[1]}"
