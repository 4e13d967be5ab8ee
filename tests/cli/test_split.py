"""Sales by region are sales by region: not claimed without regions, and never plain revenue on a board."""

from __future__ import annotations

from pathlib import Path

ORDERS = "order_id,ordered_at,net_amount,customer_id\n1,2024-01-05,100,A\n2,2024-02-20,200,B\n"


def test_a_kpi_by_a_dimension_needs_the_dimension(sanjeh, empty: Path) -> None:
    (empty / "orders.csv").write_text(ORDERS, encoding="utf-8")
    assert sanjeh("import", empty / "orders.csv", "--yes", "-w", empty).code == 0
    records = {record["id"]: record for record in sanjeh("kpis", "--format", "json", "-w", empty).data}
    assert records["revenue"]["computable"] is True
    assert (records["sales_by_region"]["computable"], records["sales_by_region"]["missing"]) == (
        False,
        ["orders.region"],
    )
    assert "orders.lob" in records["lob_revenue_vs_target"]["missing"]
    assert "Sales by region" not in sanjeh("compute", "-w", empty).out


def test_a_board_shows_it_member_by_member(sanjeh, shop: Path) -> None:
    board, _, split = sanjeh("compute", "--last", "2", "-w", shop).out.partition("Sales by region\n")
    assert "Revenue " in board
    assert [[cell.strip() for cell in line.split("│")] for line in split.splitlines() if "│" in line][1:] == [
        ["Tehran", "300 toman", "250 toman *"],
        ["(none)", "50 toman", "0 toman *"],
    ]


def test_data_for_programs_keep_the_one_number_asked_for(sanjeh, shop: Path) -> None:
    words = ("compute", "sales_by_region", "--since", "2024-01", "--until", "2024-02", "--format", "json", "-w", shop)
    assert [(point["members"], point["value"]) for point in sanjeh(*words).data] == [({}, 300.0), ({}, 350.0)]


def test_a_dimension_of_many_members_has_a_board_only_when_it_is_asked_for(sanjeh, empty: Path) -> None:
    rows = "".join(f"{n},2024-01-05,10,A,town {n:02}\n" for n in range(30))
    (empty / "orders.csv").write_text(f"order_id,ordered_at,net_amount,customer_id,region\n{rows}", encoding="utf-8")
    assert sanjeh("import", empty / "orders.csv", "--yes", "-w", empty).code == 0
    assert "town 07" not in sanjeh("compute", "-w", empty).out
    assert "town 07" in sanjeh("compute", "sales_by_region", "-w", empty).out


def test_what_is_read_by_campaign_stands_once_whatever_the_grains(sanjeh, tiny: Path) -> None:
    words = ("compute", "campaign_cac", "--every", "month", "--every", "quarter", "--format", "json", "-w", tiny)
    assert [point["period"] for point in sanjeh(*words).data] == ["campaign K1"]
