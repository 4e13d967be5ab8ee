"""Half a million invoice lines of a retailer, against a reference worked out elsewhere."""

from __future__ import annotations

import json

from tests.datasets.compare import Imported, Row, compare, count, is_equal, run, stated_counts

SET = "uci_online_retail"
FILES = ("monthly",)


def test_every_row_is_accounted_for(imported: Imported) -> None:
    assert imported.rows("order_lines", "read") == 541_909
    assert (imported.rows("orders"), imported.rows("refunds")) == (19_959, 3_836)
    assert imported.report["holds"] and imported.report["quarantined"] == 0


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_revenue_by_jalali_month_is_net_where_refunds_name_no_order(
    imported: Imported, reference: tuple[Row, ...]
) -> None:
    command = "compute revenue --every month --calendar jalali --since 1389-09 --until 1390-09 --format json -w"
    _, printed = run(*command.split(), imported.space.folder)
    found = {point["period"]: point["value"] for point in json.loads(printed)}
    wanted = {row.plain_period: row.value for row in reference if row.kpi == "net_revenue" and row.calendar == "jalali"}
    assert len(wanted) == 13 and found.keys() == wanted.keys()
    assert all(is_equal(value, found[period]) for period, value in wanted.items() if value is not None)
