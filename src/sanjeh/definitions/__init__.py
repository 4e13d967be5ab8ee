"""Definitions: YAML comes in, frozen KPIs, measures, entities, segments and parameters go out, or every issue with its
place.

It refuses to know data: nothing here opens a warehouse, and a formula is only text until the formula package reads it.
"""

from sanjeh.definitions.catalogue import Catalogue
from sanjeh.definitions.entity import Column, ColumnType, Derived, Entity, Join, Relation
from sanjeh.definitions.kpi import KPI, Direction, Example, Perspective, Timing, Variant
from sanjeh.definitions.load import load_catalogue, read_catalogue
from sanjeh.definitions.measure import Binding, Kind, Measure, Weight
from sanjeh.definitions.parameter import Parameter, ParameterValue
from sanjeh.definitions.segment import Membership, Rule, Segment
from sanjeh.definitions.text import Text, fold_title

__all__ = [
    "KPI",
    "Binding",
    "Catalogue",
    "Column",
    "ColumnType",
    "Derived",
    "Direction",
    "Entity",
    "Example",
    "Join",
    "Kind",
    "Measure",
    "Membership",
    "Parameter",
    "ParameterValue",
    "Perspective",
    "Relation",
    "Rule",
    "Segment",
    "Text",
    "Timing",
    "Variant",
    "Weight",
    "fold_title",
    "load_catalogue",
    "read_catalogue",
]
