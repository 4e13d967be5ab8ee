"""What the examples in docstrings may use: ``shop``, a workspace with five orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

ORDERS = """order_id,ordered_at,net_amount,customer_id,region
1,2024-01-05,100,Anna,north
2,2024-01-20,200,Ben,south
3,2024-02-03,300,Anna,north
4,2024-02-10,50,Cleo,south
5,2024-02-29,250,Dora,north
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace of the examples; they only read it."""
    folder: Path = tmp_path_factory.mktemp("shop")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    space = create_workspace(folder / "workspace", Settings(name="Shop", currency="EUR"))
    space.import_file(folder / "orders.csv")
    return space


@pytest.fixture(autouse=True)
def _example_names(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]) -> None:
    """Only examples that name the shop wait until it is built."""
    if "shop." in getattr(getattr(request.node, "dtest", None), "docstring", ""):
        doctest_namespace["shop"] = request.getfixturevalue("shop")
