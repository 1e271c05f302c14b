"""Evidence that is a file: what a reference says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"(?P<name>.+) sha256:(?P<sha256>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file by its name and the SHA-256 of what is in it. The file itself stays with the office."""

    name: str
    sha256: str

    @property
    def text(self) -> str:
        """As an event keeps it: what stands for the evidence."""
        return f"{self.name} sha256:{self.sha256}"

    @classmethod
    def read(cls, text: str) -> FileReference | None:
        """What a reference says; None for one that is of no file."""
        found = _WRITTEN.fullmatch(text)
        return cls(found["name"], found["sha256"]) if found is not None else None
