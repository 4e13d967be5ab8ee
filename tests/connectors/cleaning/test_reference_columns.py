"""Columns of the reference data, as they were exported."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from sanjeh.connectors.cleaning import build_converted, choose_conversion, profile_column
from sanjeh.definitions.entity import ColumnType

CASES = [
    ("iran_reference/Dollar_Rial_Price_Dataset.csv", "Persian Date", ColumnType.DATE, 3921, date(2026, 8, 6)),
    ("superstore/Sample_Superstore_2019_2022.csv", "Order Date", ColumnType.DATE, 10194, date(2022, 12, 30)),
    ("servicenow_incidents/incidents.csv", "opened_at", ColumnType.TIME, 24918, datetime(2017, 2, 16, 14, 17)),
    ("ibm_receivables/WA_Fn-UseC_-Accounts-Receivable.csv", "InvoiceDate", ColumnType.DATE, 2466, date(2013, 12, 2)),
    ("ga_sample/sessions.csv", "visit_start_utc", ColumnType.TIME, 2556, datetime(2017, 8, 2, 11, 29, 53)),
    ("ga_sample/sessions.csv", "full_visitor_id", ColumnType.KEY, 2556, None),
    ("ibm_telco_churn/WA_Fn-UseC_-Telco-Customer-Churn.csv", "Churn", ColumnType.BOOLEAN, 7043, True),
    ("ibm_telco_churn/WA_Fn-UseC_-Telco-Customer-Churn.csv", "TotalCharges", ColumnType.NUMBER, 7032, 8684.8),
]


@pytest.mark.parametrize(("file", "header", "kind", "filled", "largest"), CASES)
def test_a_real_column_is_recognised_and_read_whole(
    shared: Path, file: str, header: str, kind: ColumnType, filled: int, largest: object
) -> None:
    path = shared / "data" / file
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE staged AS SELECT * FROM read_csv('{path}', all_varchar = true, header = true)"
        )
        profile = profile_column(connection, "staged", header)
        assert profile.types[0].type is kind
        choice = choose_conversion(profile.reading, kind, zone="Asia/Tehran")
        assert not choice.asks
        column = build_converted(connection, "staged", header, choice.conversion, "value")
        counted = connection.execute(
            f"SELECT count({column.expression}), count({column.reason}), max({column.expression}) "
            f"FROM staged AS t {column.join}"
        ).fetchone()
    assert counted is not None
    assert counted[:2] == (filled, 0)
    assert largest is None or counted[2] == largest


def test_the_rate_files_persian_dates_are_its_gregorian_dates(shared: Path) -> None:
    path = shared / "data" / "iran_reference" / "Dollar_Rial_Price_Dataset.csv"
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE staged AS SELECT * FROM read_csv('{path}', all_varchar = true, header = true)"
        )
        columns = []
        for header in ("Gregorian Date", "Persian Date"):
            choice = choose_conversion(profile_column(connection, "staged", header).reading, ColumnType.DATE)
            columns.append(build_converted(connection, "staged", header, choice.conversion, "value"))
        one, other = columns
        differing = connection.execute(
            f"SELECT count(*) FROM staged AS t {one.join} {other.join} "
            f"WHERE {one.expression} IS DISTINCT FROM {other.expression}"
        ).fetchone()
    assert differing == (0,)
