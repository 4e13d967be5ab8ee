"""What the tests of importing share: a company that counts in rial."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from tests.connectors.workshop import Workshop

from sanjeh.connectors import ImportSettings
from sanjeh.definitions import load_catalogue


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A company that counts in rial."""
    settings = ImportSettings(
        tmp_path / "warehouse", tmp_path / "sources", load_catalogue(), datetime(2024, 7, 1), zone="Asia/Tehran"
    )
    return Workshop(tmp_path, settings)
