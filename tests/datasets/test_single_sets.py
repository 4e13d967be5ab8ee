"""What only one of the sets can show, beside the values of its reference."""

from __future__ import annotations

import json
from pathlib import Path

from tests.datasets.compare import Row, is_equal
from tests.datasets.imported import Imported, import_files, type_in
from tests.datasets.reference_set import ReferenceSet, only


@only("fpa_budget_synthetic")
def test_the_plan_of_a_quarter_is_the_sum_of_its_months(imported: Imported) -> None:
    months = imported.space.compute("opex_budget", every="month", since="2024-01", until="2024-03")
    [quarter] = imported.space.compute("opex_budget", every="quarter", since="2024-01-01", until="2024-03-31").points
    assert quarter.value == sum(point.value or 0 for point in months.points) == 6120 + 6060 + 6335


@only("ga_sample")
def test_a_visitor_seen_in_two_channels_counts_once_in_all(imported: Imported) -> None:
    by_channel = imported.space.compute(
        "website_visitors", every="day", since="2017-08-01", until="2017-08-01", by="channel"
    )
    overall = imported.space.compute("website_visitors", every="day", since="2017-08-01", until="2017-08-01")
    assert sum(point.value or 0 for point in by_channel.points) > (overall.points[0].value or 0) == 2293


@only("ga_sample")
def test_ids_keep_their_leading_zeros(imported: Imported) -> None:
    [listing] = imported.space.rows("website_visitors.sessions", period="2017-08-01", limit=5000)
    place = listing.columns.index("visitor_id")
    assert any(str(row[place]).startswith("0") for row in listing.rows)


@only("ibm_telco_churn")
def test_an_empty_charge_is_no_charge_rather_than_zero(imported: Imported) -> None:
    [point] = imported.space.compute("average_lifetime_revenue", every="month", since="2024-01", until="2024-01").points
    assert point.inputs["charged_accounts"] == 7043 - 11


@only("iran_reference")
def test_prices_are_those_of_the_reference_to_the_six_decimals_of_the_table(
    imported: Imported, reference: tuple[Row, ...]
) -> None:
    wanted = {row.period: row.value for row in reference if row.kpi == "cpi_index_iran_2010_100"}
    frame = imported.space.compute("price_level", every="year", since="1960", until="2023", as_of="2026-08-06")
    found = {point.period: point.value for point in frame.points}
    assert found.keys() == wanted.keys() and len(found) == 64
    assert all(abs(found[year] - wanted[year]) <= 5e-7 + 1e-12 for year in found)  # type: ignore[operator]


@only("iran_reference")
def test_a_gregorian_date_in_the_persian_column_does_no_harm(imported: Imported) -> None:
    frame = imported.space.compute(
        "usd_rate_days", every="day", since="2026-07-12", until="2026-07-12", as_of="2026-08-06"
    )
    assert [point.value for point in frame.points] == [1.0]


@only("maven_crm")
def test_what_a_mapping_leaves_out_is_counted(imported: Imported) -> None:
    assert imported.total("filtered", "deals") == 500


@only("maven_crm")
def test_the_same_files_again_bring_nothing(
    given: ReferenceSet, imported: Imported, shared: Path, tmp_path: Path
) -> None:
    again = import_files(imported.copy(tmp_path).folder, given.paths(shared / "data"))
    assert again["holds"] and (again["loaded"], again["replaced"]) == (0, 0)


@only("online_shoppers")
def test_equal_rows_are_all_kept_and_the_same_file_again_brings_nothing(
    given: ReferenceSet, imported: Imported, shared: Path, tmp_path: Path
) -> None:
    space = imported.copy(tmp_path)
    before = space.compute("website_visitors.sessions", every="total", since="2018-01-01", until="2018-12-31")
    report = space.import_file(*given.paths(shared / "data"))
    assert report.total("loaded") == 0 and report.holds
    after = space.compute("website_visitors.sessions", every="total", since="2018-01-01", until="2018-12-31")
    assert before.points[0].value == after.points[0].value == 12_330


@only("qcc_defects")
def test_defective_units_and_defects_are_kept_apart(imported: Imported) -> None:
    units, defects = imported.space.compute(
        "product_defect_rate.inspected", "defects_per_unit", every="month", since="2024-01", until="2024-01"
    ).points
    assert set(units.inputs) == {"units_defective", "units_inspected"}
    assert set(defects.inputs) == {"defects_found", "units_checked"}


@only("superstore")
def test_one_customer_an_order_is_all_that_parts_the_catalogue_from_the_lines(
    imported: Imported, reference: tuple[Row, ...]
) -> None:
    wanted = {row.plain_period: row.value for row in reference if row.kpi == "revenue_per_customer" and not row.members}
    frame = imported.space.compute("average_sale_value", every="month", since="2019-01", until="2022-12")
    other = [p.period for p in frame.points if not is_equal(wanted[p.period] or 0.0, p.value)]
    # Two orders, one in each of these months, name several customers.
    assert (len(frame.points), other) == (48, ["2021-06", "2022-03"])


@only("uci_online_retail")
def test_revenue_by_jalali_month_is_net_where_refunds_name_no_order(
    imported: Imported, reference: tuple[Row, ...]
) -> None:
    command = "compute revenue --every month --calendar jalali --since 1389-09 --until 1390-09 --format json -w"
    found = {point["period"]: point["value"] for point in json.loads(type_in(*command.split(), imported.space.folder))}
    wanted = {row.plain_period: row.value for row in reference if row.kpi == "net_revenue" and row.calendar == "jalali"}
    assert len(wanted) == 13 and found.keys() == wanted.keys()
    assert all(is_equal(value, found[period]) for period, value in wanted.items() if value is not None)


@only("udacity_trial")
def test_days_whose_outcome_is_not_known_are_no_days_without_trials(imported: Imported) -> None:
    frame = imported.space.compute("trials_begun", every="day", since="2014-11-02", until="2014-11-03", by="test_group")
    found = {(point.members["test_group"], point.period): (point.value, point.reason) for point in frame.points}
    assert found["control", "2014-11-02"] == (206.0, None)
    assert found["control", "2014-11-03"] == (None, "no_data")


@only("x_education_leads")
def test_a_damaged_copy_sets_its_damaged_lines_aside_and_adds_no_leads(
    imported: Imported, shared: Path, tmp_path: Path
) -> None:
    space = imported.copy(tmp_path)
    report = space.import_file(shared / "data" / "x_education_leads" / "variant_338_blank_rows.csv")
    counts = [report.total(name) for name in ("read", "loaded", "duplicate", "quarantined")]
    assert report.holds and counts == [9240, 0, 8902, 338]
    assert {fault.reason for fault in space.quarantine(400)} == {"ragged"}
    [point] = space.compute("lead_count", every="total", since="2024-01-01", until="2024-01-01").points
    assert point.value == 9240
