"""The hand-written formulas are themselves tried: on another, tiny company whose values were worked out elsewhere."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from demo_reading import FILES, Row
from independent import Kpis
from independent_shop import CLASSES, COMPONENTS, STATUSES, Shop, Span, Value
from independent_variants import Variants

# The words of the demo's files for the model's own values.
_WORDS: dict[tuple[str, str], dict[str, str]] = {
    ("orders", "status"): {value: word for word, value in STATUSES.items()},
    ("ledger", "account_class"): {value: word for word, value in CLASSES.items()},
    ("marketing_spend", "component"): {value: word for word, value in COMPONENTS.items()},
    ("marketing_spend", "function"): {"marketing": "بازاریابی"},
    ("marketing_spend", "approach"): {"inbound": "درون‌گرا", "outbound": "برون‌گرا"},
    ("leads", "approach"): {"inbound": "درون‌گرا", "outbound": "برون‌گرا"},
    ("leads", "source_class"): {"social": "شبکه اجتماعی"},
    ("deals", "outcome"): {"won": "برنده", "lost": "بازنده"},
    ("meetings", "kind"): {"demo": "دمو", "consultation": "مشاوره"},
    ("messages", "kind"): {"message": "پیام"},
    ("headcount", "function"): {"sales": "فروش"},
    ("targets", "scenario"): {"target": "هدف", "budget": "بودجه"},
}
_DEFAULTS: dict[tuple[str, str], Any] = {
    ("orders", "status"): "paid",
    ("orders", "is_online"): True,
    ("messages", "needs_answer"): True,
    ("messages", "is_spam"): False,
    ("web_sessions", "is_bot"): False,
    ("web_sessions", "is_internal"): False,
    ("deal_contacts", "is_automatic"): False,
    ("tickets", "waiting_hours"): 0,
    ("invoices", "is_credit"): True,
    ("targets", "scenario"): "target",
    ("customers", "is_key_account"): False,
    ("meetings", "kind"): "demo",
    ("marketing_spend", "function"): "marketing",
    ("keyword_ranks", "impressions"): 1,
    **{("email_daily", name): 0 for name in ("joined", "unsubscribed", "bounced", "cleaned")},
}
# The tiny company's values keep every answer of a customer; the model keeps the last of a survey in a period.
_BY_LAST_ANSWER = {
    "key_account_satisfaction", "nps", "customer_loyalty_index", "csat", "survey_response_rate",
}  # fmt: skip


def _value(entity: str, name: str, text: str | None) -> Any:
    value: Any = text if text else _DEFAULTS.get((entity, name))
    if isinstance(value, str):
        if value in ("true", "false"):
            return value == "true"
        if name.endswith(("_at", "_on")) or name in ("date", "key_from", "key_to"):
            return datetime.fromisoformat(value)
        if not name.endswith("_id"):
            value = _WORDS.get((entity, name), {}).get(value, value)
            return float(value) if value.replace(".", "", 1).lstrip("-").isdecimal() else value
    return value


def _rows(folder: Path) -> dict[str, list[Row]]:
    fields: dict[str, set[str]] = defaultdict(set)
    for line in FILES.strip().splitlines():
        entity, columns = line.split("|")[2:]
        fields[entity.strip()] |= {column.rpartition("=")[2].split(" ")[0] for column in columns.split("; ")}
    rows: dict[str, list[Row]] = {entity: [] for entity in fields}
    for entity, names in fields.items():
        if (folder / f"{entity}.csv").exists():
            with (folder / f"{entity}.csv").open(encoding="utf-8", newline="") as file:
                rows[entity] = [
                    {name: _value(entity, name, row.get(name)) for name in sorted(names | set(row))}
                    for row in csv.DictReader(file)
                ]
    for row in rows["contracts"]:
        row["signed_at"] = row["signed_at"] or row["starts_on"]
    return rows


@pytest.fixture(scope="module")
def expected(shared: Path) -> list[dict[str, str]]:
    with (shared / "spec" / "tiny" / "expected.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["period"].startswith("1403") or "campaign" in row["period"]]


@pytest.fixture(scope="module")
def tiny(shared: Path) -> Shop:
    return Shop.of_rows(_rows(shared / "spec" / "tiny" / "rows"), datetime(2024, 8, 21))


def _span(label: str) -> Span:
    return Span(24, 3) if label == "1403-Q1" else Span(24 + int(label[-2:]) - 1)


def _differs(found: Value, row: dict[str, str]) -> bool:
    if found is None or not row["value"]:
        return (found is None) != (not row["value"])
    return found != pytest.approx(float(row["value"]), rel=1e-6, abs=1e-6)


def test_the_default_formulas_agree_with_the_values_of_the_tiny_company(
    tiny: Shop, expected: list[dict[str, str]]
) -> None:
    formulas = Kpis(tiny).formulas()
    rows = [row for row in expected if not row["variant"] and row["kpi"] in formulas]
    wrong = {(row["kpi"], row["period"]) for row in rows if _differs(formulas[row["kpi"]](_span(row["period"])), row)}
    assert len(rows) == 5 * 104
    assert wrong == {(kpi, "1403-Q1") for kpi in _BY_LAST_ANSWER}


def test_the_variants_agree_with_the_values_of_the_tiny_company(tiny: Shop, expected: list[dict[str, str]]) -> None:
    formulas = Variants(tiny).formulas()
    rows = [row for row in expected if row["variant"] and row["variant"] != "business_hours"]
    wrong = {
        (row["kpi"], row["period"])
        for row in rows
        if _differs(formulas[row["kpi"], row["variant"]](_span(row["period"])), row)
    }
    assert len(rows) == 5 * len(formulas)
    assert wrong == {(kpi, "1403-Q1") for kpi in ("customer_loyalty_index", "csat")}


def test_the_cost_of_a_campaign_agrees_with_that_of_the_tiny_company(
    tiny: Shop, expected: list[dict[str, str]]
) -> None:
    stated = [float(row["value"]) for row in expected if row["kpi"] == "campaign_cac" and "campaign" in row["period"]]
    assert [Kpis(tiny).campaign_cac(campaign) for campaign in tiny.rows["campaigns"]] == stated
