"""A partition folder is one table cut into Parquet files in folders named ``column=value``, as data lakes keep it."""

from __future__ import annotations

import os
import re
from pathlib import Path

_KEY = re.compile(r"([^=]+)=.*")
_SUFFIXES = (".parquet", ".pq")


def find_root(file: Path, within: Path) -> Path | None:
    """The folder, in or at ``within``, whose table ``file`` is a part of; None where it is a table of its own.

    >>> str(find_root(Path("lake/orders/year=2024/a.parquet"), Path("lake")))
    'lake/orders'
    """
    if not _is_part(file):
        return None
    if _KEY.fullmatch(within.name):
        return within
    folder = within
    for part in file.relative_to(within).parts[:-1]:
        if _KEY.fullmatch(part):
            return folder
        folder /= part
    return None


def list_parts(folder: Path) -> tuple[Path, ...]:
    """The Parquet files below ``folder`` that hold rows, by name; what engines write about them is left out."""
    found = []
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        found += [Path(root, name) for name in names if _is_part(Path(name))]
    return tuple(sorted(found))


def list_keys(folder: Path, file: Path) -> tuple[str, ...]:
    """The columns that the folders of ``file`` name: those below ``folder``, and without a gap those it lies in.

    >>> list_keys(Path("orders/year=2024"), Path("orders/year=2024/month=01/a.parquet"))
    ('year', 'month')
    """
    above: list[str] = []
    for name in (folder.name, *(parent.name for parent in folder.parents)):
        if not _KEY.fullmatch(name):
            break
        above.insert(0, name)
    below = file.relative_to(folder).parts[:-1]
    return tuple(found[1] for name in (*above, *below) if (found := _KEY.fullmatch(name)))


def _is_part(file: Path) -> bool:
    return file.name.lower().endswith(_SUFFIXES) and not file.name.startswith((".", "_"))
