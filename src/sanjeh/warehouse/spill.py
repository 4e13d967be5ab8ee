"""A spill is what does not fit into memory, put aside on the disk while one process works."""

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_PREFIX = "sanjeh-spill-"
_A_DAY = 86_400.0


def choose_spill(warehouse: Path, folder: Path | None = None) -> Path:
    """A folder that only this process uses: in ``folder``, else where imports of ``warehouse`` put rows aside.

    DuckDB makes it when it needs it and removes it when its connection is closed. What dead processes left beside it is
    cleared away. Where neither place can be written to, the system's own for temporary files serves.
    """
    home = warehouse.absolute() / "tmp" if folder is None else folder
    if folder is not None:
        with suppress(OSError):
            home.mkdir(parents=True, exist_ok=True)
    if folder is None and not os.access(home, os.W_OK):
        home = Path(tempfile.gettempdir())
    clear_spills(home)
    return home / f"{_PREFIX}{_machine()}-{os.getpid()}-{secrets.token_hex(4)}"


def clear_spills(home: Path) -> None:
    """Remove what processes of this machine that are gone left in ``home``, and what anybody left for a day."""
    for path in home.glob(f"{_PREFIX}*"):
        found = re.fullmatch(rf"{_PREFIX}(.*)-(\d+)-[0-9a-f]+", path.name)
        with suppress(OSError):
            is_old = time.time() - path.stat().st_mtime > _A_DAY
            is_dead = found is not None and found[1] == _machine() and not _is_running(int(found[2]))
            if path.is_dir() and not path.is_symlink() and (is_dead or is_old):
                shutil.rmtree(path, ignore_errors=True)


def _machine() -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", platform.node()) or "machine"


def _is_running(process: int) -> bool:
    if sys.platform == "win32":
        return True  # there is no signal that asks without harm: the day decides
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
