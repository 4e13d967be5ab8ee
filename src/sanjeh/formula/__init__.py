"""Formula: text comes in; a checked tree, its unit, its words and its series go out.

It refuses everything that is not in the language, at the column where it stands, and never runs text as code.
"""

from sanjeh.formula.evaluate import Evaluator, Scope, Source, mark_open
from sanjeh.formula.function import FUNCTIONS, NAMES, REDUCTIONS, Function, Takes
from sanjeh.formula.node import Binary, Call, Filtered, Name, Negative, Node, Number, VariantName, Word, walk
from sanjeh.formula.parse import parse, parse_conditions

__all__ = [
    "FUNCTIONS",
    "NAMES",
    "REDUCTIONS",
    "Binary",
    "Call",
    "Evaluator",
    "Filtered",
    "Function",
    "Name",
    "Negative",
    "Node",
    "Number",
    "Scope",
    "Source",
    "Takes",
    "VariantName",
    "Word",
    "mark_open",
    "parse",
    "parse_conditions",
    "walk",
]
