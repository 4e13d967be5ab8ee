"""A question tells how far it is, ends when somebody says so, and leaves the workspace as it was."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from sanjeh.engines import load_engine
from sanjeh.engines.watch import Watch, current, watching
from sanjeh.errors import CancelledError
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

HEAVY = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7"


class Link:
    """A connection that is halfway through its statement."""

    def __init__(self) -> None:
        self.stopped = 0

    def interrupt(self) -> None:
        self.stopped += 1

    def query_progress(self) -> float:
        return 50.0


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace with three orders of two customers."""
    made = create_workspace(tmp_path / "shop", Settings(name="shop", currency="USD"))
    rows = "1,2024-01-05,100,A\n2,2024-02-05,200,B\n3,2024-02-06,400,A\n"
    (tmp_path / "orders.csv").write_text(f"order_id,ordered_at,net_amount,customer_id\n{rows}", encoding="utf-8")
    assert made.import_files([tmp_path / "orders.csv"]).total("loaded") == 3
    return made


def test_the_part_done_is_that_of_the_statements_and_of_the_one_that_runs() -> None:
    watch = Watch()
    assert watch.share() == 0
    watch.begin(Link(), 4)
    assert watch.share() == 0.5 / 4
    watch.step()
    assert watch.share() == 1.5 / 4
    watch.begin(Link(), 4)
    assert watch.share() == 1.5 / 8


def test_who_is_not_watched_works_on() -> None:
    current().check()
    with watching() as watch:
        assert current() is watch
    assert watch.has_ended and current() is not watch


def test_a_question_that_is_to_end_stops_what_runs_and_what_would_follow() -> None:
    link = Link()
    with pytest.raises(CancelledError) as ended, watching() as watch:
        watch.begin(link, 2)
        watch.cancel()
        while link.stopped < 2:  # it is said again, in case nothing ran the first time
            time.sleep(0.01)
        watch.step()
    assert ended.value.code == "cancelled"


def test_progress_is_told_while_a_question_runs() -> None:
    told: list[tuple[float, float | None]] = []
    with watching(lambda share, left: told.append((share, left))) as watch:
        watch.begin(Link(), 1)
        while len(told) < 2:
            time.sleep(0.01)
    count = len(told)
    assert told[-1][0] == 0.5 and told[0][1] is not None and 0 < told[0][1] < 5
    time.sleep(0.3)
    assert len(told) == count, "nothing is told afterwards"


def make_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each statement of a question begin with one that takes hours."""
    engine = load_engine("duckdb")
    fetch = engine.DuckDB._fetch

    def slow(self: object, query: object) -> object:
        self._execute(HEAVY)  # type: ignore[attr-defined]
        return fetch(self, query)

    monkeypatch.setattr(engine.DuckDB, "_fetch", slow)


def test_a_question_is_cancelled_from_another_thread_and_the_next_is_answered(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = [point.value for point in space.compute("revenue", "new_customers", every="month")]
    assert right
    space._forget()
    assert space.cancel() is False, "there is nothing to cancel"
    told: list[float] = []
    with monkeypatch.context() as patched:
        make_slow(patched)
        threading.Timer(0.7, space.cancel).start()
        began = time.monotonic()
        with pytest.raises(CancelledError):
            space.compute("revenue", "new_customers", every="month", progress=lambda share, left: told.append(share))
        assert time.monotonic() - began < 20
        # A question about everything leaves out what fails; what is to end is no such thing.
        threading.Timer(0.5, space.cancel).start()
        with pytest.raises(CancelledError):
            space.compute(every="month")
    assert told and space.cancel() is False
    assert [point.value for point in space.compute("revenue", "new_customers", every="month")] == right


def test_after_half_a_question_the_spans_of_the_next_are_laid_anew(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables of time may be half made; they must not be taken for those of the same question asked again."""
    engine = load_engine("duckdb")
    fill = engine.DuckDB._fill

    def torn(self: object, name: str, columns: object, rows: object) -> None:
        if name == "atom_spans":
            raise CancelledError([])
        fill(self, name, columns, rows)

    with monkeypatch.context() as patched:
        patched.setattr(engine.DuckDB, "_fill", torn)
        with pytest.raises(CancelledError):
            space.compute("revenue", every="month", since="2024-01", until="2024-02")
    frame = space.compute("revenue", every="month", since="2024-01", until="2024-02")
    assert [point.value for point in frame] == [100.0, 600.0]
