"""Sanjeh: from a company's rows to every KPI they support.

>>> import sanjeh
>>> sanjeh.open("no/such/folder")
Traceback (most recent call last):
sanjeh.errors.WorkspaceError: no/such/folder is not a workspace: ...
"""

from sanjeh.errors import SanjehError
from sanjeh.opening import open_workspace as open  # noqa: A004 (the verb of the house: sanjeh.open)

__version__ = "0.1.0"
__all__ = ["SanjehError", "__version__", "open"]
