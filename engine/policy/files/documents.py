"""YAML and CSV files as plain values that remember the line of each part.

YAML is read by its 1.2 core rules (only true, false and null are words of their own; `on` and `no` are text), a key
that stands twice is refused, and decimals stay exact.
"""

from __future__ import annotations

import csv
import io
import re
import stat
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from ...errors import BadFile, DuplicateKey, Where
from ...errors.reasons import csv_reason, os_reason, yaml_reason
from ...text import Title

Place = tuple[str | int, ...]


@dataclass
class Document:
    """A file's value, and the line of each part by its path of keys and indexes."""

    file: str
    value: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def where(self, path: Place) -> Where:
        """The line of the part at `path`, or of the nearest part around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return Where(self.file, self.lines.get(path, 1))


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")


_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")


#: A key in quotes or without, a full-width colon, and no other one behind.
_WIDE_COLON = re.compile(r"""\s*(?:"[^"]*"|'[^']*'|[^\s"'#:：-][^"'#:：]*?)\s*：(?!.*:(?:\s|$))""")
#: A key whose colon is not followed by a space, which makes no key of it either.
_NO_SPACE = re.compile(r"\s*(?:- )?[^\W\d][^\s:\"'{\[]*:(?!//)[^\s:][^:]*$")


_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


#: No file of a policy is larger, in bytes.
LARGEST = 16_000_000
#: A text of YAML has no more values, those that aliases repeat counted each time, and none deeper.
MOST_VALUES, DEEPEST = 500_000, 60
#: No number has more digits.
_MOST_DIGITS = 100


def read_bytes(path: Path, most: int) -> bytes:
    """What a regular file holds: not one that never ends or waits for somebody to write it. Raises BadFile, also for
    one of more than `most` bytes."""
    where = Where(str(path))
    try:
        kept = path.stat()
        if not stat.S_ISREG(kept.st_mode) and not stat.S_ISDIR(kept.st_mode):
            raise BadFile(where=where, reason=Title("不是普通文件", "it is no regular file"))
        if kept.st_size > most:
            size = f"{most / 1_000_000:g}"
            raise BadFile(
                where=where, reason=Title(f"文件过大（超过 {size} MB）", f"it is too large: more than {size} MB")
            )
        return path.read_bytes()
    except OSError as error:
        raise BadFile(where=where, reason=os_reason(error)) from error


def read_folder(folder: Path) -> dict[str, str]:
    """The texts of a policy's files (YAML and CSV) by their path below `folder`. Raises BadFile."""
    files: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".csv") and path.is_file():
            name = path.relative_to(folder).as_posix()
            try:
                text = read_bytes(path, LARGEST).decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise BadFile(where=Where(str(path)), reason=Title("不是 UTF-8 编码", "it is not UTF-8")) from error
            files[name] = text.replace("\r\n", "\n").replace("\r", "\n")
    return files


def compose(text: str) -> Any:
    """A YAML text as nodes that know where they stand (`id`, `value`, `start_mark`, `end_mark`); None for an empty
    one. Raises yaml.YAMLError."""
    return yaml.compose(text, Loader=_Loader)


def read_yaml(text: str, file: str) -> Document:
    """Read a YAML text; `file` is what errors call it. Raises BadFile and DuplicateKey with the line."""
    document = Document(file, None)
    try:
        node = compose(text)
    except yaml.MarkedYAMLError as error:
        wide = wide_colon(text, file)
        if wide is not None:
            raise wide from error
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadFile(where=Where(file, line), reason=yaml_reason(error.problem or "it is not YAML")) from error
    except yaml.YAMLError as error:
        raise BadFile(
            where=Where(file), reason=yaml_reason(str(getattr(error, "reason", error)).splitlines()[0])
        ) from error
    if node is not None:
        document.value = _value(node, (), document)
    return document


def wide_colon(text: str, file: str) -> BadFile | None:
    """What is wrong with the first line of a YAML text that has a full-width colon where its key ends, or no space
    behind the colon, neither of which ends a key: such a line is taken for part of another, and what is found wrong
    then stands elsewhere."""
    for number, line in enumerate(text.splitlines(), 1):
        if _WIDE_COLON.match(re.sub(r"\s#.*", "", line)):
            return BadFile(
                where=Where(file, number),
                reason=Title(
                    "此行用了全角冒号 “：”；请改为半角冒号 “:” 加一个空格",
                    "a full-width colon '：' ends no key; write ': ' instead",
                ),
            )
        if _NO_SPACE.match(re.sub(r"\s#.*", "", line)):
            return BadFile(
                where=Where(file, number),
                reason=Title("此行冒号后缺少空格", "there is no space behind the colon of this line"),
            )
    return None


def _value(node: Any, path: Place, document: Document) -> Any:
    line = node.start_mark.line + 1
    document.lines.setdefault(path, line)
    if len(path) > DEEPEST:
        raise BadFile(where=Where(document.file, line), reason=Title("嵌套过深", "it is nested too deep"))
    if len(document.lines) > MOST_VALUES:
        reason = Title("内容过多（别名重复引用也计入）", "it says too much, what aliases repeat counted each time")
        raise BadFile(where=Where(document.file, line), reason=reason)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in mapping:
                raise DuplicateKey(where=Where(document.file, key_node.start_mark.line + 1), key=key)
            document.lines[(*path, key)] = key_node.start_mark.line + 1
            mapping[key] = _value(value_node, (*path, key), document)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, i), document) for i, item in enumerate(node.value)]
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):  # the C parser gives '' for plain text, the other None
        return text
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _MOST_DIGITS and _DECIMAL.fullmatch(text if "." in text else f"{text}.0"):
        raise BadFile(where=Where(document.file, line), reason=Title("数字过长", "a number has too many digits"))
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def read_csv(text: str, file: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV text that aren't blank, each with its line. Raises BadFile."""
    reader = csv.reader(io.StringIO(text), strict=True)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, [cell.strip() for cell in row]))
    except csv.Error as error:
        raise BadFile(where=Where(file, reader.line_num), reason=csv_reason(error)) from error
    return rows
