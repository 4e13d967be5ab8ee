"""The engine matrix on PostgreSQL."""

from __future__ import annotations

import pytest
from same_matrix import SameMatrix

pytestmark = pytest.mark.heavy


class TestPostgres(SameMatrix):
    """Every example of every KPI."""
