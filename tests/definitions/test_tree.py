"""A YAML document whose values remember their place, and what is refused."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sanjeh.definitions.tree import Tree, load_tree, parse_tree
from sanjeh.errors import DefinitionError, Place


def test_every_value_remembers_its_line_and_column() -> None:
    tree = parse_tree("a: 1\nb:\n  - x\n  - {c: y}\n", "kpis/own.yaml")
    assert isinstance(tree.value, dict)
    first, second = tree.value["b"].elements()
    assert first.place == Place("kpis/own.yaml", 3, 5)
    assert isinstance(second.value, dict)
    assert second.value["c"].place == Place("kpis/own.yaml", 4, 9)


def test_scalars_stay_as_written() -> None:
    tree = parse_tree("[0012, 1.50, yes, 2024-03-05, '', ~, null, !!python/name:os.system x]")
    assert [item.value for item in tree.elements()] == ["0012", "1.50", "yes", "2024-03-05", "", None, None, "x"]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: [1", "bad_yaml", 2, 1),
        ("a: b: c", "bad_yaml", 1, 5),
        ("a:\n\t- x", "bad_yaml", 2, 1),
        ("a: 1\n---\nb: 2", "bad_yaml", 2, 1),
        ("a: *missing", "bad_yaml", 1, 4),
        ("a: '\x00'", "bad_yaml", None, None),
        ("a: 1\nb: 2\na: 3", "duplicate_key", 3, 1),
        ("? [a, b]\n: c", "bad_yaml", 1, 3),
        ("a: &a [*a]", "yaml_too_deep", 1, 4),
        ("[" * 50 + "]" * 50, "yaml_too_deep", 1, 42),
        ("[" * 200_000, "bad_yaml", 1, None),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(
    text: str, code: str, line: int | None, column: int | None
) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_tree(text, "own.yaml")
    (issue,) = caught.value.issues
    assert issue.code == code
    assert issue.place is not None and issue.place.file == "own.yaml" and issue.place.line == line
    assert column is None or issue.place.column == column


@pytest.mark.parametrize(("width", "levels"), [(10, 9), (2, 39), (2, 200), (40, 5)])
def test_an_alias_bomb_is_stopped_before_it_grows(width: int, levels: int) -> None:
    lines = ["a0: &a0 [" + ", ".join("x" * width) + "]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * width) + "]" for n in range(1, levels)]
    started = time.perf_counter()
    with pytest.raises(DefinitionError) as caught:
        parse_tree("\n".join(lines))
    assert caught.value.code == "yaml_too_deep"
    assert time.perf_counter() - started < 1


def test_a_few_aliases_are_welcome() -> None:
    tree = parse_tree("a: &days [month, quarter]\nb: *days\n")
    assert isinstance(tree.value, dict)
    assert [item.value for item in tree.value["b"].elements()] == ["month", "quarter"]


def test_a_file_too_large_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text("a: " + "x" * 4_000_001, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_tree(path)
    assert caught.value.code == "yaml_too_large"


def test_bytes_that_are_not_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(b"a: \xff\xfe\xff")
    with pytest.raises(DefinitionError) as caught:
        load_tree(path)
    assert caught.value.code == "bad_yaml"


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "a: 1\nb: 2\n".encode("utf-16"), b"a: 1\rb: 2"])
def test_byte_order_marks_and_foreign_line_ends_are_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(content)
    assert {key: item.value for key, item in load_tree(path).items()} == {"a": "1", "b": "2"}


def test_a_kept_tree_is_the_same_and_a_damaged_one_is_read_again(tmp_path: Path) -> None:
    path, kept = tmp_path / "own.yaml", tmp_path / "cache"
    path.write_text("a: [1, {b: ~}]\n", encoding="utf-8")
    fresh = load_tree(path, cache=kept)
    assert load_tree(path, cache=kept) == fresh
    (file,) = kept.iterdir()
    file.write_text("[", encoding="utf-8")
    assert load_tree(path, cache=kept) == fresh
    assert isinstance(fresh, Tree)


def test_a_changed_file_is_not_answered_from_the_kept_one(tmp_path: Path) -> None:
    path, kept = tmp_path / "own.yaml", tmp_path / "cache"
    path.write_text("a: 1\n", encoding="utf-8")
    load_tree(path, cache=kept)
    path.write_text("a: 2\n", encoding="utf-8")
    assert [item.value for _, item in load_tree(path, cache=kept).items()] == ["2"]
