"""Formula: text comes in; a checked tree, its unit, its words and its series go out.

It refuses everything that is not in the language, at the column where it stands, and never runs text as code.
"""

from sanjeh.formula.check import check_formulas
from sanjeh.formula.evaluate import Evaluator, Scope, Source, mark_open
from sanjeh.formula.function import FUNCTIONS, NAMES, REDUCTIONS, Function, Takes
from sanjeh.formula.node import Binary, Call, Filtered, Name, Negative, Node, Number, VariantName, Word, walk
from sanjeh.formula.parse import parse, parse_conditions
from sanjeh.formula.unit import infer_unit, is_of_kind
from sanjeh.formula.use import measures_in, parameters_in, parameters_of
from sanjeh.formula.words import in_words, to_text

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
    "check_formulas",
    "in_words",
    "infer_unit",
    "is_of_kind",
    "mark_open",
    "measures_in",
    "parameters_in",
    "parameters_of",
    "parse",
    "parse_conditions",
    "to_text",
    "walk",
]
