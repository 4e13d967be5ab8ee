"""Each set of reference data, imported once for all tests of the session, which only read it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from tests.datasets.compare import Row, read_reference
from tests.datasets.imported import Imported, build_workspace
from tests.datasets.reference_set import SETS, ReferenceSet


@pytest.fixture(scope="session", params=SETS, ids=lambda one: cast("ReferenceSet", one).id)
def given(request: pytest.FixtureRequest) -> ReferenceSet:
    """The set that the test is about."""
    return cast("ReferenceSet", request.param)


@pytest.fixture(scope="session")
def reference(given: ReferenceSet, shared: Path) -> tuple[Row, ...]:
    """The rows of the set's reference table."""
    return read_reference(shared / "data" / given.name / "reference.csv")


@pytest.fixture(scope="session")
def workspaces() -> dict[str, Imported]:
    """What was imported so far: tests of one set need not follow each other."""
    return {}


@pytest.fixture(scope="session")
def imported(
    given: ReferenceSet, shared: Path, workspaces: dict[str, Imported], tmp_path_factory: pytest.TempPathFactory
) -> Imported:
    """The set in a workspace of its own, and the report of the import."""
    if given.id not in workspaces:
        folder = tmp_path_factory.mktemp(given.id)
        workspaces[given.id] = build_workspace(given.name, folder, given.paths(shared / "data"))
    return workspaces[given.id]
