"""A database in place gives DuckDB's numbers, reasons and marks, and no row of an entity leaves it.

The tests are methods of a class, so that each engine's own file runs all of them; its fixture ``database`` says where.
"""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from asking import reading_of
from database import Database, Records
from oracle import Order, Refund, Shop
from two_engines import Both, differences, every_reading, open_both

from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.terms import Money

CATALOGUE = load_catalogue()
READINGS = every_reading(CATALOGUE)
OWN = {"own_domains": ("shop.ir",), "payment_domains": ("shaparak.ir",)}


FORMULAS = (
    *("revenue", "orders", "buyers", "repeat_buyers", "new_customers", "returning_customers", "active_customers"),
    *("customers_lost", "reactivated_customers", "loyal_customers", "loyal_revenue", "order_value_median"),
    *("refund_amount", "value_returned", "revenue / orders", "revenue - prior(revenue)"),
)


def shop_of(seed: int) -> Shop:
    """A shop with many orders on the same days, empty customers, strays among the refunds.

    Of two first orders on one day the one with the lower key counts; numbers of four digits sort as the rows do.
    """
    dice = random.Random(seed)
    first = date(2024, 1, 1)
    orders = [Order("0000", first, 7, "Z", "paid", "north")]
    for n in range(1, 150):
        customer = dice.choice(["A", "B", "C", "D", "ة", "ی‌ک", None])
        status = dice.choice(["paid", "delivered", "cancelled"])
        region = dice.choice(["north", "south", "100%", "O'Hara", None])
        orders.append(
            Order(f"{n:04}", first + timedelta(dice.randrange(150)), dice.randrange(1, 99), customer, status, region)
        )
    refunds = [
        Refund(first + timedelta(dice.randrange(150)), 3, dice.choice([None, "0001", "0002", "gone"])) for _ in range(9)
    ]
    return Shop(tuple(orders), tuple(refunds), dice.choice([20, 45, 90]))


