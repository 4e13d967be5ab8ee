"""The pages of the reference, by the name of their file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from sanjeh.cli.app import COMMANDS
from sanjeh.definitions import load_catalogue
from sanjeh.definitions.schema import json_schema
from tools.reference import catalogue, datasets, engines, system

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"

PAGES: dict[str, Callable[[], str]] = {
    "kpis.md": lambda: catalogue.build_kpis(load_catalogue(), "en"),
    "kpis.fa.md": lambda: catalogue.build_kpis(load_catalogue(), "fa"),
    "entities.md": lambda: catalogue.build_entities(load_catalogue()),
    "measures.md": lambda: catalogue.build_measures(load_catalogue()),
    "parameters.md": lambda: catalogue.build_parameters(load_catalogue()),
    "functions.md": catalogue.build_functions,
    "errors.md": system.build_errors,
    "configuration.md": system.build_configuration,
    "engines.md": lambda: engines.build_engines(load_catalogue()),
    "datasets.md": lambda: datasets.build_datasets(load_catalogue()),
    "definitions.schema.json": lambda: json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
    "cli.md": lambda: system.build_cli(COMMANDS),
}


def build_pages() -> dict[str, str]:
    """The text of every page by the name of its file."""
    return {name: build() for name, build in PAGES.items()}


def write_pages() -> None:
    """Write every page that differs from what is there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in build_pages().items():
        path = FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
