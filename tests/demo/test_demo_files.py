"""The exports: the same each time, of the promised size, under headers that the model knows, dirty as counted."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from demo_reading import KEYS, Row, to_number, to_time, typed_row

from sanjeh.connectors.cleaning import match_key
from sanjeh.definitions import load_catalogue
from sanjeh.demo import KINDS, DemoFiles, dirt, draw_tables, write_demo
from sanjeh.errors import DataError

Found = tuple[dict[str, list[Row]], dict[tuple[str, str], dict[str, int]]]


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_seed_writes_the_same_bytes(demo: DemoFiles, tmp_path: Path) -> None:
    again = write_demo(tmp_path / "again")
    assert _hashes(demo.folder) == _hashes(again.folder)
    assert again.files == demo.files


def test_another_seed_draws_another_company_of_the_same_kind(demo: DemoFiles) -> None:
    other = draw_tables(7)
    assert [table.file for table in other] == [file.name for file in demo.files]
    orders = next(table for table in other if table.file == "03-orders-1401.csv")
    assert len(orders.rows) != next(file.rows for file in demo.files if file.name == "03-orders-1401.csv")


def test_a_folder_that_holds_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a")
    with pytest.raises(DataError) as caught:
        write_demo(tmp_path)
    assert caught.value.issues[0].code == "demo_folder_not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_every_entity_that_is_stored_has_a_file(demo: DemoFiles) -> None:
    stored = {entity.id for entity in load_catalogue().entities.values() if not entity.derived_only}
    assert {file.entity for file in demo.files} == stored
    assert set(KEYS) | {"user_activity"} == stored


@pytest.mark.parametrize(
    ("entity", "least", "most"),
    [
        ("orders", 12_000, 15_500),
        ("order_lines", 32_000, 42_000),
        ("web_sessions", 50_000, 75_000),
        ("leads", 4_000, 4_000),
        ("deals", 1_000, 1_400),
        ("customers", 5_000, 6_000),
    ],
)
def test_the_sizes_are_modest(demo: DemoFiles, entity: str, least: int, most: int) -> None:
    assert least <= demo.rows_of(entity) <= most


def test_the_days_are_three_whole_jalali_years(demo: DemoFiles) -> None:
    assert (demo.first_day.isoformat(), demo.as_of.isoformat()) == ("2022-03-21", "2025-03-21")


def test_every_header_is_a_name_that_the_model_knows_for_its_field(demo: DemoFiles) -> None:
    entities = load_catalogue().entities
    strange = []
    for file in demo.files:
        for header, field in file.headers.items():
            column = entities[file.entity].columns[field]
            words = [column.title.fa, *(word for listed in column.synonyms.values() for word in listed)]
            known = {match_key(word) for word in words}
            if match_key(re.sub(r" \((تومان|ریال)\)", "", header)) not in known:
                strange.append((file.name, header, field))
    assert strange == []


def test_no_file_lacks_a_required_column_or_has_two_for_one_field(demo: DemoFiles) -> None:
    entities = load_catalogue().entities
    for file in demo.files:
        fields = list(file.headers.values())
        required = {name for name, column in entities[file.entity].columns.items() if column.required}
        assert required <= set(fields), file.name
        assert len(fields) == len(set(fields)), file.name


def test_the_counts_are_those_that_a_careful_reader_finds(demo: DemoFiles, found: Found) -> None:
    entities, counts = found
    for file in demo.files:
        counted = counts[file.name, file.sheet]
        told = {name: getattr(file, name) for name in ("rows", "duplicate", "quarantined", "replaced")}
        assert counted == told, (file.name, file.sheet)
    for entity, rows in entities.items():
        assert demo.rows_of(entity) == len(rows), entity


def test_every_kind_of_dirt_is_in_some_file(demo: DemoFiles) -> None:
    kinds = dirt(demo.files)
    assert [code for code, _, files in kinds if not files] == []
    assert {outcome for _, outcome, _ in kinds} == {"loaded", "replaced", "duplicate", "quarantined"}
    assert len(kinds) == len(KINDS)


def _sum_of_lines(entities: dict[str, list[Row]]) -> dict[str, int]:
    lines: dict[str, int] = {}
    for line in entities["order_lines"]:
        lines[line["order_id"]] = lines.get(line["order_id"], 0) + line["net_amount"]
    return lines


def test_orders_agree_with_their_lines_once_corrected_and_in_toman(found: Found) -> None:
    entities, _ = found
    assert {row["order_id"]: row["net_amount"] for row in entities["orders"]} == _sum_of_lines(entities)
    assert any(row["order_id"].startswith("F") for row in entities["orders"])


@pytest.mark.parametrize("text", ["1402/13/45", "1403/07/31", "1401/00/12", "1402/12/30"])
def test_the_reader_by_hand_refuses_days_that_no_calendar_has(text: str) -> None:
    with pytest.raises(ValueError):
        to_time(text)


def test_the_reader_by_hand_reads_what_people_write() -> None:
    assert to_time("۱۴۰۳-۵-۴ ۰۸:۳۰").isoformat() == "2024-07-25T08:30:00"
    assert (to_number("۱٬۲۵۰٬۰۰۰"), to_number("12.5")) == (1_250_000, 12.5)
    assert typed_row({"تاریخ": "", "مقدار": "3"}, "تاریخ=date t!; مقدار=value n") is None
    assert typed_row({"مبلغ (ریال)": "1,200"}, "مبلغ (ریال)=amount n!") == {"amount": 120}
