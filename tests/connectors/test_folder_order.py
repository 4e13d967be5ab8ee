"""What a folder of files becomes does not hang on their names' order where the files are independent."""

from __future__ import annotations

from itertools import permutations

import pytest
from tests.connectors.workshop import Workshop

from sanjeh.connectors import Outcome
from sanjeh.connectors.reading import find_sources

ORDERS = "order_id,ordered_at,net_amount,customer_id\nA1,2024-03-01,10,C1\nA2,2024-03-02,20,C2\n"
REGIONS = "order_id,ordered_at,net_amount,customer_id,region\nB1,2024-03-03,30,C1,North\n"
PLAIN = "order_id,ordered_at,net_amount\nD1,2024-03-04,40\n"


def test_files_are_read_in_the_order_of_the_numbers_in_their_names(shop: Workshop) -> None:
    for name in ("orders-10.csv", "orders-9.csv", "orders-۱۱.csv", "a.csv"):
        shop.write(name, ORDERS)
    found = [source.file for source in find_sources(shop.inbox)]
    assert found == ["a.csv", "orders-9.csv", "orders-10.csv", "orders-۱۱.csv"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_independent_files_give_the_same_rows_under_any_names(shop: Workshop, order: tuple[int, ...]) -> None:
    names = [f"orders-{place}.csv" for place in order]
    for name, content in zip(names, (ORDERS, REGIONS, PLAIN), strict=True):
        shop.write(name, content)
    wanted = [
        ("A1", 10, "C1", None),
        ("A2", 20, "C2", None),
        ("B1", 30, "C1", "North"),
        ("D1", 40, None, None),
    ]
    for _ in range(2):
        assert shop.run().is_complete
        assert shop.rows("orders", "order_id, net_amount, customer_id, region") == wanted


@pytest.mark.parametrize("names", [("orders-1.csv", "orders-2.csv"), ("orders-2.csv", "orders-1.csv")])
def test_a_file_whose_dates_only_its_sister_decides_is_read_by_her_mapping_wherever_it_stands(
    shop: Workshop, names: tuple[str, str]
) -> None:
    shop.write(names[0], "order_id,ordered_at,net_amount\nA1,04/05/2024,10\n")
    shop.write(names[1], "order_id,ordered_at,net_amount\nB1,25/05/2024,20\n")
    report = shop.run()
    assert [file.outcome for file in report.files] == [Outcome.IMPORTED] * 2
    assert [file.is_new for file in report.files].count(True) == 1 and report.total("loaded") == 2
    assert shop.rows("orders", "CAST(CAST(ordered_at AS DATE) AS VARCHAR)", "order_id") == [
        ("2024-05-04",),
        ("2024-05-25",),
    ]
