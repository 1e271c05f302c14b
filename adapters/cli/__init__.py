"""The command line. Commands are imported when they are called, so that `guikou --help` starts at once."""

from .commands import COMMANDS
from .program import main, run

__all__ = ["COMMANDS", "main", "run"]
