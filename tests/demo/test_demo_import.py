"""The demo through the whole product: an import finds what was written, and every KPI is what it comes to by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from independent import values_of
from independent_shop import Shop, Span, Value
from independent_variants import variants_of

from sanjeh.connectors import ImportReport, load_mapping
from sanjeh.connectors.cleaning import clean_text
from sanjeh.demo import DemoFiles
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

_SETTINGS = Settings(name="demo", calendar="jalali", currency="IRT", time_zone="Asia/Tehran")

Imported = tuple[Workspace, ImportReport]


@pytest.fixture(scope="module")
def imported(demo: DemoFiles, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    workspace = create_workspace(tmp_path_factory.mktemp("company") / "shop", _SETTINGS)
    return workspace, workspace.import_files([demo.folder])


def test_every_file_comes_in_without_a_question(imported: Imported) -> None:
    _, report = imported
    assert report.is_complete and report.holds
    assert report.errors == ()


def test_the_import_counts_what_the_demo_says_of_each_file(demo: DemoFiles, imported: Imported) -> None:
    _, report = imported
    found = {
        (Path(file.file).name, table.entity): (
            table.read,
            table.loaded + table.replaced,
            table.duplicate + table.superseded,
            table.quarantined,
            table.replaced,
        )
        for file in report.files
        for table in file.tables
    }
    told = {
        (file.name, file.entity): (file.rows, file.loaded, file.duplicate, file.quarantined, file.replaced)
        for file in demo.files
    }
    assert found == told


def test_the_mappings_that_are_proposed_are_those_intended(demo: DemoFiles, imported: Imported) -> None:
    workspace, report = imported
    found = {}
    for file in report.files:
        assert file.mapping is not None, file.label
        (table,) = load_mapping(workspace.folder / "sources" / f"{file.mapping}.yaml").tables
        fields = {clean_text(field.column): field.target for field in table.fields if field.column}
        found[Path(file.file).name, file.part or ""] = (table.entity, fields)
    assert found == {place: (entity, dict(headers)) for place, (entity, headers) in demo.intended.items()}


def test_the_warehouse_holds_the_rows_that_the_demo_says(demo: DemoFiles, imported: Imported) -> None:
    stored = imported[0].snapshot().entities
    entities = {file.entity for file in demo.files}
    assert {name: stored[name].rows for name in entities} == {name: demo.rows_of(name) for name in entities}


@pytest.mark.parametrize(("grain", "months"), [("month", 1), ("quarter", 3), ("year", 12)])
def test_every_kpi_and_variant_is_what_the_files_come_to_by_hand(
    shop: Shop, imported: Imported, grain: str, months: int
) -> None:
    expected: dict[tuple[str, str | None, str], Value] = {
        (kpi, None, label): value for (kpi, label), value in values_of(shop, (months,)).items() if kpi != "campaign_cac"
    }
    expected.update(variants_of(shop, (months,)).items())
    frame = imported[0].compute(every=grain, since="1401-01", until="1403-12", variants=True)
    found = {(point.kpi, point.variant, point.period): point.value for point in frame.points}
    assert set(expected) <= set(found)
    assert _differences(expected, found) == {}


@pytest.mark.parametrize("dimension", ["region", "lob"])
def test_the_revenue_of_every_member_is_what_its_orders_come_to(shop: Shop, imported: Imported, dimension: str) -> None:
    expected: dict[tuple[str, str | None], int] = {}
    for year in (Span(place, 12) for place in (0, 12, 24)):
        for row in shop.between("revenue", "ordered_at", year.s, year.e):
            key = (year.label, row.get(dimension))
            expected[key] = expected.get(key, 0) + row["worth"]
    frame = imported[0].compute("revenue", every="year", since="1401-01", until="1403-12", by=dimension)
    found = {(point.period, point.members[dimension]): point.value for point in frame.points if point.value}
    assert found == expected


def _differences(
    expected: Mapping[tuple[str, str | None, str], Value], found: Mapping[tuple[str, str | None, str], Value]
) -> dict[tuple[str, str | None, str], tuple[Value, Value]]:
    wrong = {}
    for key, value in expected.items():
        have = found[key]
        if have is None or value is None:
            same = have is None and value is None
        else:
            same = have == pytest.approx(value, rel=1e-9, abs=1e-9)
        if not same:
            wrong[key] = (have, value)
    return wrong
