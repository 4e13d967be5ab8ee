"""A node is one part of a formula's tree; its column points back into the text, from 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sanjeh.series import Condition


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in the formula."""

    value: float
    column: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A measure, KPI, parameter, ``days`` or ``periods_per_year``; what it is depends on the catalogue."""

    id: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class VariantName:
    """A named variant of a KPI: ``retention_rate.exact``."""

    kpi: str
    variant: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus the operand."""

    operand: Node
    column: int = 0


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and one of + - * /."""

    operator: str
    left: Node
    right: Node
    column: int = 0


@dataclass(frozen=True, slots=True)
class Filtered:
    """The operand with a condition on every measure inside it."""

    operand: Node
    condition: Condition
    column: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language with its arguments; a dimension or a way to reduce stands as a Name or Word."""

    function: str
    arguments: tuple[Node, ...]
    column: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A quoted word: how ``across`` reduces."""

    value: str
    column: int = 0


Node = Number | Name | VariantName | Negative | Binary | Filtered | Call | Word


def walk(node: Node) -> Iterator[Node]:
    """``node`` and every node below it, outermost first."""
    yield node
    match node:
        case Negative(operand=inner) | Filtered(operand=inner):
            yield from walk(inner)
        case Binary(left=left, right=right):
            yield from walk(left)
            yield from walk(right)
        case Call(arguments=arguments):
            for argument in arguments:
                yield from walk(argument)
        case _:
            return
