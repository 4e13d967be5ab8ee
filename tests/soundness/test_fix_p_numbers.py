"""Parameters that count were once read by their text, so that 90.0 days fell over instead of being 90."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjeh.errors import QuestionError
from sanjeh.settings import Settings, check_parameters, write_settings

from .asking import CATALOGUE, company

ORDERS = {"orders": [{"order_id": "1", "ordered_at": "2024-01-05", "net_amount": "5", "customer_id": "a"}]}


def test_ninety_days_may_be_written_with_a_point() -> None:
    """The customer of 5 January may have bought before the data began, as with 90."""
    assert "provisional" in company(ORDERS, parameters={"lost_after_days": 90.0}).marks("new_customers", "2024-02")


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 90.5, 1e30])
def test_no_part_of_a_day_and_no_endless_wait_is_counted(value: float) -> None:
    with pytest.raises(QuestionError) as caught:
        company(ORDERS, parameters={"lost_after_days": value}).marks("new_customers", "2024-02")
    assert caught.value.issues[0].code == "bad_parameter"


@pytest.mark.parametrize("value", [float("inf"), 1.5])
def test_a_number_of_periods_is_whole(value: float) -> None:
    with pytest.raises(QuestionError) as caught:
        company(ORDERS, parameters={"baseline_periods": value}).one("baseline(revenue, baseline_periods)", "2024-02")
    assert caught.value.issues[0].code == "bad_parameter"


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("lost_after_days", 90.0, True),
        ("lost_after_days", 90.5, False),
        ("lost_after_days", float("inf"), False),
        ("loyal_min_orders", 2.5, False),
        ("popular_share", 0.25, True),
        ("discount_rate", float("nan"), False),
    ],
)
def test_settings_refuse_what_cannot_be_counted(tmp_path: Path, name: str, value: float, fits: bool) -> None:
    write_settings(tmp_path, Settings())
    issues = check_parameters(Settings(parameters={name: value}), CATALOGUE, tmp_path / "sanjeh.toml")
    assert [issue.code for issue in issues] == ([] if fits else ["bad_parameter"])
