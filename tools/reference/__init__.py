"""The code comes in; the pages under ``docs/reference`` go out, so that the reference can say nothing that is not so.

``python -m tools.reference`` writes them; a test compares them with what would be written now.
"""

from tools.reference.pages import PAGES, build_pages, write_pages

__all__ = ["PAGES", "build_pages", "write_pages"]
