"""Every class of broken file ends in its code, leaves nothing behind and never in a traceback."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from sanjeh.connectors.reading import find_sources, read
from sanjeh.errors import SanjehError

from .malformed import malformed_files


@pytest.mark.parametrize("seed", range(2))
def test_each_broken_file_ends_in_its_code(tmp_path: Path, seed: int) -> None:
    for name, path, expected in malformed_files(tmp_path, seed):
        with duckdb.connect() as connection:
            found = None
            try:
                for source in find_sources(path):
                    raw = read(source, connection, "staging")
                    assert raw.rows == len(connection.execute("FROM staging").fetchall()), name
            except SanjehError as error:
                found = error.code
                assert str(error) != found, f"{found} has no sentence"
            tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        assert found == expected, f"{name} {seed}"
        assert len(tables) == (expected is None), f"{name} {seed}"


def test_there_are_many_classes_and_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    first = malformed_files(tmp_path / "a", 5)
    second = malformed_files(tmp_path / "b", 5)
    assert len({name for name, _, _ in first}) >= 35
    # A workbook holds the time of its making.
    texts = [(a, b) for (_, a, _), (_, b, _) in zip(first, second, strict=True) if a.suffix == ".csv" and a.is_file()]
    assert len(texts) >= 15
    for one, other in texts:
        assert one.read_bytes() == other.read_bytes() or one.read_bytes().startswith(b"PK")
    assert [code for _, _, code in first] == [code for _, _, code in second]
