"""A long question shows how far it is, on a terminal alone, and Ctrl-C ends it with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sanjeh.cli import progress
from sanjeh.cli.progress import Line, follow, progress_text, watch
from sanjeh.errors import CancelledError
from sanjeh.workspace import open_workspace

pty = pytest.importorskip("pty", reason="needs a terminal")

# Each statement of a question begins with one that takes hours.
SLOW = """
import sys
from sanjeh.engines import load_engine
engine = load_engine("duckdb")
fetch = engine.DuckDB._fetch
def slow(self, query):
    self._execute("SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7")
    return fetch(self, query)
engine.DuckDB._fetch = slow
from sanjeh.cli import run
sys.argv = ["sanjeh", *sys.argv[1:]]
run()
"""


def run_on_terminal(*words: str, until: str) -> tuple[int, str, float]:
    """The exit code of the slow command, what the terminal showed, and the seconds from Ctrl-C to its end.

    Ctrl-C is pressed as soon as ``until`` is shown.
    """
    reader, writer = pty.openpty()
    command = [sys.executable, "-c", SLOW, *words]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "SANJEH_BIDI": "logical"}
    process = subprocess.Popen(
        command, stdin=writer, stdout=writer, stderr=writer, env=environment, start_new_session=True
    )
    os.close(writer)
    shown, pressed = b"", 0.0
    # A command that does not end must not outlive the test.
    stop = threading.Timer(120, process.kill)
    stop.start()
    try:
        while True:
            try:
                block = os.read(reader, 4096)
            except OSError:
                break
            if not block:
                break
            shown += block
            if not pressed and until in shown.decode(errors="ignore"):
                process.send_signal(2)
                pressed = time.monotonic()
        code = process.wait(60)
    finally:
        stop.cancel()
        process.kill()
    os.close(reader)
    return code, shown.decode(), time.monotonic() - pressed


@pytest.mark.parametrize(
    ("language", "working", "ended"),
    [
        ("en", "Computing", "error: The question was ended before it was answered."),
        ("fa", "در حال محاسبه", "خطا: پرسش پیش از آنکه پاسخ بگیرد متوقف شد."),
    ],
)
def test_ctrl_c_ends_a_long_question_with_a_sentence(shop: Path, language: str, working: str, ended: str) -> None:
    code, shown, seconds = run_on_terminal("compute", "revenue", "-w", str(shop), "--language", language, until=working)
    assert (code, ended in shown, "Traceback" in shown) == (130, True, False), shown
    assert seconds < 20
    # The line is wiped before anything else is written.
    assert shown.replace("^C", "").partition(ended)[0].endswith("\x1b[K")


def test_nothing_is_shown_where_nobody_looks(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with follow(open_workspace(shop)) as tell:
        assert tell is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_an_import_that_is_ended_says_so(error: BaseException) -> None:
    with pytest.raises(CancelledError) as ended, watch():
        raise error
    assert ended.value.code == "import_cancelled"
    with pytest.raises(RuntimeError, match="something else"), watch():
        raise RuntimeError("something else")


def test_a_short_question_shows_nothing_and_a_long_one_its_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    line = Line("en")
    now[0] += 1.0
    line.tell(0.5, 0.9)  # it will be done before two seconds have passed
    line.tell(0.0, None)
    assert capsys.readouterr().err == ""
    line.tell(0.25, 3.0)
    now[0] += 5
    line.tell(0.5, 200.0)
    line.clear()
    shown = capsys.readouterr().err
    assert shown.split("\r")[1:] == [
        "Computing: 25 %, about 3 s left\x1b[K",
        "Computing: 50 %, about 3 min left\x1b[K",
        "\x1b[K",
    ]


def test_persian_progress_is_in_persian_digits() -> None:
    assert progress_text(0.42, 12.0, "fa") == "در حال محاسبه: ۴۲٪، حدود ۱۲ ثانیه مانده"


def test_the_answer_is_written_without_it(shop: Path) -> None:
    """JSON and CSV on a terminal are the answer alone."""
    code, shown, _ = run_fast("compute", "revenue", "-w", str(shop), "--format", "csv")
    assert code == 0 and "Computing" not in shown and shown.startswith("kpi,")


def run_fast(*words: str) -> tuple[int, str, str]:
    """The exit code of a command, and what it wrote on both streams."""
    command = [sys.executable, "-m", "sanjeh", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr
