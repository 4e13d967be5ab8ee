"""Files come in, rows of entities in the warehouse go out, with a report in which every row read is accounted for.

A file is recognised by its name, headers and values, or by a mapping that an earlier import kept as YAML. It refuses to
guess what it can ask, to half-load a row that it does not understand, and to leave a row out without saying so.
"""

from sanjeh.connectors.import_history import list_faults, list_imports, undo_import
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.load import import_sources
from sanjeh.connectors.mapping import Field, SourceMapping, TableMapping
from sanjeh.connectors.mapping_file import load_mapping, parse_mapping, render_mapping, save_mapping
from sanjeh.connectors.propose import Proposal
from sanjeh.connectors.question import Choice, Question
from sanjeh.connectors.report import Fault, FileReport, ImportReport, Outcome, TableReport

__all__ = [
    "Choice",
    "Fault",
    "Field",
    "FileReport",
    "ImportReport",
    "ImportSettings",
    "Outcome",
    "Proposal",
    "Question",
    "SourceMapping",
    "TableMapping",
    "TableReport",
    "import_sources",
    "list_faults",
    "list_imports",
    "load_mapping",
    "parse_mapping",
    "render_mapping",
    "save_mapping",
    "undo_import",
]
