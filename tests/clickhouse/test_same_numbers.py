"""ClickHouse in place gives DuckDB's numbers."""

from __future__ import annotations

import pytest
from same_numbers import SameNumbers

pytestmark = pytest.mark.heavy


class TestClickHouse(SameNumbers):
    """Everything that is asked of both engines."""
