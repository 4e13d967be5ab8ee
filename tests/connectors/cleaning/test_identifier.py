"""Identifiers stay text."""

from __future__ import annotations

import pytest

from sanjeh.connectors.cleaning.identifier import clean_identifier, decide_identifier


@pytest.mark.parametrize(
    ("raw", "kept"),
    [("0012", "0012"), (" ۰۰۱۲ ", "0012"), ("A-١", "A-1"), ("كد ۷", "کد 7"), ("17850.0", "17850.0"), ("1e5", "1e5")],
)
def test_an_id_keeps_its_zeros_and_gets_ascii_digits(raw: str, kept: str) -> None:
    assert clean_identifier(raw) == kept


def test_a_float_id_loses_its_point_only_when_told() -> None:
    assert clean_identifier("17850.0", float_ids=True) == "17850"
    assert clean_identifier("17850.5", float_ids=True) == "17850.5"


@pytest.mark.parametrize(
    ("values", "float_ids"),
    [
        (["17850.0", "13047.0", ""], True),
        (["17850.0", "13047"], True),
        (["17850.0", "A1"], False),
        (["1.5", "2.0"], False),
        (["7"], False),
    ],
)
def test_float_ids_are_seen_by_the_whole_column(values: list[str], float_ids: bool) -> None:
    assert decide_identifier(values).float_ids is float_ids


def test_ids_that_a_sheet_destroyed_are_seen() -> None:
    assert decide_identifier(["9.89123E+11", "12"]).scientific == "9.89123E+11"


def test_leading_zeros_are_seen() -> None:
    assert decide_identifier(["0912", "12"]).leading_zeros
    assert not decide_identifier(["0", "12"]).leading_zeros
