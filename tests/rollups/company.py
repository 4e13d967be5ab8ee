"""A small company whose data change: rows are added, come late, are corrected and taken back, import by import."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import sanjeh
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

FIRST, DAYS = date(2024, 1, 1), 200
TODAY = date(2024, 9, 1)
CHANNELS = ("web", "shop", "app", "")
KPIS = (
    "revenue",
    "successful_orders",
    "average_order_value",
    "new_customers",
    "returning_customers",
    "customer_count",
    "customers_lost",
    "churn_rate",
    "retention_rate",
    "repeat_purchase_rate",
    "website_visitors",
    "conversion_rate",
)


@dataclass(slots=True)
class Company:
    """A workspace with what was written into it so far; ``chance`` decides what comes next."""

    folder: Path
    chance: random.Random
    orders: dict[str, list[str]] = field(default_factory=dict)
    visits: int = 0
    files: int = 0

    @property
    def space(self) -> Workspace:
        """The workspace, opened anew as another process would."""
        return sanjeh.open(self.folder, today=TODAY)

    def found(self) -> Company:
        """The company after its first files were imported."""
        create_workspace(self.folder, Settings(language="en", time_zone="UTC", calendar="gregorian"))
        self.add(120, 0, DAYS - 60)
        self.visit(150)
        return self

    def order(self, low: int, high: int) -> list[str]:
        """One order within some days; customers are few, so that they come back."""
        moment = datetime(FIRST.year, 1, 1) + timedelta(
            self.chance.randint(low, high), seconds=self.chance.choice((0, 0, 60, 4000))
        )
        customer = self.chance.choice(["", *(f"c{n}" for n in range(40))])
        amount = f"{self.chance.randint(1, 900)}.{self.chance.choice(('00', '5', '25', '125'))}"
        status = self.chance.choice(("paid", "paid", "paid", "cancelled"))
        return [str(moment), customer, amount, status, self.chance.choice(CHANNELS)]

    def add(self, rows: int, low: int, high: int) -> None:
        """Import new orders of some days."""
        new = {f"o{len(self.orders) + n}": self.order(low, high) for n in range(rows)}
        self.orders.update(new)
        self._import_orders(new)

    def correct(self, rows: int) -> None:
        """Import other values for orders that are there, some of them on another day."""
        chosen = self.chance.sample(sorted(self.orders), min(rows, len(self.orders)))
        changed = {name: self.order(0, DAYS - 1) for name in chosen}
        self.orders.update(changed)
        self._import_orders(changed)

    def take_back(self) -> None:
        """Undo an import of orders; what it corrected does not come back."""
        records = [record for record in self.space.imports() if record.entity == "orders" and record.removed is None]
        if len(records) > 1:
            self.space.undo(self.chance.choice(records).id)

    def visit(self, rows: int) -> None:
        """Import visits."""
        lines = []
        for _ in range(rows):
            self.visits += 1
            moment = datetime(FIRST.year, 1, 1) + timedelta(
                self.chance.randint(0, DAYS - 1), minutes=self.chance.randint(0, 999)
            )
            visitor = f"v{self.chance.randint(0, 60)}"
            lines.append(
                [f"s{self.visits}", visitor, str(moment), self.chance.choice(("true", "false", "false")), "direct"]
            )
        self._import("web_sessions", ["session_id", "visitor_id", "started_at", "converted", "source"], lines)

    def _import_orders(self, rows: dict[str, list[str]]) -> None:
        lines = [[name, *values] for name, values in rows.items()]
        self._import("orders", ["order_id", "ordered_at", "customer_id", "net_amount", "status", "channel"], lines)

    def _import(self, entity: str, header: list[str], lines: list[list[str]]) -> None:
        self.files += 1
        path = self.folder.parent / f"{entity}-{self.files}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *lines])
        report = self.space.import_files([path], as_entity=entity)
        assert not report.errors, report.errors


QUESTIONS: tuple[dict[str, object], ...] = (
    {"every": "month", "since": "2024-01", "until": "2024-07"},
    {"every": "month", "since": "1402-10", "until": "1403-05", "calendar": "jalali"},
    {"every": "week", "since": "2024-02-01", "until": "2024-06-30"},
    {"every": "day", "since": "2024-05-20", "until": "2024-06-20"},
    {"every": "month", "since": "2024-01", "until": "2024-07", "by": "channel"},
    {"every": "quarter", "since": "2024-01", "until": "2024-07", "by": "channel", "where": "channel != 'shop'"},
    {"every": "month", "since": "2024-01", "until": "2024-07", "where": "channel == 'web'"},
)
Numbers = list[tuple[object, ...]]


def ask(space: Workspace, question: dict[str, object]) -> Numbers:
    """Every point of the answer to ``question``."""
    names = KPIS if "where" not in question and "by" not in question else KPIS[:5]
    frame = space.compute(*names, **question)  # type: ignore[arg-type]
    return [(p.kpi, p.period, tuple(p.members.items()), p.value, p.reason, p.marks) for p in frame.points]


def plans_left(space: Workspace) -> list[str]:
    """The measures that the workspace's engine was asked for since it was opened."""
    engine = space.ground().engine
    statements = getattr(engine, "statements", [])
    return sorted({need.measure.id for block, _ in statements for need in block.needs})
