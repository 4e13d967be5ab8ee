"""The engine matrix on ClickHouse."""

from __future__ import annotations

import pytest
from same_matrix import SameMatrix

pytestmark = pytest.mark.heavy


class TestClickHouse(SameMatrix):
    """Every example of every KPI."""
