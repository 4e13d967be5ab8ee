"""What an import leaves out, replaces or does not understand, it says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.connectors.workshop import Workshop, only

from sanjeh.connectors import ImportReport, Outcome, import_sources
from sanjeh.connectors.known_mapping import load_mappings
from sanjeh.errors import Place, Severity

HEAD = "order_id,ordered_at,net_amount\n"
SALES = HEAD + "".join(f"{number},2024-03-{number:02},1000\n" for number in range(1, 21))


def codes(report: ImportReport) -> list[str]:
    return [issue.code for issue in report.issues]


def test_a_return_under_the_number_of_its_sale_is_asked_about(shop: Workshop) -> None:
    shop.write("orders.csv", SALES + "3,2024-03-25,-1000\n4,2024-03-26,(1000)\n")
    [file] = shop.run().files
    assert file.outcome is Outcome.SKIPPED and "repeated_key" in [issue.code for issue in file.issues]
    shop.run(answers={"repeated": "sum", "currency": "IRR"})
    assert shop.rows("orders", "sum(net_amount)", "1") == [(Decimal(18000),)]


def test_a_corrected_row_of_the_same_file_is_not_asked_about(shop: Workshop) -> None:
    shop.write("orders.csv", SALES + "3,2024-03-03,900\n")
    report = shop.run()
    assert only(report).superseded == 1 and "opposite_superseded" not in codes(report)


def test_a_known_mapping_tells_of_returns_that_take_their_sales_place(shop: Workshop) -> None:
    shop.run(shop.write("orders-1.csv", SALES))
    report = shop.run(shop.write("orders-2.csv", HEAD + "30,2024-04-01,1000\n30,2024-04-02,-1000\n"))
    assert only(report).superseded == 1 and "opposite_superseded" in codes(report)


def test_what_cleaning_saw_reaches_the_report_of_a_new_mapping(shop: Workshop) -> None:
    shop.write("orders.csv", HEAD.strip() + ",customer_id\n1,2024-03-01,10.5,1.23E+12\n2,2024-03-02,20,77\n")
    report = shop.run()
    assert codes(report).count("scientific_ids") == 1
    assert all(issue.severity is not Severity.ERROR for issue in report.issues)


def test_a_mapping_is_kept_in_the_sources_folder_only(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shop.write("orders-1.csv", SALES)
    shop.run(path)

    def of_text(*arguments: object) -> object:
        known = load_mappings(*arguments)  # type: ignore[arg-type]
        mappings = tuple(replace(each, place=Place("<text>", 1)) for each in known.mappings)
        return replace(known, mappings=mappings)

    monkeypatch.setattr("sanjeh.connectors.load.load_mappings", of_text)
    monkeypatch.chdir(shop.folder)
    import_sources(shop.settings, [path], fields={"order_id": "order_id", "net_amount": "gross_amount"})
    assert not Path("<text>").exists()


LINES = "Order ID,Order Date,Customer ID,Product ID,Quantity,Sales (IRR)\n"


def test_an_order_that_continues_in_the_next_file_is_told_of(shop: Workshop) -> None:
    shop.run(shop.write("sales-1.csv", LINES + "O1,2024-03-01,C1,P1,2,10\nO1,2024-03-01,C1,P2,1,5\n"))
    again = shop.run(shop.inbox / "sales-1.csv")
    assert "group_continued" not in codes(again)
    report = shop.run(shop.write("sales-2.csv", LINES + "O1,2024-03-01,C1,P3,1,7\nO2,2024-03-02,C1,P1,1,7\n"))
    assert codes(report).count("group_continued") == 1


def test_an_unknown_header_of_a_single_file_is_an_error(shop: Workshop) -> None:
    path = shop.write("orders.csv", SALES)
    [file] = import_sources(shop.settings, [path], fields={"nosuch": "channel"}).files
    assert file.outcome is Outcome.FAILED and [issue.code for issue in file.issues] == ["unknown_name"]
    assert not list(shop.settings.sources.glob("*.yaml"))


def test_a_mapping_that_understood_nothing_is_not_kept(shop: Workshop) -> None:
    shop.write("orders.csv", HEAD + "1,soon,10\n2,later,20\n")
    report = shop.run(as_entity="orders")
    assert "nothing_understood" in codes(report)
    assert not shop.settings.sources.exists() or not list(shop.settings.sources.glob("*.yaml"))


def test_rows_without_key_that_another_file_brought_are_told_of(shop: Workshop) -> None:
    head = "user_id,active_at\n"
    shop.run(shop.write("user_activity-1.csv", head + "u1,2024-03-20\nu2,2024-03-20\n"))
    assert "content_known" not in codes(shop.run(shop.inbox / "user_activity-1.csv"))
    report = shop.run(shop.write("user_activity-2.csv", head + "u1,2024-03-20\nu3,2024-03-21\n"))
    assert only(report).duplicate == 1 and codes(report).count("content_known") == 1
