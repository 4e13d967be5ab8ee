"""The demo company, written once for all tests of this folder."""

from __future__ import annotations

import pytest
from independent_shop import Shop

from sanjeh.demo import DemoFiles, write_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The demo's files in a folder of their own."""
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def shop(demo: DemoFiles) -> Shop:
    """The demo's rows, read by hand."""
    return Shop(demo.folder)
