"""The command line: words come in, tables and files go out; exit codes 0 good, 1 problems found, 2 wrong use.

It computes nothing itself and refuses to print a traceback for anything a user can cause.
"""

from sanjeh.cli.app import run

__all__ = ["run"]
