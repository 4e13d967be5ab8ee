"""What is written reaches pipes, full disks and screens of every encoding without a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-m", "sanjeh")


def environment(**own: str) -> dict[str, str]:
    """The surroundings of this process with ``own`` in them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "COLUMNS"))}
    return {**kept, **own}


@pytest.mark.parametrize(
    "own",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
    ],
)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_persian_reaches_a_pipe_as_utf8_in_every_locale(persian_shop: Path, own: dict[str, str], form: str) -> None:
    words = (*COMMAND, "kpis", "--format", form, "-w", str(persian_shop))
    done = subprocess.run(words, capture_output=True, env=environment(**own), check=False, timeout=60)
    assert done.returncode == 0
    assert "درآمد" in done.stdout.decode("utf-8")
    assert done.stderr == b""


def test_a_reader_that_has_enough_is_no_error(shop: Path) -> None:
    words = (*COMMAND, "kpis", "--format", "table", "-w", str(shop))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.wait(60) == 0
        assert running.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_full_disk_is_told(shop: Path, form: str) -> None:
    words = (*COMMAND, "compute", "revenue", "--format", form, "-w", str(shop))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False, timeout=60)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"error: The machine refused")


def test_an_interrupt_ends_quietly(shop: Path, tmp_path: Path) -> None:
    waiting = "import sys, signal, os, sanjeh.workspace as w\n"
    waiting += (
        "w.Workspace.compute = lambda *a, **k: os.kill(os.getpid(), signal.SIGINT) or __import__('time').sleep(9)\n"
    )
    waiting += f"sys.argv = ['sanjeh', 'compute', '-w', {str(shop)!r}]\nfrom sanjeh.cli import run\nrun()\n"
    done = subprocess.run(
        [sys.executable, "-c", waiting], capture_output=True, env=environment(), check=False, timeout=60
    )
    assert done.returncode in (130, -signal.SIGINT)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("columns", ["20", "0", "wide"])
def test_any_width_of_the_screen_will_do(sanjeh, shop: Path, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    said = sanjeh("compute", "revenue", "-w", shop)
    assert said.code == 0
    assert "Revenue" in said.out


def test_nothing_is_coloured_where_nobody_looks(sanjeh, shop: Path) -> None:
    said = sanjeh("compute", "-w", shop)
    assert "\x1b" not in said.out + said.err
