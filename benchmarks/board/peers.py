"""A peer's environment: a virtual environment of its own with the packages that its requirements file pins."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements")
PEERS = {"metricflow": "dbt-metricflow", "semantic_layer": "boring-semantic-layer"}
CALENDARS = ("gregorian", "jalali")


def python_of(peer: str, folder: Path) -> Path:
    """The Python of the peer's environment under ``folder``, made where it does not stand."""
    place, wanted = folder / f"peer-{peer}", REQUIREMENTS / f"{peer}.txt"
    python, done = place / "bin" / "python", place / "installed.txt"
    if not done.exists() or done.read_text() != wanted.read_text():
        venv.create(place, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", wanted], check=True, stdout=sys.stderr)
        done.write_text(wanted.read_text())
    return python
