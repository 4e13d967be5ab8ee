"""A schema says, for editors and other programs, how the YAML of definitions is written: which keys, holding what.

It is read off the dataclasses and their choices, so that it cannot say anything else than the loader does.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from sanjeh.definitions.entity import Column, Derived, Entity, Join, Relation
from sanjeh.definitions.kpi import KPI, Example, Variant
from sanjeh.definitions.measure import Binding, Measure, Weight
from sanjeh.definitions.parameter import Parameter
from sanjeh.definitions.segment import Membership, Segment
from sanjeh.definitions.text import Text

Json = dict[str, Any]

SECTIONS: dict[str, type] = {
    "parameters": Parameter,
    "entities": Entity,
    "segments": Segment,
    "measures": Measure,
    "kpis": KPI,
}
_NESTED = (Text, Example, Variant, Column, Derived, Join, Relation, Binding, Weight, Membership)
_KEYS = {"title": "name", "times": "time"}  # fields that the YAML calls otherwise
_OWN_KEYS: dict[type, dict[str, str]] = {Entity: {"times": "times"}}
_NOT_WRITTEN = {"own", "place"}
_NAMED_BY_KEY = (Variant, Column, Derived, Relation)  # their name is the key that they stand under
_REQUIRED: dict[type, tuple[str, ...]] = {
    Relation: ("entity", "on"),
    Join: ("name", "select"),
    Derived: ("expression",),
    Weight: ("measure", "window"),
    Membership: ("entity",),
    Example: ("period",),
}
_WORD: Json = {"type": ["string", "number", "boolean"]}
_NUMBER: Json = {"type": "number"}
_FLAG: Json = {"enum": [True, False, "yes", "no", "on", "off"]}
_WORDS: Json = {"anyOf": [_WORD, {"type": "array", "items": _WORD}]}

DESCRIPTIONS: Mapping[str, str] = {
    "id": "The name by which formulas and commands call it: small Latin letters, digits and _.",
    "name": "What people read, in both languages.",
    "description": "One to three sentences: what it is and how it is counted.",
    "question": "The question that it answers.",
    "formula": "An expression over measures, KPIs (kpi.variant), parameters and functions.",
    "unit": "number, percentage, ratio, score, money, days, hours, minutes, or such joined as in money/days.",
    "direction": "Which way is good.",
    "timing": "leading: speaks of what will come; lagging: of what has happened.",
    "perspective": "The group of the scorecard.",
    "periods": "The grains at which it is usually read: day, week, month, quarter, year, campaign.",
    "packs": "The packs of KPIs that it belongs to.",
    "list_items": "Where it stands in the lists that the catalogue was made from.",
    "variants": "Other readings of the same KPI, by name.",
    "pitfalls": "What can go wrong when it is read, and what to do about it.",
    "breakdown": "The dimension by which it is usually read.",
    "needs_breakdown": "Whether it means nothing in data without the dimension named by breakdown.",
    "basis": "On what it stands, where its name or its neighbours suggest another; boards show it.",
    "limits": "The lowest and the highest value that is possible; null where there is no limit.",
    "sources": "Where the definition comes from.",
    "examples": "Rows, and what the formula makes of them; they are tests.",
    "period": "The period of the example, such as 2024-03 or 1403-01.",
    "rows": "Of an example: small tables of comma-separated text by entity. Of an entity: SQL that replaces its rows.",
    "expect": "A number, an arithmetic text or a reason such as no_data; by variant, or one for the KPI itself.",
    "calendar": "gregorian or jalali.",
    "as_of": "The last day that the example's data can speak of.",
    "parameters": "Values of parameters in the example.",
    "where": "A condition: of rows (SQL), or of an example as in formulas.",
    "marks": "The marks expected, by variant.",
    "note": "The arithmetic of the example in words.",
    "kind": "How the measure behaves over time and members.",
    "entity": "The table that the rows are in.",
    "expression": "SQL over the columns of one row: what is aggregated or derived.",
    "time": "The column that says when a row counts; a list when any of several may.",
    "until": "The column that ends a row that is open over a span.",
    "when": "Values of parameters under which these rows are meant.",
    "bindings": "Other rows that the measure may come from when the first table has none.",
    "ripe": "The parameter with the days that a cohort needs to ripen.",
    "having": "The least number of rows that a key must have.",
    "weight": "What each member of a segment weighs.",
    "measure": "The measure that weighs.",
    "window": "A parameter (or number) of days that are looked back.",
    "latest_per": "Columns; only the last row of each combination counts.",
    "grain": "What one row is.",
    "keys": "Columns that make a row itself; alternatives, best first.",
    "times": "The time columns, the usual one first.",
    "columns": "The columns, by name.",
    "dimensions": "Columns to break down by.",
    "relations": "Many-to-one paths to other entities, by name.",
    "derived": "Columns that are computed, by name.",
    "derived_only": "Whether the entity has no rows of its own.",
    "span_grain": "The column that says how long a stated row lasts.",
    "coverage_of": "The entity whose first row decides from when on no rows mean zero.",
    "synonyms": "The names by which files call it, by language.",
    "value_synonyms": "The spellings that files use, by the value that they mean.",
    "type": "What the values of the column are.",
    "required": "Whether a row without it means nothing.",
    "default": "The value where none is given.",
    "default_from": "The column of the same row whose value is taken where none is given.",
    "known": "From when on it is known: at_its_time (an outcome), ahead (a plan), or the time column that brings it.",
    "known_values": "The values that the column named by known brings; all, where none are named.",
    "values": "The values that the column may have.",
    "minimum": "The least value allowed.",
    "maximum": "The greatest value allowed.",
    "on": "The column(s) that join.",
    "to": "The column joined to, when it is called otherwise.",
    "joins": "Sub-selects folded to one row per key before they are joined.",
    "select": "SQL over the names of entities.",
    "needs": "The entities that the sub-select reads.",
    "key": "The column whose values are the members.",
    "choices": "Of a parameter: the words it may be. Of a segment: the membership for each value of chosen_by.",
    "chosen_by": "The parameter that chooses among the memberships.",
    "membership": "How it is decided who belongs.",
    "rule": "The way membership is decided.",
    "at_least": "A parameter (or number) of rows needed.",
    "start": "The column from which on a member belongs.",
    "end": "The column until which a member belongs.",
    "share": "The parameter with the share of members that belong.",
    "by": "What members are ordered by.",
}


def json_schema() -> Json:
    """The JSON Schema (2020-12) of a file of definitions: a workspace's ``kpis/*.yaml`` and ``model/*.yaml``.

    A definition needs only its ``id``: one of a known id changes only the keys that it gives.

    >>> sorted(json_schema()["properties"])
    ['entities', 'kpis', 'measures', 'parameters', 'segments']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Definitions of Sanjeh",
        "type": ["object", "null"],
        "properties": {section: _listed(kind) for section, kind in SECTIONS.items()},
        "additionalProperties": False,
        "$defs": {kind.__name__: _definition(kind) for kind in (*SECTIONS.values(), *_NESTED)},
    }


