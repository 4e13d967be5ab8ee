"""A segment is a set of keys at an instant: the active customers, the popular products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sanjeh.definitions.text import Text
from sanjeh.errors import Place


class Rule(StrEnum):
    """How membership is decided at the instant t.

    RECENT: at least ``at_least`` rows in [t - window, t). INTERVAL: start < t <= end. FLAG: where holds, start (if
    any) <= t and
    end (if any) > t. TOP: the first ceil(share x n) of the n keys with rows in [t - window, t), ordered by ``by``.
    """

    RECENT = "recent"
    INTERVAL = "interval"
    FLAG = "flag"
    TOP = "top"


@dataclass(frozen=True, slots=True)
class Membership:
    """One way to decide who belongs; names of parameters where a number may be set by the company."""

    rule: Rule
    entity: str
    time: str | None = None
    where: str | None = None
    window: str | None = None
    at_least: str | None = None
    start: str | None = None
    end: str | None = None
    share: str | None = None
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """Keys at an instant; ``choices`` maps the values of parameter ``chosen_by`` to memberships ("" when there is no
    choice).
    """

    id: str
    title: Text
    key: str
    choices: Mapping[str, Membership]
    chosen_by: str | None = None
    description: Text = Text()
    place: Place | None = field(default=None)
