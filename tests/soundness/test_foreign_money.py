"""Money of another currency is worth what a rate or constant says; without one it is set aside, never taken 1 to 1."""

from __future__ import annotations

from asking import company

from sanjeh.engines.terms import Money

ORDERS = """
    order_id, ordered_at, net_amount, customer_id, currency
    1, 2024-03-10, 1000000, A,
    2, 2024-03-10, 2000000, A, IRT
    3, 2024-03-10, 10, B, USD
    4, 2024-03-20, 10, B, USD
    5, 2024-03-01, 10, B, USD
    6, 2024-03-20, 7, B, XYZ
"""
RATES = """
    currency, date, rate
    USD, 2024-03-05, 60000
    USD, 2024-03-15, 61000
    EUR, 2024-03-01, 70000
"""
TOMAN = Money("IRT", {"IRR": "0.1"})


def test_each_row_is_converted_at_the_last_rate_on_or_before_its_day() -> None:
    """3 000 000 in toman, 10 USD at 60 000, 10 at 61 000; the row before the first rate and the unknown one are out:
    their amounts, and they themselves."""
    shop = company({"orders": ORDERS, "exchange_rates": RATES}, money=TOMAN)
    assert shop.one("revenue", "2024-03") == 3_000_000 + 600_000 + 610_000
    assert shop.one("orders", "2024-03") == 4


def test_without_any_rate_foreign_rows_are_set_aside() -> None:
    """Ten dollars are not ten tomans."""
    assert company({"orders": ORDERS}, money=TOMAN).one("revenue", "2024-03") == 3_000_000


def test_only_foreign_money_without_a_rate_is_no_data_and_not_zero() -> None:
    """An amount that cannot be told is unknown."""
    rows = "order_id, ordered_at, net_amount, currency\n1, 2024-03-01, 10, USD"
    assert company({"orders": rows}, money=TOMAN).one("revenue", "2024-03") == "no_data"


def test_rial_is_a_tenth_of_a_toman_without_any_rate() -> None:
    """The family of the rial is tied by constants: 50 000 rial and 1 000 toman are 6 000 toman."""
    rows = "order_id, ordered_at, net_amount, currency\n1, 2024-03-01, 50000, IRR\n2, 2024-03-01, 1000, IRT"
    assert company({"orders": rows}, money=TOMAN).one("revenue", "2024-03") == 6_000


def test_a_refund_is_converted_once_at_its_own_day() -> None:
    """A dollar refund of a dollar order: each at its day's rate; one of an unknown order likewise."""
    rows = {
        "orders": "order_id, ordered_at, net_amount, currency\n1, 2024-03-06, 10, USD",
        "refunds": """
            refund_id, refunded_at, amount, order_id, currency
            1, 2024-03-16, 2, 1, USD
            2, 2024-03-16, 1, gone, USD
        """,
        "exchange_rates": RATES,
    }
    shop = company(rows, money=TOMAN)
    assert shop.one("revenue", "2024-03") == 10 * 60_000 - 2 * 61_000 - 1 * 61_000
    assert shop.one("refund_amount", "2024-03") == 3 * 61_000


def test_fractions_of_a_rate_are_kept_and_amounts_are_added_exactly() -> None:
    """Ten times a tenth is one: money is decimal where it is summed."""
    lines = "\n".join(f"{n}, 2024-03-01, 0.1" for n in range(10))
    assert company({"orders": f"order_id, ordered_at, net_amount\n{lines}"}).one("revenue - 1", "2024-03") == 0
