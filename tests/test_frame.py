"""A frame holds the same points as records, JSON, Arrow, Polars, pandas and HTML."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sanjeh.frame import COLUMNS, Frame, is_share
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

ORDERS = """order_id,ordered_at,net_amount,customer_id,region
1,2024-01-05,100,A,<b>Rey</b>
2,2024-01-20,200,B,Shiraz
3,2024-02-29,300,A,
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with three orders of two months."""
    folder = tmp_path_factory.mktemp("frame")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    space = create_workspace(folder / "shop", Settings(currency="IRT"))
    space.import_file(folder / "orders.csv")
    return space


@pytest.fixture(scope="module")
def frame(space: Workspace) -> Frame:
    """Revenue by region, with a KPI that has no value."""
    return space.compute("revenue", "sales_growth_yoy", by="region")


def test_a_frame_is_as_long_as_its_points(frame: Frame) -> None:
    assert len(frame) == len(list(frame)) == len(frame.records()) == 2 * 2 * 3


def test_a_value_is_found_by_name_period_and_members(frame: Frame) -> None:
    assert frame.value("revenue", "2024-01", region="Shiraz") == 200
    assert frame.value("revenue", "2024-02", region=None) == 300
    assert frame.value("sales_growth_yoy", "2024-01", region="Shiraz") is None
    with pytest.raises(KeyError):
        frame.value("revenue", "2024-01")
    with pytest.raises(KeyError):
        frame.value("revenue", "2031-01", region="Shiraz")


def test_records_and_json_say_the_same(frame: Frame) -> None:
    told = json.loads(frame.to_json())
    assert [tuple(record) for record in told] == [COLUMNS] * len(frame)
    assert json.loads(json.dumps(frame.records(), default=str)) == told


def test_every_table_has_the_same_columns_types_and_gaps(frame: Frame) -> None:
    arrow, polars, pandas = frame.to_arrow(), frame.to_polars(), frame.to_pandas()
    names = list(frame.flat())
    assert arrow.column_names == polars.columns == list(pandas.columns) == names
    assert "region" in names
    values = [point.value for point in frame]
    assert arrow.column("value").to_pylist() == polars["value"].to_list() == values
    assert [None if math.isnan(value) else value for value in pandas["value"]] == values
    assert arrow.column("start").to_pylist() == polars["start"].to_list() == [point.start for point in frame]
    assert arrow.column("start").to_pylist()[0] == date(2024, 1, 1)
    assert polars["reason"].to_list() == [point.reason for point in frame]


def test_a_frame_without_points_is_a_table_without_rows(tmp_path: Path) -> None:
    frame = create_workspace(tmp_path / "empty", Settings()).compute()
    assert len(frame) == 0
    assert frame.to_arrow().num_rows == frame.to_polars().height == len(frame.to_pandas()) == 0
    assert json.loads(frame.to_json()) == []
    assert "<table" in frame._repr_html_()


def test_a_notebook_sees_periods_across_and_no_markup_of_the_data(frame: Frame) -> None:
    html = frame._repr_html_()
    assert html.count("<tr>") == 1 + 2 * 3
    assert "&lt;b&gt;Rey" in html
    assert "<b>Rey" not in html
    assert "200 toman" in html


def test_a_persian_notebook_reads_from_the_right(space: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "fa"
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    persian = create_workspace(folder, Settings(language="fa", currency="IRT"))
    persian.import_file(tmp_path / "orders.csv")
    html = persian.compute("revenue")._repr_html_()
    assert 'dir="rtl"' in html
    assert "۳۰۰" in html


def test_titles_stand_beside_ids_in_the_language_asked(space: Workspace) -> None:
    frame = space.compute("revenue", "revenue.gross", last=1)
    assert [column.title for column in frame.table().columns][:2] == ["KPI", "Id"]
    assert [(row[0].text, row[1].text) for row in frame.table().rows] == [
        ("Revenue", "revenue"),
        ("Gross sales (before refunds)", "revenue.gross"),
    ]
    assert frame.flat()["title"] == ["Revenue", "Gross sales (before refunds)"]
    persian = replace(frame, language="fa")
    assert persian.table().rows[0][0].text == "درآمد"
    assert "درآمد" in persian._repr_html_()
    assert persian.flat()["kpi"] == ["revenue", "revenue"]


@pytest.mark.parametrize(
    ("name", "is_part"),
    [
        ("lead_conversion_rate", True),
        ("conversion_rate", True),
        ("online_store_conversion_rate", True),
        ("sales_growth_yoy", False),
        ("gross_profit_margin", False),
        ("uptime_rate", False),
        ("share_of_ad_spend.versus", False),
        ("average_order_value", False),
    ],
)
def test_a_share_is_bounded_by_its_definition_or_is_one_count_through_another(
    space: Workspace, name: str, is_part: bool
) -> None:
    [reading] = space.readings([name])
    assert is_share(reading, space.catalogue) is is_part
