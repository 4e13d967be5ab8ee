"""Cells are written and read whole; folded, they give exact sums and sets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from sanjeh.calendars import Span
from sanjeh.plan import Tally, TallyKind
from sanjeh.rollups.cells import Cells, Sums, read_cells, write_cells
from sanjeh.rollups.folding import Folding, join_cells, join_levels, make_view
from sanjeh.rollups.projecting import project

SUM = Tally(TallyKind.SUM, "orders", "ordered_at", "net_amount")
SET = Tally(TallyKind.SET, "orders", "ordered_at", "customer_id", levels=2)
DAY = date(2024, 1, 1).toordinal()


def sums_of(values: list[Decimal | None]) -> Sums:
    whole = [0 if value is None else int(value // 1) for value in values]
    rest = [0 if value is None else int(value % 1 * 100) for value in values]
    filled = np.array([value is not None for value in values], np.bool_)
    return Sums(np.ones(len(values), np.int64), filled, np.array(whole), np.array(rest), None, 2)


def cells_of(rows: list[tuple[int, str, Decimal | None, set[int]]]) -> Cells:
    """One cell a row, by day."""
    rows = sorted(rows, key=lambda row: row[0])
    words = tuple(dict.fromkeys((row[1],) for row in rows))
    members = np.array([words.index((row[1],)) for row in rows], np.int64)
    sets = tuple(BitMap(row[3]) for row in rows)
    days = np.array([DAY + row[0] for row in rows], np.int64)
    none = tuple(BitMap() for _ in rows)
    return Cells(
        days, members, words, {SUM.id: sums_of([row[2] for row in rows]), SET.id: _counts(rows)}, {SET.id: (sets, none)}
    )


def _counts(rows: list[tuple[int, str, Decimal | None, set[int]]]) -> Sums:
    counts = np.array([len(row[3]) for row in rows], np.int64)
    return Sums(counts, np.ones(len(rows), np.bool_), counts, np.zeros(len(rows), np.int64))


row = st.tuples(
    st.integers(0, 20),
    st.sampled_from(["web", "shop", ""]),
    st.none() | st.decimals(-(10**12), 10**12, places=2),
    st.sets(st.integers(0, 30)),
)


@given(rows=st.lists(row, max_size=30), low=st.integers(0, 20), days=st.integers(1, 15))
def test_spans_are_the_sums_and_sets_of_their_days(
    rows: list[tuple[int, str, Decimal | None, set[int]]], low: int, days: int
) -> None:
    folding = Folding(("channel",), cells_of(rows))
    span = Span(date.fromordinal(DAY + low), date.fromordinal(DAY + low + days))
    inside = [item for item in rows if low <= item[0] < low + days]
    view = make_view(folding.cells.words, ("channel",), ("channel",), ())
    found = {member[0]: (value, count) for _, member, value, count in folding.sums(SUM, view, [span])}
    for channel in {item[1] for item in inside}:
        values = [item[2] for item in inside if item[1] == channel]
        known = [value for value in values if value is not None]
        assert found[channel] == (float(sum(known, Decimal(0))) if known else None, len(values))
    assert set(found) == {item[1] for item in inside}
    total = make_view(folding.cells.words, ("channel",), (), ())
    levels = next(iter(folding.sets(SET, total, [span])[span].values()), (BitMap(), BitMap()))
    met = [key for item in inside for key in item[3]]
    assert set(levels[0]) == set(met)
    assert set(levels[1]) == {key for key in met if met.count(key) > 1}


@given(rows=st.lists(row, min_size=1, max_size=30))
def test_totals_are_the_same_whether_members_are_merged_before_or_after(
    rows: list[tuple[int, str, Decimal | None, set[int]]],
) -> None:
    cells = cells_of(rows)
    spans = [Span(date.fromordinal(DAY + n), date.fromordinal(DAY + n + 7)) for n in range(0, 21, 7)]
    total = make_view(cells.words, ("channel",), (), ())
    merged = Folding((), project(cells, ("channel",), (), (SUM, SET)))
    alone = make_view(merged.cells.words, (), (), ())
    after = Folding(("channel",), cells)
    assert list(merged.sums(SUM, alone, spans)) == list(after.sums(SUM, total, spans))
    assert [
        [tuple(map(set, levels)) for levels in merged.sets(SET, alone, spans)[span].values()] for span in spans
    ] == [[tuple(map(set, levels)) for levels in after.sets(SET, total, spans)[span].values()] for span in spans]


@given(first=st.lists(row, max_size=20), second=st.lists(row, max_size=20))
def test_segments_joined_are_their_rows_together(
    first: list[tuple[int, str, Decimal | None, set[int]]], second: list[tuple[int, str, Decimal | None, set[int]]]
) -> None:
    span = Span(date.fromordinal(DAY), date.fromordinal(DAY + 21))
    together, joined = cells_of([*first, *second]), join_cells([cells_of(first), cells_of(second)])
    answers = []
    for cells in (together, joined):
        view = make_view(cells.words, ("channel",), ("channel",), ())
        folding = Folding(("channel",), cells)
        answers.append(sorted(folding.sums(SUM, view, [span]), key=repr))
    assert answers[0] == answers[1]


def test_written_cells_are_read_as_they_were(tmp_path: Path) -> None:
    cells = cells_of([(0, "web", Decimal("12.34"), {1, 70000}), (1, "", None, set()), (5, "shop", Decimal(-3), {2})])
    size = write_cells(tmp_path / "a.cells", cells)
    assert size == (tmp_path / "a.cells").stat().st_size
    read = read_cells(tmp_path / "a.cells")
    assert read.words == cells.words
    assert read.sets == cells.sets
    assert [read.days.tolist(), read.members.tolist()] == [cells.days.tolist(), cells.members.tolist()]
    for name, sums in cells.sums.items():
        assert read.sums[name].whole.tolist() == sums.whole.tolist()
        assert read.sums[name].filled.tolist() == sums.filled.tolist()
        assert read.sums[name].places == sums.places


@pytest.mark.parametrize("damage", [b"", b"SJCELLS1", b"nothing of ours at all, but long enough"])
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "a.cells").write_bytes(damage)
    with pytest.raises(ValueError, match=r"a\.cells"):
        read_cells(tmp_path / "a.cells")


def test_a_key_met_once_in_two_days_is_met_twice_in_both() -> None:
    once, twice = join_levels([(BitMap([1, 2]), BitMap()), (BitMap([2, 3]), BitMap([3]))])
    assert (set(once), set(twice)) == ({1, 2, 3}, {2, 3})
