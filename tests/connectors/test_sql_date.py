"""What ``date()`` and ``number()`` read in a mapping's SQL is written as the mapping says, and as a run has said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.connectors.workshop import Workshop

from sanjeh.connectors import ImportReport, Outcome
from sanjeh.connectors.mapping_edit import edit_text
from sanjeh.connectors.mapping_file import parse_mapping

HEAD = "No;Day;Amount\n"
DAYS = HEAD + "1;04/05/2024;10\n2;11/12/2024;20\n"
MORE = HEAD + "3;04/06/2024;30\n4;10/12/2024;40\n"
START = "source: own  # ours\nmatch: ['o*.csv']\ntables:\n- entity: orders\n"


@pytest.fixture(autouse=True)
def gregorian(shop: Workshop) -> None:
    shop.set(calendar="gregorian", currency="EUR")


def _map(shop: Workshop, fields: str, table: str = "") -> None:
    shop.map(f"{START}{table}  fields:\n    order_id: No\n{fields}")


def _read(shop: Workshop, name: str, content: str) -> ImportReport:
    return shop.run(shop.write(name, content))


def _days(shop: Workshop) -> list[str]:
    return [str(day)[:10] for (day,) in shop.rows("orders", "ordered_at", "order_id")]


def _kept(shop: Workshop) -> str:
    return (shop.settings.sources / "own.yaml").read_text(encoding="utf-8")


ORIGINS = ["column: Day", "sql: 'date(\"Day\")'"]


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("dates", [None, "mdy", "dmy"])
def test_the_order_that_a_field_says_goes_before_all(shop: Workshop, origin: str, dates: str | None) -> None:
    shop.set(dates=dates)
    _map(shop, f"    ordered_at: {{{origin}, calendar: gregorian, order: dmy}}\n    net_amount: Amount\n")
    assert _read(shop, "o1.csv", DAYS).errors == ()
    assert _days(shop) == ["2024-05-04", "2024-12-11"]


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_file_surely_in_another_order_than_the_field_says_is_refused(shop: Workshop, origin: str) -> None:
    _map(shop, f"    ordered_at: {{{origin}, calendar: gregorian, order: dmy}}\n    net_amount: Amount\n")
    [file] = _read(shop, "o1.csv", HEAD + "1;04/05/2024;10\n2;04/16/2024;20\n").files
    assert file.outcome is Outcome.FAILED and [issue.code for issue in file.issues] == ["date_style_changed"]


@pytest.mark.parametrize("origin", ORIGINS)
def test_the_zone_that_a_field_says_is_that_of_its_sql(shop: Workshop, origin: str) -> None:
    _map(shop, f"    ordered_at: {{{origin}, calendar: gregorian, zone: UTC}}\n    net_amount: Amount\n")
    _read(shop, "o1.csv", HEAD + "1;2024-05-04 22:00;10\n")
    assert [str(day) for (day,) in shop.rows("orders", "ordered_at")] == ["2024-05-05 01:30:00"]


def test_a_filter_reads_a_header_as_the_field_of_that_header(shop: Workshop) -> None:
    _map(
        shop,
        "    ordered_at: {column: Day, calendar: gregorian, order: dmy}\n"
        "    net_amount: {column: Amount, decimal: ','}\n",
        '  where: date("Day") >= \'2024-06-01\' and number("Amount") < 5\n',
    )
    assert _read(shop, "o1.csv", HEAD + "1;04/05/2024;1,500\n2;11/12/2024;2,500\n").errors == ()
    assert _days(shop) == ["2024-12-11"]


@pytest.mark.parametrize("origin", ["Day", *(f"{{{each}}}" for each in ORIGINS)])
def test_the_order_that_a_run_says_is_kept_in_the_mapping(shop: Workshop, origin: str) -> None:
    _map(shop, f"    ordered_at: {origin}  # the day\n    net_amount: Amount\n")
    assert [issue.code for issue in _read(shop, "o1.csv", DAYS).errors] == ["ambiguous_date_order"]
    shop.set(dates="dmy")
    assert _read(shop, "o1.csv", DAYS).errors == ()
    assert "calendar: gregorian, order: dmy}  # the day\n" in _kept(shop) and "# ours" in _kept(shop)
    shop.set(dates=None)
    assert _read(shop, "o2.csv", MORE).errors == ()
    assert _days(shop) == ["2024-05-04", "2024-12-11", "2024-06-04", "2024-12-10"]


@pytest.mark.parametrize("amount", ["Amount", "{sql: 'number(\"Amount\")'}"])
def test_the_decimal_mark_that_a_run_says_is_kept_in_the_mapping(shop: Workshop, amount: str) -> None:
    shop.set(decimal=",")
    _map(shop, f"    ordered_at: Day\n    net_amount: {amount}\n")
    _read(shop, "o1.csv", HEAD + "1;2024-05-04;1,500\n")
    assert "decimal: ','" in _kept(shop)
    shop.set(decimal=None)
    _read(shop, "o2.csv", HEAD + "2;2024-05-04;2,500\n")
    assert [float(str(each)) for (each,) in shop.rows("orders", "net_amount", "order_id")] == [1.5, 2.5]


@pytest.mark.parametrize("said", ["Amount (thousand EUR)", "{sql: 'number(\"Amount (thousand EUR)\")'}"])
def test_a_kept_decimal_mark_leaves_the_unit_of_the_header(shop: Workshop, said: str) -> None:
    shop.set(decimal=",")
    _map(shop, f"    ordered_at: Day\n    net_amount: {said}\n")
    head = "No;Day;Amount (thousand EUR)\n"
    _read(shop, "o1.csv", head + "1;2024-05-04;1,500\n")
    shop.set(decimal=None)
    _read(shop, "o2.csv", head + "2;2024-05-04;2,500\n")
    assert shop.rows("orders", "net_amount", "order_id") == [(1500,), (2500,)]


def test_the_decimal_mark_answered_for_lines_goes_into_their_sum(shop: Workshop) -> None:
    lines = "order_id;ordered_at;net_amount\n{0};14/05/2024;1.500\n{0};14/05/2024;2.500\n{1};16/05/2024;1.500\n"
    answers: dict[str, str | None] = {"decimal": ".", "currency": "EUR", "repeated": "sum"}
    assert shop.run(shop.write("o1.csv", lines.format(1, 2)), answers=answers).errors == ()
    assert _read(shop, "o2.csv", lines.format(3, 4)).errors == ()
    assert shop.rows("orders", "order_id, net_amount") == [
        ("1", 4),
        ("2", Decimal("1.5")),
        ("3", 4),
        ("4", Decimal("1.5")),
    ]


def test_what_was_said_of_bare_integers_is_not_kept(shop: Workshop) -> None:
    shop.set(decimal=",", dates="dmy")
    _map(shop, "    ordered_at: Day\n    net_amount: Amount\n")
    before = _kept(shop)
    _read(shop, "o1.csv", HEAD + "1;2024-05-04;900\n")
    assert _kept(shop) == before


def test_two_files_of_a_run_both_leave_what_was_said_of_them(shop: Workshop) -> None:
    shop.set(decimal=",", dates="dmy")
    _map(shop, "    ordered_at: {sql: 'date(\"Day\")'}\n    net_amount: {sql: 'number(\"Amount\")'}\n")
    shop.write("o1.csv", DAYS)
    shop.write("o2.csv", HEAD + "3;2024-05-04;1,500\n")
    shop.run()
    assert "order: dmy" in _kept(shop) and "decimal: ','" in _kept(shop)


@pytest.mark.parametrize(
    "field",
    ["Day", "'Day, Time'", "{column: Day}", "{\n      column: Day\n    }", "\n      column: Day\n      zone: UTC"],
)
def test_a_style_is_put_into_any_way_of_writing_a_field(field: str) -> None:
    text = f"{START}  fields:\n    order_id: No\n    ordered_at: {field}\n    # the end\n"
    header = "'Day, Time'" if "," in field else "Day"
    zone = ", zone: UTC" if "zone" in field else ""
    wanted = (
        f"{START}  fields: {{order_id: No, ordered_at: {{column: {header}, calendar: jalali, order: dmy{zone}}}}}\n"
    )
    edited = edit_text(text, parse_mapping(wanted))
    assert edited is not None and "# the end" in edited and parse_mapping(edited) == parse_mapping(wanted)


def test_more_than_a_style_is_not_put_into_a_text() -> None:
    text = f"{START}  fields: {{order_id: No}}\n"
    assert edit_text(text, parse_mapping(f"{START}  fields: {{order_id: Number}}\n")) is None
