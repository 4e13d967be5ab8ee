"""Letters that an export lost are noticed, and a question mark that somebody wrote is not."""

from __future__ import annotations

from tests.connectors.workshop import Workshop

from sanjeh.connectors import ImportReport

HEADS = "order_id,ordered_at,net_amount,customer_id\n"


def codes(report: ImportReport) -> set[str]:
    return {issue.code for issue in report.issues}


def test_broken_headers_are_warned_of(shop: Workshop) -> None:
    text = "شماره فاکتور,تار?خ سفارش,کد مشتر?,مبلغ کل (تومان),وضع?ت سفارش\n1,1403/02/01,a,1000,x\n"
    shop.write("sales.csv", text.encode("windows-1256"))
    [issue] = [issue for issue in shop.run().issues if issue.code == "letters_lost"]
    assert issue.data == {"file": "sales.csv", "value": "تار?خ سفارش"}


def test_broken_cells_are_warned_of(shop: Workshop) -> None:
    shop.write("orders.csv", HEADS + "".join(f"{n},2024-03-01,10,عل? رضا??\n" for n in range(3)))
    assert "letters_lost" in codes(shop.run())


def test_a_question_is_no_lost_letter(shop: Workshop) -> None:
    shop.write("orders.csv", HEADS + "".join(f"{n},2024-03-01,10,علی کجاست? اینجا\n" for n in range(3)))
    assert "letters_lost" not in codes(shop.run())