class SameNumbers:
    """Everything that is asked of both engines."""

    @pytest.fixture(scope="class")
    @classmethod
    def tiny(cls, shared: Path) -> Records:
        """The rows of the smallest reference company, cells without text left out."""
        folder = shared / "spec" / "tiny" / "rows"
        found = {}
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                found[path.stem] = [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(file)]
        return found

    @pytest.fixture(scope="class")
    @classmethod
    def both(cls, database: Database, tiny: Records) -> Both:
        """The reference company on both engines."""
        day = date(2024, 8, 21)
        return open_both(database, tiny, CATALOGUE, schema="Tiny 1", calendar="jalali", as_of=day, parameters=OWN)

    def test_every_expected_value_of_the_reference_company(self, both: Both, shared: Path) -> None:
        """All of them, against the reference and against DuckDB."""
        found: dict[tuple[str, str, str], Any] = {}
        for periods in (both.periods("1403-01", "1403-04"), both.periods("1403-Q1")):
            left, right = both.points(READINGS, periods)
            assert not differences(left, right)
            found.update({(kpi, variant or "", period): point for (kpi, variant, period, _), point in right.items()})
        with (shared / "spec" / "tiny" / "expected.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 941
        for row in rows:
            point = found[row["kpi"], row["variant"], row["period"]]
            assert (point.reason or "", " ".join(point.marks)) == (row["reason"], row["marks"]), row
            assert row["value"] == "" or point.value == pytest.approx(float(row["value"]), abs=1e-5), row

    @pytest.mark.parametrize(
        "by", ["region", "lob", "salesperson", "is_online", "campaign", "region,is_online", "customer_id", "platform"]
    )
    def test_every_reading_by_dimensions(self, both: Both, by: str) -> None:
        """Whatever can be broken down so."""
        left, right = both.points(READINGS, both.periods("1403-01", "1403-04"), by=by)
        assert left
        assert not differences(left, right)

    @pytest.mark.parametrize(
        "where", ["region == 'Tehran'", "region != 'Tehran'", "is_online == 'true'", "is_key_account == 'true'"]
    )
    def test_every_reading_under_a_condition(self, both: Both, where: str) -> None:
        """Values are bound, flags are memberships."""
        left, right = both.points(READINGS, both.periods("1402-10", "1403-04"), where=where)
        assert left
        assert not differences(left, right)

    @pytest.mark.parametrize("grain", ["1403", "1403-Q1", "1403-W10", "1403-01-20"])
    def test_every_reading_at_every_grain(self, both: Both, grain: str) -> None:
        """Days, weeks, quarters, years."""
        left, right = both.points(READINGS, both.periods(grain))
        assert not differences(left, right)

    def test_more_periods_than_a_whole_number_has_bits(self, both: Both) -> None:
        """Sets over a hundred days go through pairs of key and span."""
        left, right = both.points(READINGS, both.periods("1403-01-01", "1403-04-10"))
        assert not differences(left, right)

    def test_a_past_day_of_knowledge(self, database: Database, tiny: Records) -> None:
        """Rows and outcomes that came later are not there, on either engine."""
        day = date(2024, 5, 25)
        asked = open_both(
            database, tiny, CATALOGUE, schema="cut", calendar="jalali", as_of=day, parameters=OWN, is_cut=True
        )
        left, right = asked.points(READINGS, asked.periods("1402-10", "1403-04"))
        assert not differences(left, right)

    @pytest.mark.parametrize("seed", range(4))
    def test_shops_made_by_chance(self, database: Database, seed: int) -> None:
        """Every kind of measure, in all and by members whose names have signs of SQL."""
        shop = shop_of(seed)
        asked = open_both(
            database, shop.rows(), CATALOGUE, schema="chance", parameters={"lost_after_days": shop.lost_after}
        )
        readings = [reading_of(formula, f"asked_{n}") for n, formula in enumerate(FORMULAS)]
        for by, where in (("", ""), ("region", ""), ("", "region == '100%'"), ("", 'region == "O\'Hara"')):
            left, right = asked.points(readings, asked.periods("2024-01", "2024-05"), by=by, where=where)
            assert not differences(left, right)
            assert any(point.value for point in left.values())

    def test_amounts_in_several_currencies(self, database: Database) -> None:
        """By constants and by the last rate on or before the day; what has no rate is left out."""
        orders = [
            {"order_id": str(n), "ordered_at": f"2024-01-0{n}", "net_amount": "10", "currency": code}
            for n, code in enumerate(["IRT", "IRR", "USD", "EUR", "USD"], start=1)
        ]
        rates = [
            {"date": "2024-01-02", "currency": "USD", "rate": "50000"},
            {"date": "2024-01-04", "currency": "USD", "rate": "60000"},
        ]
        money = Money("IRT", {"IRR": "0.1"})
        asked = open_both(database, {"orders": orders, "exchange_rates": rates}, CATALOGUE, schema="money", money=money)
        readings = [reading_of(name, name) for name in ("revenue", "orders")]
        left, right = asked.points(readings, asked.periods("2024-01"))
        assert not differences(left, right)
        assert [point.value for point in right.values()][:1] == [10 + 1 + 500_000 + 600_000]

    @pytest.fixture
    def fetched(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """The number of rows of every fetch."""
        counts: list[int] = []
        link = load_engine(f"link_{database.engine}").Link
        plain = link.fetch

        def counting(self: Any, sql: str, values: Any = None) -> list[tuple[object, ...]]:
            rows: list[tuple[object, ...]] = plain(self, sql, values)
            counts.append(len(rows))
            return rows

        monkeypatch.setattr(link, "fetch", counting)
        return counts

    def test_no_row_of_an_entity_leaves_the_server(self, database: Database, fetched: list[int]) -> None:
        """Five thousand orders of a thousand customers: three months come back, and what the tables hold."""
        first = date(2024, 1, 1)
        orders = [
            {
                "order_id": str(n),
                "ordered_at": f"{first + timedelta(n % 90)}",
                "net_amount": str(n % 97),
                "customer_id": f"C{n % 1009}",
            }
            for n in range(5000)
        ]
        asked = open_both(database, {"orders": orders}, CATALOGUE, schema="many")
        names = (
            "revenue",
            "buyers",
            "repeat_buyers",
            "new_customers",
            "returning_customers",
            "active_customers",
            "customers_lost",
            "order_value_median",
        )
        readings = [reading_of(name, name) for name in names]
        left, right = asked.points(readings, asked.periods("2024-01", "2024-03"))
        assert not differences(left, right)
        assert fetched
        assert sum(fetched) <= 5 + 3 * 2 * len(names)
        assert max(fetched) <= 6
