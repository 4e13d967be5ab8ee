"""Nothing of Spark is left behind: neither a session of ours nor a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy
STARTED_AND_STOPPED = """
import os, subprocess, sys
sys.path[:0] = sys.argv[1:]
from pyspark.sql import SparkSession
from conftest import stop
from sanjeh.engines.link_spark import Access, Link
def processes():
    found = subprocess.run(["ps", "-eo", "pid=,ppid=,comm="], capture_output=True, text=True).stdout.splitlines()
    rows = [(int(pid), int(parent), name) for pid, parent, name in (line.split(None, 2) for line in found)]
    ours, grown = {os.getpid()}, True
    while grown:
        more = {pid for pid, parent, _ in rows if parent in ours} - ours
        ours, grown = ours | more, bool(more)
    return [name for pid, _, name in rows if pid in ours and name == "java"]
session = SparkSession.builder.master("local-cluster[1,1,512]").config("spark.executor.memory", "512m")
session = session.config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1").getOrCreate()
link = Link(Access("sc://in.this.process"), base=session)
rows = link.fetch("SELECT count(*) FROM range(10)")
link.close()
alive = session.sql("SELECT 1").collect()
before = len(processes())
stop(session)
print(rows, len(alive), before, len(processes()))
"""


def test_no_process_is_left_when_the_cluster_is_stopped(owner: object) -> None:
    """A link that is closed leaves a session that was there before; a cluster that is stopped leaves no Java behind."""
    paths = [path for path in sys.path if path.endswith(("in_place", "soundness"))]
    told = subprocess.run(
        [sys.executable, "-c", STARTED_AND_STOPPED, str(Path(__file__).parent), *paths],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert told.stdout.strip().endswith("[(10,)] 1 2 0"), told.stderr[-2000:]