def written_keys(kind: type) -> dict[str, Any]:
    """The keys that the YAML of ``kind`` may have, with their types."""
    hints = get_type_hints(kind)
    hidden = _NOT_WRITTEN | ({"id", "name"} if kind in _NAMED_BY_KEY else set())
    names = {**_KEYS, **_OWN_KEYS.get(kind, {})}
    keys = {names.get(part.name, part.name): hints[part.name] for part in fields(kind) if part.name not in hidden}
    if kind in (Column, Derived):
        keys["name"], keys["description"] = Text, Text
    if kind is Measure:  # the first binding is written beside the other keys
        keys |= {key: hint for key, hint in written_keys(Binding).items() if key != "kind"}
    if kind is Segment:
        keys["membership"] = Membership
    return keys


def _listed(kind: type) -> Json:
    reference = {"$ref": f"#/$defs/{kind.__name__}"}
    return {"anyOf": [{"type": "array", "items": reference}, reference, {"type": "null"}]}


def _definition(kind: type) -> Json:
    if kind is Text:
        words = {"type": "object", "properties": {"en": _WORD, "fa": _WORD}, "additionalProperties": False}
        return {"anyOf": [_WORD, words], "description": "Words in both languages, or one text for both."}
    properties = {key: _property(kind, key, hint) for key, hint in written_keys(kind).items()}
    required = ["id"] if kind in SECTIONS.values() else list(_REQUIRED.get(kind, ()))
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip().split("\n")[0],
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _property(kind: type, key: str, hint: Any) -> Json:
    schema = _SPECIAL.get((kind, key)) or _of(hint)
    return {"description": DESCRIPTIONS[key], "anyOf": [schema, {"type": "null"}]}


def _of(hint: Any) -> Json:
    """The schema of what is written for a value of the type ``hint``."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(part) for part in arguments if part is not type(None)]}
    if origin is tuple:
        inner = arguments[0]
        return _WORDS if inner is str else {"type": "array", "items": _of(inner)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(arguments[1])}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [member.value for member in hint]}
    if hint is bool:
        return _FLAG
    if hint in (int, float):
        return _NUMBER
    return _WORD if hint is str else {"$ref": f"#/$defs/{hint.__name__}"}


_LIMIT: Json = {"type": ["number", "null"]}
_SPECIAL: dict[tuple[type, str], Json] = {
    (KPI, "limits"): {"type": "array", "items": _LIMIT, "minItems": 2, "maxItems": 2},
    (Example, "rows"): {"type": "object", "additionalProperties": {"type": "string"}},
    (Example, "expect"): {"anyOf": [_WORD, {"type": "object", "additionalProperties": _WORD}]},
    (Parameter, "default"): _WORDS,
}
