"""A kill point is an instant at which a writer is killed; after each one the warehouse must be whole.

``python kill_points.py --count 50`` kills 50 imports, half of them at a chosen call that makes files durable, half
after a random delay, while another process reads without pause. Batch k sets the amount of every order and the score of
every customer to k and adds orders, so that a reader can tell a whole version (one amount everywhere, the right number
of rows, the same batch in both entities) from a torn one without being told anything.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from shop import CUSTOMERS, ORDERS, files_on_disk, make_source

from sanjeh.warehouse import Writer, open_snapshot, partition
from sanjeh.warehouse.manifest import read_manifest
from sanjeh.warehouse.versions import list_versions

FIRST_ORDERS, MORE_ORDERS, CUSTOMER_ROWS = 40, 3, 15


def write_batch(folder: Path, batch: int, kill_at: int | None) -> int:
    """Import batch ``batch``; dies at the ``kill_at``-th durable call, else returns how many such calls there were."""
    partition.ALL_UP_TO, partition.YEARS_UP_TO = 10, 20
    steps = _count_steps(kill_at)
    connection = duckdb.connect(config={"threads": 1})
    rows = FIRST_ORDERS + MORE_ORDERS * batch
    connection.execute(
        "CREATE TABLE orders AS SELECT 'O' || i AS _row_key, 'O' || i AS order_id,"
        f" TIMESTAMP '2024-01-01' + to_days(CAST(i * 7 % 180 AS INTEGER)) AS ordered_at,"
        f" {batch}::DECIMAL(18,2) AS net_amount,"
        f" 'C' || (i % {CUSTOMER_ROWS}) AS customer_id, 'channel ' || {batch} AS channel FROM range({rows}) r(i)"
    )
    connection.execute(
        "CREATE TABLE customers AS SELECT 'C' || i AS _row_key, 'C' || i AS customer_id, "
        f" DATE '2024-01-01' AS joined_on, {batch}::DOUBLE AS score FROM range({CUSTOMER_ROWS}) r(i)"
    )
    with Writer(folder) as writer:
        writer.load(connection, ORDERS, "orders", make_source())
        writer.load(connection, CUSTOMERS, "customers", make_source("customers.csv"))
        writer.commit()
    return steps()


def _count_steps(kill_at: int | None) -> Callable[[], int]:
    done = 0

    def before(call: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **named: object) -> object:
            nonlocal done
            done += 1
            if done == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **named)

        return counted

    os.fsync = before(os.fsync)  # type: ignore[assignment]
    Path.replace = before(Path.replace)  # type: ignore[method-assign,assignment]
    Path.unlink = before(Path.unlink)  # type: ignore[method-assign,assignment]
    return lambda: done


def read_batch(folder: Path, connection: duckdb.DuckDBPyConnection) -> int:
    """The batch that the current version holds; fails when it is torn."""
    snapshot = open_snapshot(folder)
    snapshot.attach(connection)
    found = connection.execute(
        "SELECT count(*), min(net_amount), max(net_amount), count(DISTINCT order_id__code), count(channel__code)"
        " FROM raw_orders"
    ).fetchone()
    scores = connection.execute("SELECT count(*), min(score), max(score) FROM raw_customers").fetchone()
    assert found is not None and scores is not None
    batch = int(found[1])
    rows = FIRST_ORDERS + MORE_ORDERS * batch
    assert found == (rows, batch, batch, rows, rows), f"torn version {snapshot.version}: {found}"
    assert scores == (CUSTOMER_ROWS, batch, batch), f"torn version {snapshot.version}: {scores}"
    domain = connection.execute("SELECT count(*), count(DISTINCT code), max(code) FROM dict_order_id").fetchone()
    assert domain == (rows, rows, rows - 1), f"torn dictionary of version {snapshot.version}: {domain}"
    return batch


def read_until_stopped(folder: Path) -> int:
    """Read without pause until a file ``stop`` appears; returns how often, and fails when anything ever goes back."""
    connection = duckdb.connect(config={"threads": 1})
    reads, last = 0, 0
    while not (folder.parent / "stop").exists():
        batch = read_batch(folder, connection)
        assert batch >= last, f"batch {batch} after {last}"
        reads, last = reads + 1, batch
    return reads


def check_clean(folder: Path) -> None:
    """Fail when files lie about that no version needs."""
    needed = {path for version in list_versions(folder) for path in read_manifest(folder, version).files()}
    assert files_on_disk(folder) == needed, sorted(files_on_disk(folder) ^ needed)


def _start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, *(str(argument) for argument in arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(count: int, folder: Path, seed: int = 0) -> tuple[int, int, int]:
    """How many imports were killed, how many outran their killer, and how often the reader read; fails on any tear."""
    chance = random.Random(seed)
    connection = duckdb.connect(config={"threads": 1})
    write = _start("write", folder, 0, 0)
    write.communicate()
    began = time.monotonic()
    write = _start("write", folder, 1, 0)
    steps = int(write.communicate()[0])
    seconds = time.monotonic() - began
    reader = _start("read", folder)
    batch, killed = 2, 0
    for point in range(count):
        by_step = point % 2 == 0
        write = _start("write", folder, batch, 1 + point * steps // count if by_step else 0)
        if not by_step:
            time.sleep(seconds * chance.uniform(0.5, 1.4))
            write.kill()
        _, complaint = write.communicate()
        assert write.returncode in (0, -signal.SIGKILL), complaint
        killed += write.returncode != 0
        now = read_batch(folder, connection)
        assert now in (batch - 1, batch), f"batch {now} while writing {batch}"
        batch = now + 1
    with Writer(folder) as writer:
        writer.commit()
    check_clean(folder)
    (folder.parent / "stop").touch()
    reads, complaint = reader.communicate()
    assert reader.returncode == 0, complaint
    return killed, count - killed, int(reads)


def main() -> None:
    """Run from the command line, or serve as one of the processes that ``run`` starts."""
    if sys.argv[1:2] == ["write"]:
        print(write_batch(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]) or None))
    elif sys.argv[1:2] == ["read"]:
        print(read_until_stopped(Path(sys.argv[2])))
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("--count", type=int, default=50)
        parser.add_argument("--seed", type=int, default=0)
        asked = parser.parse_args()
        with tempfile.TemporaryDirectory() as scratch:
            killed, outran, reads = run(asked.count, Path(scratch) / "warehouse", asked.seed)
        print(f"{killed} imports killed, {outran} finished first, {reads} reads meanwhile: every version whole")


if __name__ == "__main__":
    main()
