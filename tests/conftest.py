"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no fault of the code; what must not run away has tests of its own.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What the tests of several engines share is no file of tests, and its asserts should tell as much.
pytest.register_assert_rewrite("same_matrix", "same_numbers", "same_spelling", "two_engines")

ROOT = Path(__file__).resolve().parents[1]


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI runs with everything")
    pytest.skip(f"{what} is not on this machine")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout; the test is skipped where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        _missing("the reference data")
    return folder
