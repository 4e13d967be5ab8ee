"""Progress is a bar on the screen while long work runs, and nothing when nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sanjeh.present import show_controls

Progress = Callable[[str, int, int | None], None]


@contextmanager
def watch(*, is_shown: bool = True) -> Iterator[Progress]:
    """A function (what, done, total or None) that draws a bar on the terminal while the block runs.

    ``is_shown`` is off where questions are asked meanwhile: a bar would overwrite them.
    """
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
