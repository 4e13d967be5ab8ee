"""A profile: where the CPU of one ``sanjeh`` command goes, by statement of DuckDB and by function of Python.

Run: python -m benchmarks.board.profile WORDS OF THE COMMAND
"""

from __future__ import annotations

import contextlib
import cProfile
import io
import pstats
import resource
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, ClassVar

TOP = 12


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Watched:
    """A DuckDB connection that notes what each statement cost in CPU seconds, fetching included."""

    spent: ClassVar[defaultdict[str, float]] = defaultdict(float)
    times: ClassVar[Counter[str]] = Counter()
    last = ""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._watch(found, name) if callable(found) else found

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._inner.close()

    def _watch(self, call: Callable[..., Any], name: str) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            if name in ("execute", "executemany", "sql"):
                Watched.last = str(getattr(arguments[0], "query", arguments[0]))
                Watched.times[Watched.last] += 1
            start = _cpu()
            result = call(*arguments, **named)
            Watched.spent[Watched.last if name.startswith(("exec", "fetch", "sql")) else f"({name})"] += _cpu() - start
            return Watched(result) if type(result).__module__.startswith(("duckdb", "_duckdb")) else result

        return watched


def run(words: list[str]) -> None:
    """Runs the command under both profiles and prints the dearest statements and functions."""
    import duckdb

    connect = duckdb.connect
    duckdb.connect = lambda *arguments, **named: Watched(connect(*arguments, **named))
    sys.argv = ["sanjeh", *words]
    profile, start = cProfile.Profile(), _cpu()
    from sanjeh.cli import run as sanjeh

    with contextlib.suppress(SystemExit):
        profile.runcall(sanjeh)
    whole, within = _cpu() - start, sum(Watched.spent.values())
    print(f"\n{whole:.2f} CPU s in all, {within:.2f} of them within DuckDB", file=sys.stderr)
    for statement, spent in sorted(Watched.spent.items(), key=lambda item: -item[1])[:TOP]:
        print(f"\n-- {spent:.3f} CPU s, {Watched.times[statement]} times\n{statement[:1500]}", file=sys.stderr)
    out = io.StringIO()
    pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats(22)
    pstats.Stats(profile, stream=out).sort_stats("cumtime").print_stats(30)
    print(out.getvalue(), file=sys.stderr)


if __name__ == "__main__":
    run(sys.argv[1:])
