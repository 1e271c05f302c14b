"""What is only installed for those who ask for it, and what to do where it isn't."""

from __future__ import annotations

import re

from guikou.engine.errors import NotInstalled
from guikou.engine.text import Title

_EXTRA = re.compile(r"""\bextra\s*==\s*["']([^"']+)["']""")
#: A library by its name; one that is pinned, with the only version that will do.
_NAME = re.compile(r"[A-Za-z0-9._-]+(?:\[[^\]]*\])?(?:==[A-Za-z0-9.]+)?")
_OWN = re.compile(r"guikou\[([a-z]+)\]")


def not_installed(library: str | None, extra: str) -> NotInstalled:
    """The refusal for want of a library that an extra brings. Whoever installed guikou from a file has no index where
    the extra could be looked up: the extra's libraries are named besides, as the distribution lists them."""
    return NotInstalled(library=library, extra=extra, libraries=" ".join(libraries(extra)) or library or "", program="")


def no_program(program: str, whose: Title) -> NotInstalled:
    """The refusal for want of a program that pip does not bring."""
    return NotInstalled(library=program, extra="", libraries="", program=whose)


def libraries(extra: str) -> list[str]:
    """The libraries of an extra, as a shell takes them; none where guikou runs without being installed."""
    from importlib import metadata

    try:
        every = metadata.requires("guikou") or []
    except metadata.PackageNotFoundError:
        return []
    own = [one for one in every if (found := _EXTRA.search(one)) is not None and found[1] == extra]
    names = [found[0] for one in own if (found := _NAME.match(one)) is not None]
    brought: list[str] = []
    for name in names:
        if (another := _OWN.fullmatch(name)) is not None:
            brought += libraries(another[1])
        else:
            brought.append(f"'{name}'" if "[" in name else name)
    return brought
