"""Terms are what statements are compiled under: definitions, settings, holdings, instant of knowledge, money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.plan.holdings import Holdings


@dataclass(frozen=True, slots=True)
class Money:
    """The workspace's currency and what one unit of each constant relative is worth in it (rial in toman: 0.1)."""

    currency: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that decides what a statement looks like; ``dialect`` is the engine's name in ``spelling``."""

    catalogue: Catalogue
    settings: Mapping[str, ParameterValue]
    holdings: Holdings
    as_of_end: date
    money: Money = field(default_factory=Money)
    dialect: str = field(default="duckdb", kw_only=True)
