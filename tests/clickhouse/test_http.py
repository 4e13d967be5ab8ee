"""The way to a server: the same client over HTTP, answered by a bridge to chDB, as there is no server to test with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bridge import bridge
from on_clickhouse import OnClickHouse
from same_numbers import CATALOGUE, FORMULAS, reading_of, shop_of
from two_engines import differences, open_both

from sanjeh.engines.link_clickhouse import Access, Link
from sanjeh.errors import QuestionError

pytestmark = pytest.mark.heavy


@dataclass(frozen=True, slots=True)
class Server:
    """A bridge that runs."""

    port: int
    asked: list[tuple[str, dict[str, str]]]

    @property
    def address(self) -> str:
        """Its address, with a user."""
        return f"clickhouse://ali:secret@127.0.0.1:{self.port}/default"


@pytest.fixture
def server(folder_of_rows: Path) -> Iterator[Server]:
    """A server."""
    with bridge(str(folder_of_rows)) as (port, asked):
        yield Server(port, asked)


def test_each_statement_brings_its_settings_and_who_asks(server: Server) -> None:
    """Nothing may be written."""
    link = Link(Access(server.address, timeout_seconds=7))
    assert link.fetch("SELECT {p0:String}, '100%'", {"p0": "O'Hara", "unused": "x"}) == [("O'Hara", "100%")]
    user, settings = server.asked[-1]
    assert user == "ali:secret"
    assert {name: settings[name] for name in ("readonly", "join_use_nulls", "max_execution_time")} == {
        "readonly": "2",
        "join_use_nulls": "1",
        "max_execution_time": "7",
    }
    for sql, code in (
        ("CREATE TABLE made (x Int8) ENGINE = Memory", "database_writes"),
        ("SELECT x", "database_no_column"),
    ):
        with pytest.raises(QuestionError) as caught:
            link.fetch(sql)
        assert caught.value.code == code
    assert link.describe("SELECT toDate('2024-01-01') AS d") == (("d", "Date"),)
    link.close()


def test_values_of_any_length_are_bound(server: Server) -> None:
    """Longer than an address may be."""
    link = Link(Access(server.address))
    numbers = [n + 0.5 for n in range(20_000)]
    values = {"worked_before": numbers, "worked_base": date(2024, 1, 1)}
    sql = "SELECT length({worked_before:Array(Float64)}), {worked_base:Date32} + 1"
    assert link.fetch(sql, values) == [(20_000, date(2024, 1, 2))]
    link.close()


def test_the_numbers_are_the_same(database: OnClickHouse, server: Server) -> None:
    """A shop made by chance, asked over HTTP."""
    shop = shop_of(7)
    over: Any = OnClickHouse(database.owner, server.address)
    asked = open_both(over, shop.rows(), CATALOGUE, schema="over", parameters={"lost_after_days": shop.lost_after})
    readings = [reading_of(formula, f"asked_{n}") for n, formula in enumerate(FORMULAS)]
    left, right = asked.points(readings, asked.periods("2024-01", "2024-05"), by="region")
    assert left
    assert not differences(left, right)
