"""What an import takes up, and what still counts of the rows it set aside."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from sanjeh.ingest import without_workspace
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

HEAD = "order_id,ordered_at,net_amount\n"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace without data."""
    return create_workspace(tmp_path / "shop", Settings(name="shop", currency="USD"))


def test_a_workspace_does_not_import_itself(space: Workspace) -> None:
    """Exports kept in the workspace's folder are taken, its own files and empty folders are not."""
    (space.folder / "orders.csv").write_text(HEAD + "1,2024-01-05,100\n", encoding="utf-8")
    (space.folder / "kpis" / "own.yaml").write_text("kpis: []\n", encoding="utf-8")
    assert without_workspace(space.folder, space.folder) == [space.folder / "orders.csv"]
    for _ in range(2):
        assert space.import_files([space.folder]).is_complete


def test_a_row_leaves_the_quarantine_when_its_file_comes_again_mended(space: Workspace, tmp_path: Path) -> None:
    """Importing the broken file twice does not set its row aside twice; importing it mended sets nothing aside."""
    file = tmp_path / "orders.csv"
    file.write_text(HEAD + "1,2024-01-05,100\n2,2024-01-36,200\n", encoding="utf-8")
    for hour in (9, 10):
        space.import_files([file], now=datetime(2024, 2, 1, hour))
        assert [(row.line, row.value) for row in space.quarantine()] == [(3, "2024-01-36")]
    file.write_text(HEAD + "1,2024-01-05,100\n2,2024-01-26,200\n", encoding="utf-8")
    space.import_files([file], now=datetime(2024, 2, 1, 11))
    assert space.quarantine() == ()
    assert space.compute("revenue", every="total").points[0].value == 300
