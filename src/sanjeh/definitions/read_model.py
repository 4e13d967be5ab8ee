"""Reading the model: entities, measures, segments and parameters out of trees."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest

from sanjeh.definitions.entity import Column, ColumnType, Derived, Entity, Join, Relation
from sanjeh.definitions.measure import Binding, Kind, Measure, Weight
from sanjeh.definitions.parameter import Parameter, ParameterValue
from sanjeh.definitions.reader import Reader
from sanjeh.definitions.segment import Membership, Rule, Segment
from sanjeh.definitions.tree import Tree
from sanjeh.errors import DefinitionError, Issue


def _spellings(reader: Reader, key: str) -> dict[str, tuple[str, ...]]:
    def words(name: str, tree: Tree) -> tuple[str, ...]:
        inner = Reader(Tree({name: tree}, tree.place), reader.issues, key)
        return inner.words(name)

    return reader.mapping(key, words)


def read_entity(tree: Tree, issues: list[Issue]) -> Entity | None:
    """The entity written at ``tree``, or None where it has no usable id."""
    reader = Reader(tree, issues, "entity")
    name = reader.word("id", required=True)
    if not name:
        return None
    entity = Entity(
        id=name,
        title=reader.text("name"),
        description=reader.text("description"),
        grain=reader.text("grain"),
        keys=reader.each("keys", lambda item: tuple(str(part.value) for part in item.elements())),
        times=reader.words("times"),
        columns=reader.mapping("columns", lambda key, item: _read_column(key, item, issues)),
        dimensions=reader.words("dimensions"),
        relations=reader.mapping("relations", lambda key, item: _read_relation(key, item, issues)),
        derived=reader.mapping("derived", lambda key, item: _read_derived(key, item, issues)),
        rows=reader.optional("rows"),
        derived_only=reader.flag("derived_only"),
        span_grain=reader.optional("span_grain"),
        coverage_of=reader.optional("coverage_of"),
        synonyms=_spellings(reader, "synonyms"),
        place=tree.place,
    )
    reader.close()
    return entity


def _read_column(name: str, tree: Tree, issues: list[Issue]) -> Column:
    reader = Reader(tree, issues, "column")
    column = Column(
        name=name,
        type=reader.choice("type", ColumnType, ColumnType.TEXT),
        title=reader.text("name"),
        required=reader.flag("required"),
        default=reader.optional("default"),
        default_from=reader.optional("default_from"),
        unit=reader.optional("unit"),
        values=reader.words("values"),
        synonyms=_spellings(reader, "synonyms"),
        value_synonyms=_spellings(reader, "value_synonyms"),
        minimum=reader.number("minimum"),
        maximum=reader.number("maximum"),
        known=reader.optional("known"),
        known_values=reader.words("known_values"),
    )
    reader.close(("description",))
    return column


def _read_relation(name: str, tree: Tree, issues: list[Issue]) -> Relation:
    reader = Reader(tree, issues, "relation")
    on = reader.word("on", required=True)
    relation = Relation(name, reader.word("entity", required=True), on, reader.word("to", on))
    reader.close()
    return relation


def _read_derived(name: str, tree: Tree, issues: list[Issue]) -> Derived:
    reader = Reader(tree, issues, "derived column")

    def join(item: Tree) -> Join:
        inner = Reader(item, issues, "join")
        made = Join(
            inner.word("name", required=True),
            inner.word("select", required=True),
            inner.words("on"),
            inner.words("needs"),
        )
        inner.close()
        return made

    derived = Derived(
        name=name,
        type=reader.choice("type", ColumnType, ColumnType.TEXT),
        expression=reader.word("expression", required=True),
        joins=reader.each("joins", join),
        title=reader.text("name"),
    )
    reader.close(("description",))
    return derived


def read_measure(tree: Tree, issues: list[Issue]) -> Measure | None:
    """The measure written at ``tree``, or None where it has no usable id."""
    reader = Reader(tree, issues, "measure")
    name = reader.word("id", required=True)
    if not name:
        return None
    first = _read_binding(reader, main=True)
    others = reader.each("bindings", lambda item: _closed_binding(item, issues))
    chosen = tuple(binding for binding in others if binding.when)
    rest = tuple(binding for binding in others if not binding.when)
    measure = Measure(
        id=name,
        title=reader.text("name"),
        kind=reader.choice("kind", Kind, Kind.SUM),
        unit=reader.word("unit", "number"),
        bindings=(*chosen, first, *rest),
        description=reader.text("description"),
        ripe=reader.optional("ripe"),
        having=int(reader.number("having") or 1),
        weight=_read_weight(reader, issues),
        latest_per=reader.words("latest_per"),
        place=tree.place,
    )
    reader.close()
    return measure


def _read_weight(reader: Reader, issues: list[Issue]) -> Weight | None:
    tree = reader.get("weight")
    if tree is None:
        return None
    inner = Reader(tree, issues, "weight")
    weight = Weight(inner.word("measure", required=True), inner.word("window", required=True))
    inner.close()
    return weight


def _read_binding(reader: Reader, *, main: bool = False) -> Binding:
    return Binding(
        entity=reader.word("entity", required=True),
        expression=reader.word("expression", "1"),
        where=reader.optional("where"),
        times=reader.words("time"),
        until=reader.optional("until"),
        when=reader.mapping("when", lambda _, item: str(item.value)),
        kind=reader.choice("kind", Kind, Kind.SUM) if reader.pairs.get("kind") and not main else None,
    )


def _closed_binding(tree: Tree, issues: list[Issue]) -> Binding:
    reader = Reader(tree, issues, "binding")
    binding = _read_binding(reader)
    reader.close()
    return binding


def read_segment(tree: Tree, issues: list[Issue]) -> Segment | None:
    """The segment written at ``tree``, or None where it has no usable id."""
    reader = Reader(tree, issues, "segment")
    name = reader.word("id", required=True)
    if not name:
        return None
    choices = reader.mapping("choices", lambda _, item: _read_membership(item, issues))
    single = reader.get("membership")
    if single is not None:
        choices[""] = _read_membership(single, issues)
    segment = Segment(
        id=name,
        title=reader.text("name"),
        key=reader.word("key", required=True),
        choices=choices,
        chosen_by=reader.optional("chosen_by"),
        description=reader.text("description"),
        place=tree.place,
    )
    reader.close()
    return segment


def _read_membership(tree: Tree, issues: list[Issue]) -> Membership:
    reader = Reader(tree, issues, "membership")
    membership = Membership(
        rule=reader.choice("rule", Rule, Rule.RECENT),
        entity=reader.word("entity", required=True),
        time=reader.optional("time"),
        where=reader.optional("where"),
        window=reader.optional("window"),
        at_least=reader.optional("at_least"),
        start=reader.optional("start"),
        end=reader.optional("end"),
        share=reader.optional("share"),
        by=reader.words("by"),
    )
    reader.close()
    return membership


def read_parameter(tree: Tree, issues: list[Issue]) -> Parameter | None:
    """The parameter written at ``tree``, or None where it has no usable id."""
    reader = Reader(tree, issues, "parameter")
    name = reader.word("id", required=True)
    if not name:
        return None
    parameter = Parameter(
        id=name,
        title=reader.text("name"),
        default=_read_default(reader),
        unit=reader.word("unit", "number"),
        choices=reader.words("choices"),
        minimum=reader.number("minimum"),
        maximum=reader.number("maximum"),
        description=reader.text("description"),
        place=tree.place,
    )
    reader.close()
    return parameter


def _read_default(reader: Reader) -> ParameterValue:
    found = reader.get("default")
    if found is None:
        return ""
    if isinstance(found.value, list):
        return reader.words("default")
    return parse_value(str(found.value))


def parse_value(word: str) -> ParameterValue:
    """The number that ``word`` writes, else the word.

    >>> parse_value("90"), parse_value("0.2"), parse_value("orders")
    (90, 0.2, 'orders')
    """
    try:
        number = float(word)
    except ValueError:
        return word
    return int(number) if number.is_integer() and "." not in word and "e" not in word.lower() else number


def parse_rows(text: str) -> tuple[dict[str, str], ...]:
    """The rows of a small CSV text, cells stripped; an empty cell is an empty text.

    >>> parse_rows("id, name\\n1, a\\n2,")
    ({'id': '1', 'name': 'a'}, {'id': '2', 'name': ''})
    """
    try:
        lines = [line for line in csv.reader(io.StringIO(text.strip()), skipinitialspace=True) if line]
    except csv.Error:
        raise DefinitionError(Issue("bad_rows", {"text": text.strip()[:60]})) from None
    if not lines:
        return ()
    header = [cell.strip() for cell in lines[0]]
    return tuple(
        {name: cell.strip() for name, cell in zip_longest(header, line[: len(header)], fillvalue="")}
        for line in lines[1:]
    )
