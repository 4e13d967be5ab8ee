"""The registry knows the engines by name and imports one only when it is asked for."""

from __future__ import annotations

import importlib
from types import ModuleType

from sanjeh.errors import Issue, QuestionError, suggest

ENGINES = {
    "duckdb": "sanjeh.engines.duckdb",
    "memory": "sanjeh.engines.memory",
    "compile": "sanjeh.engines.compile",
    "binding": "sanjeh.engines.binding",
    "emptied": "sanjeh.engines.emptied",
    "cells": "sanjeh.engines.cells",
    "cell_query": "sanjeh.engines.cell_query",
    "quality": "sanjeh.engines.quality",
    "faults": "sanjeh.engines.faults",
    "shelf": "sanjeh.engines.shelf",
    "listing": "sanjeh.engines.listing",
    "parquet": "sanjeh.engines.parquet",
    "relation": "sanjeh.engines.relation",
    "terms": "sanjeh.engines.terms",
    "stating": "sanjeh.engines.stating",
    "postgres": "sanjeh.engines.postgres",
    "link_postgres": "sanjeh.engines.link_postgres",
    "hold_postgres": "sanjeh.engines.hold_postgres",
    "clickhouse": "sanjeh.engines.clickhouse",
    "link_clickhouse": "sanjeh.engines.link_clickhouse",
    "hold_clickhouse": "sanjeh.engines.hold_clickhouse",
    "spark": "sanjeh.engines.spark",
    "link_spark": "sanjeh.engines.link_spark",
    "hold_spark": "sanjeh.engines.hold_spark",
}


def load_engine(name: str) -> ModuleType:
    """The module of the engine called ``name``; raises QuestionError (``unknown_name``)."""
    if name not in ENGINES:
        raise QuestionError(Issue("unknown_name", {"kind": "engine", "name": name}, suggestion=suggest(name, ENGINES)))
    return importlib.import_module(ENGINES[name])
