"""Spark in place gives DuckDB's numbers."""

from __future__ import annotations

import pytest
from database import Database
from same_numbers import SameNumbers
from two_engines import Both

pytestmark = pytest.mark.heavy


class TestSpark(SameNumbers):
    """Everything that is asked of both engines; of what PostgreSQL is asked in many ways, some, as planning is slow."""

    @pytest.mark.parametrize("by", ["region,is_online", "customer_id"])
    def test_every_reading_by_dimensions(self, both: Both, by: str) -> None:
        """Two at a time, and one with many members."""
        super().test_every_reading_by_dimensions(both, by)

    @pytest.mark.parametrize("where", ["is_key_account == 'true'"])
    def test_every_reading_under_a_condition(self, both: Both, where: str) -> None:
        """Flags are memberships."""
        super().test_every_reading_under_a_condition(both, where)

    @pytest.mark.parametrize("grain", ["1403-W10"])
    def test_every_reading_at_every_grain(self, both: Both, grain: str) -> None:
        """Besides months, a quarter and days."""
        super().test_every_reading_at_every_grain(both, grain)

    @pytest.mark.parametrize("seed", [1])
    def test_shops_made_by_chance(self, database: Database, seed: int) -> None:
        """Every kind of measure; values are bound."""
        super().test_shops_made_by_chance(database, seed)
