"""A number stated for a month was once counted whole in the week of its first day: a rival's month beside our week."""

from __future__ import annotations

import pytest

from .asking import company

ROWS = {
    "ad_daily": [{"date": "2024-05-01", "cost": "10"}, {"date": "2024-05-07", "cost": "20"}],
    "competitor_spend": [{"date": "2024-05-01", "amount": "90", "competitor": "Rival", "grain": "month"}],
}


@pytest.mark.parametrize(("period", "value"), [("2024-05", 30 / 120), ("2024-Q2", 30 / 120)])
def test_a_month_of_a_rival_is_read_by_the_month_or_longer(period: str, value: float) -> None:
    assert company(ROWS).one("share_of_ad_spend", period) == pytest.approx(value)


@pytest.mark.parametrize("period", ["2024-W19", "2024-05-01"])
def test_a_shorter_span_than_the_stated_one_is_incomparable(period: str) -> None:
    assert company(ROWS).one("share_of_ad_spend", period) == "incomparable"
