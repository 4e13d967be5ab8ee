"""A workbook of orders, returns and managers, against a reference worked out elsewhere."""

from __future__ import annotations

from tests.datasets.compare import Imported, Row, compare, count, is_equal, stated_counts

SET = "superstore"
FILES = ("Sample_Superstore_2019_2022.xls",)


def test_every_row_is_accounted_for(imported: Imported) -> None:
    assert (imported.rows("order_lines"), imported.rows("orders")) == (10_194, 5_111)
    assert (imported.rows("returned_orders"), imported.rows("regional_managers")) == (296, 4)
    assert imported.report["holds"] and imported.report["quarantined"] == 0


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_one_customer_an_order_is_all_that_parts_the_catalogue_from_the_lines(
    imported: Imported, reference: tuple[Row, ...]
) -> None:
    wanted = {row.plain_period: row.value for row in reference if row.kpi == "revenue_per_customer" and not row.members}
    frame = imported.space.compute("average_sale_value", every="month", since="2019-01", until="2022-12")
    other = [p.period for p in frame.points if not is_equal(wanted[p.period] or 0.0, p.value)]
    # Two orders, one in each of these months, name several customers.
    assert (len(frame.points), other) == (48, ["2021-06", "2022-03"])
