"""Posts of a brand page: three copies of the same rows, each with other headers, delimiters and encodings."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.datasets.compare import Row, build_workspace, compare, count, stated_counts

SET = "uci_facebook_metrics"
COPIES = (
    "dataset_Facebook_original_headers_cr.csv",
    "variant_renamed_headers_semicolon.csv",
    "variant_spanish_headers_latin1.csv",
)


@pytest.mark.parametrize("copy", COPIES)
def test_every_value_of_the_reference_is_met(
    copy: str, shared: Path, tmp_path: Path, reference: tuple[Row, ...]
) -> None:
    imported = build_workspace(SET, tmp_path, [shared / "data" / SET / copy])
    assert imported.report["holds"] and imported.report["quarantined"] == 0
    assert [imported.rows(name) for name in ("social_posts", "post_engagement", "social_daily")] == [500, 500, 12]
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)
