"""Compiling turns the blocks of a plan into statements; each strategy is one module."""

from __future__ import annotations

from collections.abc import Callable

from sanjeh.engines.balance import build_balance, build_snapshot
from sanjeh.engines.first import build_first
from sanjeh.engines.flow import build_flow
from sanjeh.engines.relation import Relations
from sanjeh.engines.state import build_state
from sanjeh.engines.statement import Statement
from sanjeh.engines.within import build_within
from sanjeh.plan.block import Block, Strategy

_BUILD: dict[Strategy, Callable[[Block, Relations], list[Statement]]] = {
    Strategy.FLOW: build_flow,
    Strategy.WITHIN: build_within,
    Strategy.FIRST: build_first,
    Strategy.RETURNING: build_first,
    Strategy.STATE: build_state,
    Strategy.BALANCE: build_balance,
    Strategy.SNAPSHOT: build_snapshot,
}


def compile_block(block: Block, relations: Relations) -> list[Statement]:
    """The statements that answer every need of ``block``."""
    return _BUILD[block.strategy](block, relations)
