"""The page of results, written from the JSON that a run leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DOCUMENTS = Path(__file__).parents[2] / "docs" / "reference"
RESULTS = DOCUMENTS / "benchmarks.json"
PAGE = DOCUMENTS / "benchmarks.md"
ROLLED = DOCUMENTS / "rollups.json"


def render(results: dict[str, Any]) -> str:
    """The page as Markdown."""
    size = results["size"]
    parts = [
        _head(size, results),
        _imported(size, results["import"]),
        *(_board(code, results["figures"]) for code in ("gregorian", "jalali")),
        _inside(results["figures"]),
        _rollups(),
    ]
    return "\n".join(parts)


def _head(size: dict[str, Any], results: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    return f"""# Benchmarks

Written by `python -m benchmarks.board --page`; the figures are in [benchmarks.json](benchmarks.json).

Twelve KPIs by month over 24 months, overall and by channel (8 members): revenue, orders, average order value, new and
active customers, ARPU, CAC, lead conversion, gross margin, sessions, conversion rate and repeat purchase rate. The
company is made up by a formula, the same on every run: {size["orders"]:,} orders, {size["sessions"]:,} sessions,
{size["leads"]:,} leads and {size["customers"]:,} customers. Everybody reads the same rows: hand-written SQL and the
peers read the Parquet files, Sanjeh what it imported from them; *rolled up* is Sanjeh with what the board needs kept by
day beside the rows, as the import keeps it up to date by itself. Every cell of every answer was compared with naive
SQL's, to 1e-9, before its time was taken.

CPU seconds are user and system time of the whole process, all its threads, from its start to its end; memory is the
most that was resident. Where a process goes on to ask again, the repetitions are left out. Medians of
{results["runs"]} runs, in turn; {results["machine"]["cores"]} cores, {versions}.
"""


def _rollups() -> str:
    """What roll-ups cost, from the results of ``benchmarks.rollups``; nothing where it was not run."""
    if not ROLLED.exists():
        return ""
    results = json.loads(ROLLED.read_text())
    size = f"{results['bytes'] / 1e6:,.0f} MB"
    lines = [
        "## Roll-ups",
        "",
        f"What the board needs of {results['orders']:,} orders, as many sessions and a fifth of leads, kept by day,",
        f"overall and by channel: {size} (`python -m benchmarks.rollups --page`). One hundredth",
        "of the rows is then added in the last month, and again spread over all days; the import is not counted.",
        "",
        "| step | CPU s | wall s | CPU to the build | peak MB |",
        "|---|---|---|---|---|",
    ]
    build = results["steps"]["build"]["steps"]["build"]["cpu"]
    for name, step in results["steps"].items():
        for part, spent in step["steps"].items():
            if part in ("build", "refresh"):
                share = spent["cpu"] / build
                lines.append(
                    f"| {name} | {spent['cpu']:.2f} | {spent['wall']:.2f} | {share:.3f} | {step['peak_mb']:,.0f} |"
                )
    answered = results["steps"]["answer"]["steps"]
    lines += ["", "| answered from it | CPU ms | wall ms |", "|---|---|---|"]
    for part, spent in answered.items():
        if not part.endswith("(all)"):
            lines.append(f"| {part} | {spent['cpu'] * 1000:,.1f} | {spent['wall'] * 1000:,.1f} |")
    return "\n".join([*lines, ""])


def _imported(size: dict[str, Any], tables: dict[str, Any]) -> str:
    rows = {"orders": "orders", "web_sessions": "sessions", "leads": "leads", "customers": "customers"}
    lines = ["## Import", "", "| file | CPU s | wall s | peak MB | rows a CPU second |", "|---|---|---|---|---|"]
    for table, cost in tables.items():
        speed = f"{size[rows[table]] / cost['cpu']:,.0f}" if table in rows else ""
        lines.append(f"| {table} | {cost['cpu']:.1f} | {cost['wall']:.1f} | {cost['peak_mb']:,.0f} | {speed} |")
    return "\n".join([*lines, ""])


def _board(calendar: str, figures: list[dict[str, Any]]) -> str:
    mine = [figure for figure in figures if figure["calendar"] == calendar]
    best = next(figure["cpu"] for figure in mine if figure["contender"] == "SQL, the best we know")
    lines = [
        f"## The board, {calendar.capitalize()} months",
        "",
        "| contender | CPU s | wall s | peak MB | cells | CPU to best SQL | lacks |",
        "|---|---|---|---|---|---|---|",
    ]
    for figure in [*_both(mine), *mine]:
        ratio = f"{figure['cpu'] / best:.2f}"
        lines.append(
            f"| {figure['contender']} | {figure['cpu']:.2f} | {figure['wall']:.2f} | {figure['peak_mb']:,.0f} "
            f"| {figure['cells']:,} | {ratio} | {', '.join(figure['lacks'])} |"
        )
    return "\n".join([*lines, ""])


def _both(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The two commands that together answer what the others answer in one process."""
    whole = []
    for state in ("cold", "with caches", "rolled up, cold"):
        parts = [figure for figure in figures if figure["contender"].startswith(f"Sanjeh, {state},")]
        if len(parts) == 2:
            sums = {name: sum(part[name] for part in parts) for name in ("cpu", "wall", "cells")}
            peak = max(part["peak_mb"] for part in parts)
            whole.append({**sums, "peak_mb": peak, "lacks": (), "contender": f"Sanjeh, {state}, two commands"})
    return whole


def _inside(figures: list[dict[str, Any]]) -> str:
    lines = [
        "## Within a process",
        "",
        "Without the start of Python and the packages' import. *again* is a second identical question to an open",
        "workspace or project, so what a program keeps is warm; the files are in the system's cache for everybody.",
        "",
        "| contender | calendar | part | CPU ms | wall ms |",
        "|---|---|---|---|---|",
    ]
    for figure in figures:
        for part, spent in figure["inside"].items():
            lines.append(
                f"| {figure['contender']} | {figure['calendar']} | {part} "
                f"| {spent['cpu'] * 1000:,.1f} | {spent['wall'] * 1000:,.1f} |"
            )
    return "\n".join([*lines, ""])
