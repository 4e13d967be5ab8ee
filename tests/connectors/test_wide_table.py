"""A monthly report with a column for each measure becomes observations."""

from __future__ import annotations

from datetime import date

from tests.connectors.workshop import Workshop

from sanjeh.connectors import Outcome


def test_a_persian_monthly_report_becomes_figures_of_its_measures(shop: Workshop) -> None:
    shop.write("گزارش ماهانه.csv", "ماه,درآمد (میلیون تومان),سفارش‌ها\n1403/01,12,30\n1403/02,15,-\n1403/03,xx,40\n")
    report = shop.run()
    assert [(table.loaded, table.filtered, table.quarantined) for table in report.tables] == [(2, 0, 1), (2, 1, 0)]
    assert shop.rows("observations", "measure, date, value, grain") == [
        ("orders", date(2024, 3, 20), 30.0, "month"),
        ("orders", date(2024, 5, 21), 40.0, "month"),
        ("revenue", date(2024, 3, 20), 12 * 10**7, "month"),
        ("revenue", date(2024, 4, 20), 15 * 10**7, "month"),
    ]
    assert shop.run().total("duplicate") == 4


def test_a_report_of_days_states_days(shop: Workshop) -> None:
    shop.write("daily.csv", "date,revenue,leads\n2024-03-01,10,2\n2024-03-02,20,3\n")
    shop.run()
    assert {row[0] for row in shop.rows("observations", "grain")} == {"day"}


def test_a_table_with_a_day_twice_is_no_wide_table(shop: Workshop) -> None:
    shop.write("daily.csv", "date,revenue,leads\n2024-03-01,10,2\n2024-03-01,20,3\n")
    assert shop.run().files[0].outcome is Outcome.SKIPPED
