"""The currency of a workspace is that of its stored rows; another setting would only give them another name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sanjeh.errors import WorkspaceError
from sanjeh.settings import Settings, write_settings
from sanjeh.stored_money import FILE, check_money
from sanjeh.workspace import Workspace, create_workspace, open_workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace in rial with one order."""
    made = create_workspace(tmp_path / "shop", Settings(name="shop", currency="IRR"))
    (tmp_path / "orders.csv").write_text("order_id,ordered_at,net_amount\n1,2024-01-05,1000\n", encoding="utf-8")
    assert made.import_files([tmp_path / "orders.csv"]).total("loaded") == 1
    return made


def _changed(space: Workspace, **changes: str) -> Workspace:
    write_settings(space.folder, replace(space.settings, **changes))  # type: ignore[arg-type]
    return open_workspace(space.folder)


def test_the_first_import_keeps_the_currency_and_the_zone(space: Workspace) -> None:
    text = (space.warehouse / FILE).read_text(encoding="utf-8")
    assert text == f'currency = "IRR"\ntime_zone = "{space.settings.time_zone}"\n'


def test_another_currency_is_refused_when_computing_and_when_importing(space: Workspace, tmp_path: Path) -> None:
    changed = _changed(space, currency="IRT")
    with pytest.raises(WorkspaceError) as computing:
        changed.compute("revenue")
    with pytest.raises(WorkspaceError) as importing:
        changed.import_files([tmp_path / "orders.csv"])
    assert (computing.value.code, importing.value.code) == ("currency_changed", "currency_changed")
    assert "IRR" in str(computing.value)


def test_the_setting_put_back_computes_again(space: Workspace) -> None:
    _changed(space, currency="IRT")
    assert _changed(space, currency="IRR").compute("revenue", every="year").value("revenue", "2024") == 1000


def test_another_zone_is_refused_when_importing_only(space: Workspace, tmp_path: Path) -> None:
    other = "Asia/Tokyo"
    changed = _changed(space, time_zone=other)
    assert changed.compute("revenue", every="year").value("revenue", "2024") == 1000
    with pytest.raises(WorkspaceError) as importing:
        changed.import_files([tmp_path / "orders.csv"])
    assert importing.value.code == "zone_changed"


def test_a_workspace_without_rows_may_still_change_its_currency(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "shop", Settings(name="shop", currency="IRR"))
    check_money(made.warehouse, "IRT")
    assert not (made.warehouse / FILE).exists()


def test_a_file_that_cannot_be_read_is_said_to_be_so(space: Workspace) -> None:
    (space.warehouse / FILE).write_text("currency = ", encoding="utf-8")
    with pytest.raises(WorkspaceError) as raised:
        check_money(space.warehouse, "IRR")
    assert raised.value.code == "stored_money_unreadable"
