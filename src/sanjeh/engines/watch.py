"""A watch follows one question while it is worked on: how much is done, how long it may take, whether it is to end.

Whoever runs statements tells the watch of its thread (``current``); whoever waits asks it from another thread.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from sanjeh.errors import CancelledError, Issue

# The part that is done (0 to 1), and the seconds that may be left; None while nobody can say.
Told = Callable[[float, float | None], None]
_TICK = 0.2
# Before this part is done, what is left would be a guess.
_TOLD = 0.02
# What counts as having moved.
_MOVED = 0.004


class Connection(Protocol):
    """What runs statements, and can be asked and stopped from another thread."""

    def interrupt(self) -> None:
        """Stop the statement that runs."""
        ...

    def query_progress(self) -> float:
        """The percentage done of the statement that runs; below 0 while unknown."""
        ...


@dataclass(slots=True)
class Watch:
    """What is known of the question; ``total`` statements are to be run, of which ``done`` are."""

    total: int = 0
    done: int = 0
    is_cancelled: bool = False
    began: float = field(default_factory=time.monotonic)
    _connection: Connection | None = None
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is run."""
        return self._ended.is_set()

    def begin(self, connection: Connection, statements: int) -> None:
        """So many statements follow on ``connection``."""
        self._connection = connection
        self.total += statements
        self.check()

    def step(self) -> None:
        """One statement more is done."""
        self.done += 1
        self.check()

    def check(self) -> None:
        """Raises CancelledError ``cancelled`` where the question is to end."""
        if self.is_cancelled:
            raise CancelledError(Issue("cancelled"))

    def cancel(self) -> None:
        """Let the question end; harmless when it has. To be called from any thread."""
        if not self.is_cancelled:
            self.is_cancelled = True
            threading.Thread(target=self._stop, daemon=True).start()

    def _stop(self) -> None:
        # Again and again: what is said between two statements is forgotten when the next one begins.
        while not self._ended.is_set():
            if self._connection is not None:
                self._connection.interrupt()
            self._ended.wait(0.05)

    def end(self) -> None:
        """Nothing more is run."""
        self._ended.set()

    def share(self) -> float:
        """The part that is done, 0 to 1."""
        if not self.total or self._connection is None:
            return 0.0
        running = self._connection.query_progress() / 100 if self.done < self.total else 0.0
        return min(1.0, (self.done + min(max(running, 0.0), 1.0)) / self.total)

    def follow(self, tell: Told) -> None:
        """Tell of the progress until the question has ended."""
        estimate = Estimate()
        while not self._ended.wait(_TICK):
            share, passed = self.share(), time.monotonic() - self.began
            tell(share, estimate.left(share, passed))


@dataclass(slots=True)
class Estimate:
    """What may be left, by the pace so far; it counts down while nothing moves, as statements do not tell all they do.

    >>> estimate = Estimate()
    >>> estimate.left(0.5, 10.0), estimate.left(0.5, 14.0), estimate.left(0.5, 21.0), estimate.left(0.75, 24.0)
    (10.0, 6.0, None, 8.0)
    """

    _share: float = 0.0
    _passed: float = 0.0

    def left(self, share: float, passed: float) -> float | None:
        """The seconds left after ``passed`` of them with ``share`` done; None where nobody can say."""
        if abs(share - self._share) >= _MOVED:
            self._share, self._passed = share, passed
        if self._share < _TOLD:
            return None
        whole = self._passed / self._share
        return whole - passed if whole > passed else None


_current: ContextVar[Watch | None] = ContextVar("watch", default=None)


def current() -> Watch:
    """The watch of the question that this thread works on, or one that nobody looks at."""
    return _current.get() or Watch()


@contextlib.contextmanager
def watching(progress: Told | None = None) -> Iterator[Watch]:
    """The watch of the question that is worked on within the block; ``progress`` is told of it from another thread."""
    watch = Watch()
    token = _current.set(watch)
    teller = threading.Thread(target=watch.follow, args=(progress,), daemon=True) if progress else None
    try:
        if teller is not None:
            teller.start()
        yield watch
    finally:
        watch.end()
        if teller is not None:
            teller.join()
        _current.reset(token)
