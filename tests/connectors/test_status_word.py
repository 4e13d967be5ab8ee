"""Statuses are known in their everyday forms, and a hint never makes revenue of what is not known."""

from __future__ import annotations

import pytest
from tests.connectors.workshop import Workshop, only

from sanjeh.connectors.status_word import hint_status, read_status

KNOWN = {
    "لغو شده توسط مشتری": "cancelled", "لغو شده توسط فروشنده": "cancelled",
    "کنسل شده": "cancelled",
    "انصرافی": "cancelled",
    "لغو به دلیل نبودن کالا": "cancelled", "برگشت از فروش": "refunded",
    "مرجوع شده": "refunded", "عودت": "refunded",
    "در انتظار پرداخت": "pending", "پرداخت ناموفق": "unpaid", "در حال پردازش": "paid", "ارسال شده": "shipped",
    "تحویل داده شده": "delivered", "Canceled by customer": "cancelled", "Returned to warehouse": "refunded",
}  # fmt: skip


@pytest.mark.parametrize(("said", "meant"), KNOWN.items())
def test_everyday_statuses_are_known(shop: Workshop, said: str, meant: str) -> None:
    shop.write("orders.csv", f"order_id,ordered_at,net_amount,status\n1,2024-03-01,10,{said}\n")
    table = only(shop.run())
    assert shop.rows("orders", "status") == [(meant,)]
    assert "unknown_values" not in {issue.code for issue in table.issues}


@pytest.mark.parametrize(
    "text", ["لغو نشده", "درخواست لغو", "not cancelled", "return requested", "non refundable", "نامشخص"]
)
def test_a_doubtful_word_is_no_cancellation(text: str) -> None:
    assert read_status(text) is None and hint_status(text) is None


@pytest.mark.parametrize("text", ["پرداخت", "paid by card", "واریز شد", "ok"])
def test_no_word_hints_at_paid(text: str) -> None:
    assert hint_status(text) is None


def test_returns_with_a_negative_amount_are_said_to_be_left_out(shop: Workshop) -> None:
    rows = "1,2024-03-01,100,paid\n2,2024-03-02,-40,برگشت از فروش\n3,2024-03-02,-5,adjustment\n"
    shop.write("orders.csv", "order_id,ordered_at,net_amount,status\n" + rows)
    [issue] = [issue for issue in only(shop.run()).issues if issue.code == "returns_left_out"]
    assert issue.data == {"rows": 1, "statuses": "refunded", "column": "status"}
