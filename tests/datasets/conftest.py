"""A set of reference data, imported once for the tests of its module, which names it (SET) and its files (FILES)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.datasets.compare import Imported, Row, build_workspace, read_reference


@pytest.fixture(scope="module")
def reference(shared: Path, request: pytest.FixtureRequest) -> tuple[Row, ...]:
    """The rows of the module's reference table."""
    return read_reference(shared / "data" / request.module.SET / "reference.csv")


@pytest.fixture(scope="module")
def imported(shared: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """The module's set in a workspace of its own, and the report of the import."""
    name = request.module.SET
    files = [shared / "data" / name / file for file in request.module.FILES]
    return build_workspace(name, tmp_path_factory.mktemp(name), files)
