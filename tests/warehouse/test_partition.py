"""How finely an entity is cut."""

from __future__ import annotations

import pytest

from sanjeh.warehouse.partition import choose_granularity


@pytest.mark.parametrize(
    ("rows", "before", "granularity"),
    [
        (200_000, None, "all"),
        (200_001, None, "year"),
        (1_000_001, None, "month"),
        (200_001, "all", "year"),
        (1_000_001, "year", "month"),
        (999_999, "month", "month"),
        (499_999, "month", "year"),
        (150_000, "year", "year"),
        (100_000, "year", "all"),
        (100_000, "month", "all"),
    ],
)
def test_an_entity_is_cut_finer_at_once_and_coarser_only_below_half(
    rows: int, before: str | None, granularity: str
) -> None:
    assert choose_granularity(rows, before) == granularity
