"""The dollar by Gregorian and Jalali month, inflation, and the table of prices."""

from __future__ import annotations

from tests.datasets.compare import Imported, Row, compare, count, stated_counts

SET = "iran_reference"
FILES = ("Dollar_Rial_Price_Dataset.csv", "iran_cpi_annual.csv")


def test_every_row_is_accounted_for(imported: Imported) -> None:
    report = imported.report
    assert report["holds"] and report["quarantined"] == 0
    assert [
        (table["entity"], table["read"], table["loaded"]) for file in report["files"] for table in file["tables"]
    ] == [
        ("exchange_rates", 3_921, 3_921),
        ("cpi", 64, 64),
        ("yearly_inflation", 64, 64),
    ]


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_prices_are_those_of_the_reference_to_the_six_decimals_of_the_table(
    imported: Imported, reference: tuple[Row, ...]
) -> None:
    wanted = {row.period: row.value for row in reference if row.kpi == "cpi_index_iran_2010_100"}
    frame = imported.space.compute("price_level", every="year", since="1960", until="2023", as_of="2026-08-06")
    found = {point.period: point.value for point in frame.points}
    assert found.keys() == wanted.keys() and len(found) == 64
    assert all(abs(found[year] - wanted[year]) <= 5e-7 + 1e-12 for year in found)  # type: ignore[operator]


def test_a_gregorian_date_in_the_persian_column_does_no_harm(imported: Imported) -> None:
    frame = imported.space.compute(
        "usd_rate_days", every="day", since="2026-07-12", until="2026-07-12", as_of="2026-08-06"
    )
    assert [point.value for point in frame.points] == [1.0]
