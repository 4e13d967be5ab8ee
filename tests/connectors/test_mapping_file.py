"""A mapping written as YAML and read again is the same mapping, and its faults have places."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.connectors import Field, SourceMapping, TableMapping, load_mapping, parse_mapping, render_mapping
from sanjeh.connectors.mapping_file import save_mapping
from sanjeh.connectors.reading import ReadOptions
from sanjeh.errors import DefinitionError

WHOLE = """
source: shop_orders
match: ["orders-*.csv", "سفارش*.xlsx"]
read: {delimiter: ";", encoding: windows-1256, header: 3, sheet: فروش}
tables:
  - entity: orders
    where: "InvoiceNo not like 'C%'"
    group: [InvoiceNo]
    fields:
      order_id: InvoiceNo
      ordered_at: {column: InvoiceDate, calendar: gregorian, order: mdy, zone: UTC}
      net_amount: {sql: "sum(number(Quantity) * number(UnitPrice))", currency: IRR, unit: million}
      status: {column: Status, values: {Shipped: delivered, "لغو شده": cancelled}}
      region: {value: "Tehran"}
    dimensions:
      banner: {column: banner}
      price_band: {sql: "case when x = 'a' then 'b' end", type: text}
    key: [order_id, banner]
    covers_from: 2020-01-01
    ignore: [Col1]
  - entity: refunds
    fields: {refunded_at: InvoiceDate, amount: Amount}
    key: none
"""


def test_everything_a_mapping_may_say_is_read() -> None:
    mapping = parse_mapping(WHOLE)
    orders, refunds = mapping.tables
    assert (mapping.sheet, mapping.read) == (
        "فروش",
        ReadOptions(delimiter=";", encoding="windows-1256", header=3),
    )
    assert orders.field_of("ordered_at") == Field(
        "ordered_at", "InvoiceDate", calendar="gregorian", order="mdy", zone="UTC"
    )
    amount = orders.field_of("net_amount")
    assert amount is not None and (amount.currency, amount.unit) == ("IRR", Decimal(10**6))
    assert (orders.key, orders.keyless, orders.covers_from) == (("order_id", "banner"), False, date(2020, 1, 1))
    assert (refunds.key, refunds.keyless) == ((), True)


def test_what_is_written_reads_as_the_same_mapping() -> None:
    mapping = parse_mapping(WHOLE)
    assert parse_mapping(render_mapping(mapping)) == mapping


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cf"]), min_size=1, max_size=12)
_NAME = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@st.composite
def _fields(draw: st.DrawFn) -> Field:
    origin = draw(st.sampled_from(["column", "sql", "value"]))
    return Field(
        draw(_NAME),
        **{origin: draw(_TEXT)},  # type: ignore[arg-type]
        calendar=draw(st.sampled_from([None, "jalali", "gregorian"])),
        order=draw(st.sampled_from(["ymd", "dmy", "mdy"])),
        bare=draw(st.sampled_from(["none", "excel_serial"])),
        two_digit_year=draw(st.booleans()),
        float_ids=draw(st.booleans()),
        decimal=draw(st.sampled_from([None, ".", ",", "/"])),
        currency=draw(st.sampled_from([None, "IRR", "USD"])),
        unit=draw(st.sampled_from([Decimal(1), Decimal(1000), Decimal("0.01"), Decimal("2.5")])),
        values=draw(st.dictionaries(_TEXT, _TEXT, max_size=3)),
    )


@given(
    st.lists(_fields(), min_size=1, max_size=4, unique_by=lambda each: each.target),
    st.lists(_TEXT, min_size=1, max_size=3).map(tuple),
    st.sampled_from([None, "\t", ";"]),
)
def test_any_mapping_survives_being_written(fields: list[Field], match: tuple[str, ...], delimiter: str | None) -> None:
    table = TableMapping("orders", tuple(fields), ignore=match, group=match, key=(fields[0].target,))
    mapping = SourceMapping("a", match, (table,), sheet=match[0], read=ReadOptions(delimiter=delimiter))
    assert parse_mapping(render_mapping(mapping)) == mapping


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("source: a\ntables:\n- entity: orders\n  fields:\n    order_id: {}\n", "field_without_origin", 5),
        ("source: a\ntables:\n- entity: orders\n  feilds: {order_id: x}\n", "unknown_key", 4),
        ("source: a\ntables:\n- entity: orders\n  fields: {order_id: {column: x, order: xyz}}\n", "not_a_choice", 4),
        ("source: a\ntables:\n- entity: orders\n  fields: {order_id: {column: x, unit: -1}}\n", "not_a_number", 4),
        ("source: a\ntables:\n- entity: orders\n  covers_from: soon\n  fields: {order_id: x}\n", "not_a_day", 4),
        ("source: a\ntables:\n- entity: orders\n  key: [b]\n  fields: {order_id: x}\n", "key_not_mapped", 3),
        ("source: a\nread: {delimiter: abc}\ntables: [{entity: orders, fields: {a: b}}]\n", "bad_read_option", None),
        ("source: a\n", "missing_key", 1),
        ("source: [\n", "bad_yaml", None),
    ],
)
def test_a_fault_is_found_with_its_line(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_mapping(path)
    found = {issue.code: issue.place for issue in caught.value.issues}
    assert code in found
    place = found[code]
    assert line is None or (place is not None and place.line == line and place.file == str(path))


def test_a_mapping_is_saved_under_its_name(tmp_path: Path) -> None:
    mapping = parse_mapping(WHOLE)
    path = save_mapping(mapping, tmp_path / "sources")
    assert path.name == "shop_orders.yaml"
    assert load_mapping(path) == mapping
