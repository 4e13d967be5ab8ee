"""ClickHouse in place: the runner over a link to a server or to a folder of chDB, for ``load_engine``.

What is ClickHouse's own is in the modules that its link leads to: the link, the script, the spelling, the raw tables.
"""

from __future__ import annotations

from sanjeh.engines.in_place_runner import Runner, TableReader, build

__all__ = ["Runner", "TableReader", "build"]
