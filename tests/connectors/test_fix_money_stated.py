"""Stated numbers that are money: their currency is asked for, taken from the header, and kept in the mapping."""

from __future__ import annotations

from tests.connectors.workshop import Workshop, only

from sanjeh.connectors import load_mapping

MONTHS = ("2024-01-01", "2024-02-01", "2024-03-01")


def _wide(shop: Workshop, header: str, *values: str) -> list[str]:
    """Imports a monthly report of one measure; gives the codes of the issues."""
    rows = [f"{day},{value}" for day, value in zip(MONTHS, values, strict=True)]
    shop.write("report.csv", "\n".join((f"date,{header}", *rows)) + "\n")
    return [issue.code for issue in shop.run(as_entity="observations").issues]


def test_a_stated_amount_without_a_currency_warns(shop: Workshop) -> None:
    assert "assumed_currency" in _wide(shop, "revenue", "10", "20", "30")


def test_a_stated_amount_whose_header_names_the_currency_does_not_warn(shop: Workshop) -> None:
    assert "assumed_currency" not in _wide(shop, "revenue (toman)", "10", "20", "30")
    assert shop.rows("observations", "value") == [(100.0,), (200.0,), (300.0,)]


def test_the_mapping_keeps_the_currency_of_the_header_not_a_factor(shop: Workshop) -> None:
    shop.set(currency="IRT")
    _wide(shop, "revenue (million rial)", "10", "20", "30")
    assert shop.rows("observations", "value") == [(1e6,), (2e6,), (3e6,)]
    [path] = shop.settings.sources.glob("*.yaml")
    field = load_mapping(path).tables[0].field_of("value")
    assert field is not None and (field.currency, field.unit) == ("IRR", 10**6)


def test_a_stated_count_does_not_ask_for_a_currency(shop: Workshop) -> None:
    assert "assumed_currency" not in _wide(shop, "sessions", "10", "20", "30")
    assert shop.rows("observations", "value") == [(10.0,), (20.0,), (30.0,)]


def test_targets_of_money_warn_too(shop: Workshop) -> None:
    shop.write("targets.csv", "kpi,starts_on,ends_on,value\nrevenue,2024-01-01,2024-01-31,12\n")
    assert [issue.code for issue in only(shop.run(as_entity="targets")).issues] == ["assumed_currency"]
