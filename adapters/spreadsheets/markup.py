"""The XML inside of workbooks, element by element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any
from xml.etree import ElementTree

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def elements(file: IO[bytes], only: set[str] | None = None) -> Iterator[Any]:
    """Elements of an XML file as they end; with `only`, these by their local names, each forgotten afterwards."""
    root = None
    for event, element in ElementTree.iterparse(file, ("start", "end")):
        if root is None:
            root = element
        if event == "start" or (only is not None and local(element.tag) not in only):
            continue
        yield element
        if only is not None:
            element.clear()
            root.clear()


def local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def by_local(element: Any, name: str) -> str:
    """An attribute of a namespace by its local name."""
    return next((value for key, value in element.attrib.items() if key.endswith("}" + name)), "")


def string_of(element: Any) -> str:
    """A string item's text: its own or that of its runs, without how it is pronounced (rPh)."""
    parts = []
    for child in element:
        tag = local(child.tag)
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            parts += [one.text or "" for one in child if local(one.tag) == "t"]
    return unescaped("".join(parts))


def unescaped(text: str) -> str:
    """A string as it was meant: _x000D_ stands for a character that XML doesn't hold."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")  # pairs become one character
