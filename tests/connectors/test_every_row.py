"""Whatever the rows say, each is accounted for, and a file that is broken ends in its code."""

from __future__ import annotations

import csv
import io
import resource
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from malformed import malformed_files
from tests.connectors.workshop import Workshop, only

from sanjeh.connectors import ImportSettings, Outcome
from sanjeh.definitions import load_catalogue

_ID = st.sampled_from(["1", "2", "3", "۴", " 5 ", "", "-", "a b"])
_DAY = st.sampled_from(["2024-03-01", "1403/01/05", "۱۴۰۳/۱/۶", "1403/13/01", "", "soon", "45000", "0000-00-00"])
_SUM = st.sampled_from(["10", "1,000", "۱۲٬۰۰۰", "12 تومان", "-", "", "ten", "1e3", "9" * 60, "(5)", "=1+1", "\x00"])
_STATE = st.sampled_from(["paid", "لغو شده", "weird", "", "نامشخص", "كنسل"])
_ROW = st.tuples(_ID, _DAY, _SUM, _STATE)


def _workshop(folder: Path) -> Workshop:
    made = ImportSettings(folder / "warehouse", folder / "sources", load_catalogue(), datetime(2024, 7, 1))
    return Workshop(folder, made)


def _file(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([("No", "Day", "Sum", "State"), *rows])
    return text.getvalue()


MAPPING = """
source: a
match: ['*.csv']
tables:
- entity: orders
  fields:
    order_id: No
    ordered_at: {column: Day, calendar: gregorian}
    net_amount: {column: Sum, currency: IRR, decimal: .}
    status: State
- entity: user_activity
  where: "State <> 'weird'"
  fields: {user_id: No, active_at: {column: Day, calendar: gregorian}}
- entity: invoices
  group: [No]
  fields:
    invoice_id: No
    issued_at: {column: Day, calendar: gregorian}
    amount: {sql: sum(number(Sum))}
"""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_ROW, max_size=12), st.lists(_ROW, max_size=6))
def test_every_row_of_any_file_is_accounted_for(first: list[tuple[str, ...]], second: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = _workshop(Path(folder))
        shop.map(MAPPING)
        shop.write("a.csv", _file(first))
        shop.write("b.csv", _file(second))
        # The workshop itself asserts that the equation holds for each table.
        report = shop.run()
        assert report.is_complete
        again = shop.run()
        stored = {name: len(shop.rows(name, "_line")) for name in ("orders", "user_activity", "invoices")}
        last = {table.entity: 0 for table in again.tables}
        assert set(stored) == set(last)
        activity = [table for table in again.tables if table.entity == "user_activity"]
        assert sum(table.loaded + table.replaced for table in activity) == 0


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.heavy) for seed in range(1, 8))])
def test_each_broken_file_ends_in_its_code_and_leaves_the_data_whole(tmp_path: Path, seed: int) -> None:
    shop = _workshop(tmp_path / "company")
    (tmp_path / "company").mkdir()
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n")
    shop.run()
    before = shop.rows("orders", "*")
    for name, path, expected in malformed_files(tmp_path / "broken", seed):
        shop.settings = replace(shop.settings, now=datetime(2024, 7, 2))
        report = shop.run(path)
        codes = {issue.code for issue in report.errors}
        assert expected is None or expected in codes, name
        for file in report.files:
            # A file is imported, or somebody can read in both languages why it was not.
            reasons = [issue.render(language) for issue in file.issues for language in ("en", "fa")]
            assert file.outcome is Outcome.IMPORTED or (reasons and all(text.strip() for text in reasons)), name
            assert not any(issue.render() == issue.code for issue in file.issues), name
        assert shop.rows("orders", "*")[: len(before)] == before, name
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    assert max(peaks) < 2_000_000, "kilobytes"


def test_many_rows_stream_in_bounded_memory(shop: Workshop) -> None:
    rows = 60_000
    lines = "".join(f"{at},2024-03-{1 + at % 28:02d},{at % 997}\n" for at in range(rows))
    shop.set(memory=120)
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n" + lines)
    table = only(shop.run())
    assert (table.loaded, table.quarantined) == (rows, 0)
