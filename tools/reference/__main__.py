"""Write every page of the reference."""

from tools.reference.pages import write_pages

write_pages()
