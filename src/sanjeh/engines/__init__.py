"""Engines: blocks of a plan come in; one SQL statement each goes to the database, and rows come back as answers.

They refuse to multiply rows by a join, to divide, and to truncate dates. An engine's module is imported when asked for.
"""

from sanjeh.engines.registry import ENGINES, load_engine

__all__ = ["ENGINES", "load_engine"]
