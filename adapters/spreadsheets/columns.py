"""What the columns of a register are: by key, title or synonym of the policy, or as a mapping says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guikou.engine.errors import ColumnTwice, MissingColumns, UnknownColumns, Where, WrongUsage
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.synonyms import OWN, Wording
from guikou.engine.text import Title, folded, half_width, shown

from .heading import WHY, heading_key
from .mapping import RegisterMapping

#: The columns by which a heading is recognised.
NEEDED = ("id", "name")
_NOTES = frozenset(("note", "notes", "备注", "remark", "remarks", "comment", "comments"))
#: What says that a column counts some of those of the column before it.
_AMONG = re.compile(r"^(?:其中|含)\s*:?\s*")
_PARTS = re.compile(r"\s*[/|\n]\s*")
_BRACKET = re.compile(r"(?P<outer>.+?)\s*\((?P<inner>[^()]*)\)", re.DOTALL)
#: What stands in brackets behind a heading without making it another one.
_UNITS = frozenset((
    "人", "名", "个", "位", "人数", "单位:人", "年月日", "年/月/日", "yyyy-mm-dd", "yyyymmdd", "yyyy/mm/dd", "是/否",
    "是否", "填是或否", "有/无", "必填", "选填", "下拉选择", "单选", "yes/no", "date", "number", "required", "optional",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: where it stands (from 0), what the file calls it, and the fact or own column it is."""

    at: int
    label: str
    means: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a register: what the file calls each, those that are read, and what a mapping says besides: what
    holds for all rows (`constants`), and what texts mean (`values`), by fact or own column, as they are folded.
    `lacks`: what no column gives and a row needs that opens a case; those of cases that there are say it no more."""

    labels: tuple[str, ...]
    used: tuple[Column, ...]
    constants: Mapping[str, Any]
    values: Mapping[str, Mapping[str, Any]]
    lacks: MissingColumns | None = None

    def of(self, means: str) -> list[Column]:
        return [column for column in self.used if column.means == means]


def named(labels: Sequence[str]) -> tuple[str, ...]:
    """What each column is called: its heading in one line, [C] for the third if it has none, and 'X [2]' for the second
    of the same name. In a file of rejected rows they are called as in the register that it comes from."""
    seen: Counter[str] = Counter()
    found = []
    first = len(WHY) if tuple(labels[: len(WHY)]) == WHY else 0
    for at, text in enumerate(labels, -first):
        text = " ".join(text.split()) or f"[{_letters(at)}]"
        seen[folded(text)] += 1
        found.append(text if seen[folded(text)] == 1 else f"{text} [{seen[folded(text)]}]")
    return tuple(found)


def known_columns(policy: Policy, mapping: RegisterMapping | None = None) -> Callable[[str], str | None]:
    """What a heading means, for finding the row of the headings: id, name, area, address or a fact; None for others."""
    return lambda text: (mapping.column(text) if mapping else None) or meaning(policy.wording, text)


def meaning(wording: Wording, text: str) -> str | None:
    """The own column or fact that a heading names, perhaps in two languages or with a unit; None if it names none."""
    text = _AMONG.sub("", half_width(text).strip())
    found = wording.column(text) or wording.column(heading_key(text))
    if found is not None:
        return found
    parts = [part for part in _PARTS.split(text) if part]
    if len(parts) > 1:
        every = {meaning(wording, part) for part in parts}
        return every.pop() if len(every) == 1 else None
    bracket = _BRACKET.fullmatch(text)
    if bracket is not None:
        outer, inner = meaning(wording, bracket["outer"]), bracket["inner"]
        if (
            folded(inner) in _UNITS
            or meaning(wording, inner) == outer
            or wording.column(bracket["outer"] + inner) == outer
        ):
            return outer
    return None


def ignored(wording: Wording, text: str) -> bool:
    """Whether a heading is one that means nothing: a note, one with '#', or one that the policy lists."""
    if text.startswith("#") or heading_key(text) in _NOTES or wording.ignores(text):
        return True
    bracket = _BRACKET.fullmatch(half_width(text).strip())
    return bracket is not None and wording.ignores(bracket["outer"])


def columns(policy: Policy, headings: Sequence[str], mapping: RegisterMapping | None = None) -> Columns:
    """What each column of a register is; what a mapping says goes first. Areas may stand in several columns.

    Raises UnknownColumns for all headings that mean nothing and are not ignored, MissingColumns where no id is given,
    ColumnTwice, and WrongUsage for a mapping that names columns which the file does not have.
    """
    labels = named(headings)
    if mapping is not None:
        all_there(labels, mapping)
    used, unknown = [], []
    for at, (label, heading) in enumerate(zip(labels, headings, strict=True)):
        means = mapping.column(label) if mapping is not None else None
        if means is None and not (mapping is not None and mapping.ignores(label)):
            means = meaning(policy.wording, heading) if heading.strip() else None
            if means is None and heading.strip() and not ignored(policy.wording, heading):
                unknown.append(label)
            if mapping is not None and means in mapping.constants:
                means = None
        if means is not None:
            used.append(Column(at, label, means))
    if unknown:
        raise UnknownColumns(columns=unknown)
    constants = mapping.constants if mapping is not None else {}
    found = Columns(labels, tuple(used), constants, mapping.values if mapping is not None else {})
    return replace(found, lacks=_lacks(policy, found))


def _lacks(policy: Policy, found: Columns) -> MissingColumns | None:
    given = {column.means for column in found.used} | set(found.constants)
    missing = [policy.wording.title(name) for name in NEEDED if name not in given]
    if not given & {"area", "address"}:
        area, address = OWN["area"], OWN["address"]
        missing.append(Title(f"{area.zh}（或{address.zh}）", f"{area.en} (or {address.en})"))
    lacks = MissingColumns(columns=missing, given=list(found.labels)) if missing else None
    if lacks is not None and "id" not in given:
        raise lacks
    for column in found.used:
        same = found.of(column.means)
        if len(same) > 1 and column.means != "area":
            title = policy.wording.title(column.means)
            raise ColumnTwice(column=title, given=[one.label for one in same])
    return lacks


def all_there(labels: Sequence[str], mapping: RegisterMapping) -> None:
    """Raises WrongUsage for a mapping that names columns which a file does not have."""
    there = {folded(label) for label in labels}
    gone = [label for label in mapping.labels if folded(label) not in there]
    if gone:
        where = Where(mapping.file, mapping.lines.get(gone[0]))
        raise WrongUsage(
            where=where,
            reason_en=f"the file has no column {shown(gone)}; it has {shown(list(labels))}",
            reason_zh=f"文件中没有列 {shown(gone, 'zh')}；现有各列：{shown(list(labels), 'zh')}",
        )


def _letters(at: int) -> str:
    """The letters with which a spreadsheet names a column, counted from 0."""
    found, at = "", at + 1
    while at:
        at, last = divmod(at - 1, 26)
        found = chr(ord("A") + last) + found
    return found
