"""``python -m sanjeh`` is the command ``sanjeh``."""

from sanjeh.cli import run

if __name__ == "__main__":
    run()
