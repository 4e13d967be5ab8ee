"""A part is a module that is imported when it is first used, so that what a person does not ask for costs nothing.

Only this module and the registry of engines import by name; everything else says at its top what it needs.
"""

from __future__ import annotations

import importlib
from types import ModuleType

PARTS = {
    "workspace": "sanjeh.workspace",
    "ingest": "sanjeh.ingest",
    "rollups": "sanjeh.rollups",
    "rolled": "sanjeh.rolled",
    "connectors": "sanjeh.connectors",
    "output": "sanjeh.cli.output",
    "place": "sanjeh.cli.place",
    "naming": "sanjeh.cli.naming",
    "workspaces": "sanjeh.cli.workspace",
    "data": "sanjeh.cli.data",
    "rolling": "sanjeh.cli.rollups",
    "catalogue": "sanjeh.cli.catalogue",
    "definitions": "sanjeh.cli.definitions",
}


def load_part(name: str) -> ModuleType:
    """The module that ``name`` stands for; KeyError for a name that is not in the table.

    >>> load_part("workspace").__name__
    'sanjeh.workspace'
    """
    return importlib.import_module(PARTS[name])
