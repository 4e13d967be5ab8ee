"""The demo company, written once for all tests of this folder."""

from __future__ import annotations

import pytest
from demo_reading import Row, read_demo
from independent_shop import YEARS, Shop, month_start

from sanjeh.demo import DemoFiles, write_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The demo's files in a folder of their own."""
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def found(demo: DemoFiles) -> tuple[dict[str, list[Row]], dict[tuple[str, str], dict[str, int]]]:
    """The demo's rows by entity and the counts of its files, read by hand."""
    return read_demo(demo.folder)


@pytest.fixture(scope="session")
def shop(found: tuple[dict[str, list[Row]], dict[tuple[str, str], dict[str, int]]]) -> Shop:
    """The company whose rows these are."""
    rows = {entity: [dict(row) for row in read] for entity, read in found[0].items()}
    return Shop.of_rows(rows, month_start(12 * YEARS))
