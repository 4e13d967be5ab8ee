"""Whatever a YAML file holds, loading ends soon with a catalogue and issues, or with a SanjehError."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanjeh.definitions import read_catalogue
from sanjeh.definitions.read_kpi import read_kpi
from sanjeh.definitions.read_model import read_entity, read_measure, read_parameter, read_segment
from sanjeh.definitions.tree import load_tree, parse_tree
from sanjeh.errors import Issue, SanjehError

SOON = timedelta(seconds=2)
READERS = (read_kpi, read_entity, read_measure, read_segment, read_parameter)
_KEYS = [
    "id",
    "name",
    "formula",
    "unit",
    "direction",
    "limits",
    "variants",
    "examples",
    "rows",
    "expect",
    "parameters",
    "marks",
    "kind",
    "entity",
    "time",
    "weight",
    "bindings",
    "when",
    "columns",
    "keys",
    "relations",
    "derived",
    "joins",
    "synonyms",
    "value_synonyms",
    "default",
    "minimum",
    "choices",
    "membership",
    "periods",
    "pitfalls",
    "en",
    "fa",
    "x",
]
_SCALARS = [
    "",
    "~",
    "x",
    "12",
    "1e999",
    "-1e999",
    ".nan",
    "nan",
    "inf",
    "9" * 5000,
    "1/0",
    "(" * 300,
    "1" + "+1" * 3000,
    "2 ** 9",
    "۱۲",
    "true",
    "a, b\n1, 2",
    "a\x00b",
    "\u200f",
    "orders",
    "cohort",
    "'",
    '"',
    "1_0",
    "0x10",
    "-" * 5000 + "1",
    "a" * 100_000,
]
_scalars = st.sampled_from(_SCALARS) | st.text(max_size=20) | st.floats().map(str) | st.integers().map(str)
_values = st.recursive(
    _scalars | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6),
    max_leaves=15,
)


def written(value: object) -> str:
    """The value as flow YAML with every scalar quoted, so that what is drawn is what is read."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {written(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case str():
            return '"' + "".join(_escaped(letter) for letter in value) + '"'
        case _:
            return "~"


def _escaped(letter: str) -> str:
    return letter if letter.isalnum() and letter.isascii() else f"\\U{ord(letter):08x}"


@settings(deadline=SOON, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(_KEYS), _values, max_size=8))
def test_any_tree_is_read_as_any_definition(value: dict[str, object]) -> None:
    try:
        tree = parse_tree(written({"id": "x", **value}))
    except SanjehError:
        return
    for read in READERS:
        issues: list[Issue] = []
        read(tree, issues)
        assert all(str(issue) for issue in issues)


_PIECES = st.sampled_from(
    [
        *"[]{}:,-?&*!|>%@`'\"#~=<\n\t\r\0 ",
        "&a ",
        "*a",
        "<<: *a",
        "!!python/object/apply:os.system ['echo ran']",
        "!!python/object/new:os.system",
        "!!binary ",
        "!!set ",
        "!!omap ",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "a: ",
        "  ",
        "\ufeff",
        "\u2028",
        "kpis:\n",
        "  - id: x\n",
        "    formula: orders\n",
        "? ",
        "- ",
        "\x85",
    ]
)


@settings(deadline=SOON, max_examples=300)
@given(st.text(max_size=200) | st.lists(_PIECES, max_size=50).map("".join))
def test_random_yaml_is_read_or_refused(text: str) -> None:
    try:
        parse_tree(text)
    except SanjehError as error:
        assert error.code in ("bad_yaml", "duplicate_key", "yaml_too_deep")


@settings(deadline=SOON, max_examples=100)
@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.yaml"
        path.write_bytes(content)
        try:
            load_tree(path)
        except SanjehError as error:
            assert error.code in ("bad_yaml", "duplicate_key", "yaml_too_deep")


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache of the standard files, which are as they were."""
    return tmp_path_factory.mktemp("trees")


@settings(deadline=timedelta(seconds=3), max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_a_broken_file_never_stops_the_others_from_being_read(trees: Path, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.yaml"
        path.write_bytes(("kpis:\n  - id: x\n" + text).encode("utf-8", "surrogatepass"))
        catalogue, issues = read_catalogue([path], cache_folder=trees)
    assert len(catalogue.kpis) >= 105
    assert all(str(issue) for issue in issues)


@pytest.mark.parametrize("value", _SCALARS, ids=lambda value: ascii(value[:12]))
@pytest.mark.parametrize(
    "shape",
    [
        "{{id: {0}, formula: {0}, limits: [{0}, {0}]}}",
        "{{id: x, formula: y, examples: [{{period: {0}, expect: {0}, as_of: {0}, marks: {0}}}]}}",
        "{{id: x, formula: y, examples: [{{period: p, parameters: {{a: {0}}}, where: {0}, note: {0}}}]}}",
        "{{id: x, formula: y, examples: [{{period: p, rows: {{orders: {0}}}, expect: {{a: {0}, default: {0}}}}}]}}",
        "{{id: x, entity: y, kind: {0}, time: {0}, when: {{a: {0}}}, weight: {0}, bindings: {0}}}",
        "{{id: x, default: {0}, minimum: {0}, maximum: {0}, choices: {0}}}",
        "{{id: x, columns: {{a: {{type: {0}, required: {0}, minimum: {0}, values: {0}, synonyms: {0}}}}}, keys: {0}}}",
    ],
)
def test_no_value_in_any_place_breaks_the_reading(shape: str, value: str) -> None:
    tree = parse_tree(shape.format(written(value)))
    for read in READERS:
        issues: list[Issue] = []
        read(tree, issues)
        assert all(str(issue) for issue in issues)


@pytest.mark.parametrize(
    "text",
    [
        "{id: x, entity: y, having: 1e999}",
        "{id: x, entity: y, having: nan}",
        "{id: x, formula: y, examples: [{period: p, expect: " + "9" * 400 + "}]}",
        "{id: x, formula: y, examples: [{period: p, rows: {orders: " + "a" * 200_000 + "}}]}",
    ],
    ids=["having infinite", "having no number", "expect a huge number", "a huge cell"],
)
def test_numbers_and_cells_out_of_range_are_issues(text: str) -> None:
    tree = parse_tree(text)
    for read in READERS:
        read(tree, [])
