"""Writing the demo company is drawing three years of it and exporting each system's files."""

from __future__ import annotations

from pathlib import Path

from sanjeh.demo.books_export import export_books
from sanjeh.demo.demo_files import DemoFile, DemoFiles
from sanjeh.demo.export import write_tables
from sanjeh.demo.marketing_export import export_marketing
from sanjeh.demo.pipeline_export import export_pipeline
from sanjeh.demo.plan_export import export_plans
from sanjeh.demo.sales_export import export_sales
from sanjeh.demo.sell import sell
from sanjeh.demo.service_export import export_service
from sanjeh.demo.social_export import export_social
from sanjeh.demo.table import Table
from sanjeh.demo.timeline import START, STOP
from sanjeh.demo.web_export import export_web
from sanjeh.errors import DataError, Issue


def write_demo(folder: Path, *, seed: int = 1404) -> DemoFiles:
    """The export files of the demo company, written to ``folder``, and what an import must find in each.

    Args:
        folder: a new or empty folder; it is made when there is none.
        seed: another one draws another company of the same kind (default 1404).

    Raises:
        DataError: ``demo_folder_not_empty``.

    >>> from tempfile import mkdtemp
    >>> files = write_demo(Path(mkdtemp()))  # doctest: +SKIP
    >>> files.rows_of("orders")  # doctest: +SKIP
    14038
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise DataError(Issue("demo_folder_not_empty", {"folder": str(folder)}))
    tables = draw_tables(seed)
    write_tables(folder, tables)
    return DemoFiles(folder, tuple(_described(table) for table in tables), START, STOP)


def draw_tables(seed: int = 1404) -> list[Table]:
    """The tables of all exports, dirt included, by file name: the same for the same seed."""
    import numpy as np

    # Each subject draws from its own stream: a change in one leaves the others as they are.
    streams = [np.random.Generator(np.random.PCG64([seed, subject])) for subject in range(9)]
    sales = sell(streams[0])
    marketing, spent = export_marketing(streams[3])
    social, reach = export_social(sales.buyers, streams[5])
    books, booked = export_books(sales, spent, streams[7])
    tables = [
        *export_sales(sales, streams[1]),
        *export_pipeline(sales.buyers, streams[2]),
        *marketing,
        *export_web(sales, streams[4]),
        *social,
        *export_service(sales, streams[6]),
        *books,
        *export_plans(booked, reach, streams[8]),
    ]
    return sorted(tables, key=lambda table: table.file)


def _described(table: Table) -> DemoFile:
    rows = len(table.rows)
    return DemoFile(
        name=table.file,
        sheet=table.sheet,
        entity=table.entity,
        headers=table.headers,
        rows=rows,
        loaded=rows - table.duplicate - table.quarantined,
        duplicate=table.duplicate,
        quarantined=table.quarantined,
        replaced=table.replaced,
        dirt=tuple(dict.fromkeys(table.dirt)),
    )
