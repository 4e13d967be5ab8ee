"""A Spark cluster for tests: two executors of their own on this machine, one for all tests of this folder."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from on_spark import OnSpark

# Little is computed and much is planned: code that is compiled once and quickly takes half the time.
_JAVA = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC"
_SETTINGS = {
    "spark.driver.extraJavaOptions": _JAVA,
    "spark.executor.extraJavaOptions": _JAVA,
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.memory": "1g",
    "spark.executor.memory": "512m",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.scheduler.mode": "FAIR",
    "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
}


TOKEN = "s3cret-Geheim"  # what the cluster asks of those who come over Spark Connect


def _missing() -> str:
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark"
    has_java = shutil.which("java") or (Path(os.environ.get("JAVA_HOME", "/nowhere")) / "bin" / "java").exists()
    return "" if has_java else "Java"


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="package")
def connect_port() -> int:
    """The port at which the cluster answers Spark Connect."""
    return _free_port()


@pytest.fixture(scope="package")
def address(owner: Any, connect_port: int) -> str:
    """The address of the cluster for Spark Connect, without the token."""
    return f"sc://localhost:{connect_port}"


@pytest.fixture(scope="package")
def owner(tmp_path_factory: pytest.TempPathFactory, connect_port: int) -> Iterator[Any]:
    """A session that may write; no process of it is left at the end."""
    if missing := _missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{missing} is missing, and CI runs with everything")
        pytest.skip(f"{missing} is not on this machine")
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    own = {
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder),
        "spark.connect.authenticate.token": TOKEN,
        "spark.connect.grpc.binding.port": str(connect_port),
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("sanjeh tests")
    for name, value in (_SETTINGS | own).items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("OFF")
    yield made
    stop(made)


def stop(session: Any) -> None:
    """Stop the cluster and wait until its processes are gone."""
    from pyspark import SparkContext

    session.stop()
    gateway = SparkContext._gateway
    if gateway is not None:
        process = gateway.proc
        gateway.shutdown()
        process.stdin.close()
        process.wait(60)
        SparkContext._gateway = SparkContext._jvm = None


@pytest.fixture(scope="package")
def database(owner: Any) -> OnSpark:
    """The cluster as a database for tests."""
    return OnSpark(owner)
