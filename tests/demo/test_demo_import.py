"""The demo through the whole product: what an import finds is what was written, and every KPI is what a hand computes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from independent import values_of
from independent_shop import Shop, Value
from independent_variants import variants_of

from sanjeh.connectors import ImportReport
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
    expected |= variants_of(shop, (months,))
    frame = imported[0].compute(every=grain, since="1401-01", until="1403-12", variants=True)
    found = {(point.kpi, point.variant, point.period): point.value for point in frame.points}
    assert set(expected) <= set(found)
    assert _differences(expected, found) == {}


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
