"""Policies that come with guikou, as data; `load` finds them by name."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guikou.engine.policy.policy import Policy

_HERE = Path(__file__).parent
#: The policy that is meant where none is named.
DEFAULT = "beijing-2015"


def names() -> list[str]:
    """The names of the policies that come with guikou."""
    return sorted(path.parent.name.replace("_", "-") for path in _HERE.glob("*/policy.yaml"))


def folder(name_or_path: str) -> Path:
    """Where a policy's files are, by its name or by a folder of one's own. Raises UnknownPolicy."""
    from guikou.engine.errors import UnknownPolicy

    for path in (Path(name_or_path), _HERE / name_or_path.replace("-", "_")):
        with suppress(OSError):  # such as a name that is too long to be one
            if (path / "policy.yaml").is_file():
                return path
    raise UnknownPolicy(name=name_or_path, known=names())


def load(name_or_path: str) -> Policy:
    """Read a policy by its name ('beijing-2015'), or one's own by its folder. Raises PolicyError."""
    from guikou.engine.policy.files.load import load

    return load(folder(name_or_path))
