"""Progress is a bar on the screen while long work runs, and nothing when nobody watches."""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from sanjeh.cli.output import drawn, screen_width
from sanjeh.errors import CancelledError, Issue
from sanjeh.present import message, show_controls, to_persian
from sanjeh.workspace import Workspace

Progress = Callable[[str, int, int | None], None]
# A question that takes less than this is answered before anybody wonders.
PATIENCE = 2.0
_EARLIEST = 0.6
_CLEAR = "\r\x1b[K"


@contextmanager
def watch(*, is_shown: bool = True) -> Iterator[Progress]:
    """A function (what, done, total or None) that draws a bar on the terminal while the block, an import, runs.

    ``is_shown`` is off where questions are asked meanwhile: a bar would overwrite them.

    Raises:
        CancelledError: ``import_cancelled``, after Ctrl-C.
    """
    with _ending("import_cancelled"), _bar(is_shown) as draw:
        yield draw


@contextmanager
def _ending(code: str) -> Iterator[None]:
    """Ctrl-C as CancelledError ``code``; while a statement runs, DuckDB tells of it as an error of its own."""
    try:
        yield
    except KeyboardInterrupt:
        raise CancelledError(Issue(code)) from None
    except RuntimeError as error:
        if str(error) != "Query interrupted":
            raise
        raise CancelledError(Issue(code)) from None


@contextmanager
def _bar(is_shown: bool) -> Iterator[Progress]:
    if not is_shown or not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def draw(what: str, done: int, total: int | None) -> None:
            bar.update(task, description=show_controls(what[-60:]), completed=done, total=total)

        yield draw


@contextmanager
def follow(space: Workspace) -> Iterator[Callable[[float, float | None], None] | None]:
    """What to tell of a question's progress, which a terminal then shows; within the block Ctrl-C ends the question.

    Raises:
        CancelledError: ``cancelled``, after Ctrl-C.
    """
    line = Line(space.settings.language) if sys.stderr.isatty() else None
    try:
        with _ending("cancelled"), _interrupting(space):
            yield line.tell if line else None
    finally:
        if line:
            line.clear()


class Line:
    """One line on the screen, written over itself, once a question takes or is found to take over two seconds."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._began = time.monotonic()
        self._is_shown = False

    def tell(self, share: float, left: float | None) -> None:
        """Show the part done (0 to 1) and the seconds left, None while they are not known."""
        passed = time.monotonic() - self._began
        is_long = passed >= PATIENCE or (left is not None and passed >= _EARLIEST and passed + left >= PATIENCE)
        if self._is_shown or is_long:
            self._is_shown = True
            sys.stderr.write(f"\r{drawn(progress_text(share, left, self._language))[: screen_width() - 1]}\x1b[K")
            sys.stderr.flush()

    def clear(self) -> None:
        """Leave the screen as it was."""
        if self._is_shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()


def progress_text(share: float, left: float | None, language: str) -> str:
    """How far a question is, in a sentence.

    >>> progress_text(0.42, 12.3, "en"), progress_text(0.0, None, "en")
    ('Computing: 42 %, about 12 s left', 'Computing …')
    """
    if left is None:
        return message("cli.progress.unknown", language)
    is_long = left >= 90
    numbers = {"percent": str(round(100 * share)), "left": str(round(left / 60) if is_long else max(1, round(left)))}
    shown = {name: to_persian(text) if language == "fa" else text for name, text in numbers.items()}
    return message("cli.progress.minutes" if is_long else "cli.progress.seconds", language, **shown)


@contextmanager
def _interrupting(space: Workspace) -> Iterator[None]:
    """Let the first Ctrl-C end the question as it stands, the next one do what it always does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        if not space.cancel():
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        with _hearing(space):
            yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _hearing(space: Workspace) -> Iterator[None]:
    """Let another thread hear of Ctrl-C: Python's own handler waits until the statement gives the main thread back."""
    heard, told = socket.socketpair()
    told.setblocking(False)
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)

    def hear() -> None:
        while block := heard.recv(16):
            if signal.SIGINT in block:
                space.cancel()

    thread = threading.Thread(target=hear, daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        told.close()
        thread.join()
        heard.close()
