"""A measurement: what a command cost that ran in a process of its own."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds (user and system, its own children included), wall seconds and peak resident memory in MB."""

    cpu: float
    wall: float
    peak_mb: float


def measure(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Measured:
    """What the command cost; raises RuntimeError with the end of what it said where it fails."""
    start = time.perf_counter()
    with subprocess.Popen(
        [str(word) for word in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        cwd=folder,
    ) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{said.decode(errors='replace')[-3000:]}")
    return Measured(used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024)
