"""A command line to type into, and small workspaces to type about."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sanjeh.cli import run

ORDERS = """order_id,ordered_at,net_amount,customer_id,region,status
1,2024-01-05,100,A,Tehran,paid
2,2024-01-20,200,B,Shiraz,paid
3,2024-02-03,300,A,Tehran,paid
4,2024-02-10,50,C,,paid
5,2024-03-01,250,D,Tehran,paid
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered: its exit code, the answer, and what it said beside it."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """The lines of the answer."""
        return self.out.splitlines()


Type = Callable[..., Said]


@pytest.fixture
def sanjeh(monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types ``sanjeh ARGUMENTS`` without a workspace or language in the surroundings."""
    for name in (
        "SANJEH_WORKSPACE",
        "SANJEH_BIDI",
        "SANJEH_DEBUG",
        "LANGUAGE",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
        "COLUMNS",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return type_in


def type_in(*words: object) -> Said:
    """What ``sanjeh WORDS`` answers."""
    out, err = io.StringIO(), io.StringIO()
    argv, sys.argv = sys.argv, ["sanjeh", *map(str, words)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as done:
            run()
    finally:
        sys.argv = argv
    code = done.value.code
    assert "Traceback" not in err.getvalue()
    return Said(code if isinstance(code, int) else 1, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An English workspace with five orders; tests only read it."""
    return build_shop(tmp_path_factory.mktemp("shop"), "en")


@pytest.fixture(scope="session")
def persian_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same five orders in a Persian workspace."""
    return build_shop(tmp_path_factory.mktemp("persian"), "fa")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """An English workspace into which nothing was imported."""
    assert type_in("new", tmp_path / "empty", "--language", "en").code == 0
    return tmp_path / "empty"


def build_shop(folder: Path, language: str) -> Path:
    """A workspace in ``folder`` with the five orders."""
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    made = ("--calendar", "gregorian", "--currency", "IRT", "--time-zone", "Asia/Tehran")
    assert type_in("new", folder / "shop", "--language", language, *made).code == 0
    assert type_in("import", folder / "orders.csv", "--yes", "-w", folder / "shop").code == 0
    return folder / "shop"


@pytest.fixture(scope="session")
def tiny(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made company of the reference data, imported with no question asked."""
    folder = tmp_path_factory.mktemp("tiny") / "T"
    assert type_in("new", folder, "--calendar", "jalali", "--language", "en").code == 0
    assert type_in("import", shared / "spec" / "tiny" / "rows", "-w", folder, "--yes").code == 0
    return folder
