"""Organisations from a table of text: which column is which, and each row as an Organization or a reason why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from guikou.engine.cases.case import Organization
from guikou.engine.errors import BadRow, WrongUsage
from guikou.engine.policy.policy import Policy

from .reading import Row, heading_key

_OWN = {
    "id": ("id", "统一社会信用代码", "统一社会信用代码或备案号", "credit code or filing number"),
    "name": ("name", "名称", "组织名称"),
    "area": ("area", "区域", "所在区域"),
}
_IGNORED = ("note", "备注")
#: The columns that every row needs.
NEEDED = tuple(_OWN)
_NULL = ("null", "无", "none")


def known_columns(policy: Policy) -> Callable[[str], str | None]:
    """What a heading means: id, name, area, or a fact, by its key or title in either language; None for others."""
    names = {heading_key(title): key for key, titles in _OWN.items() for title in titles}
    for key, spec in policy.facts.items():
        names |= {heading_key(title): key for title in (key, spec.title.zh, spec.title.en)}
    return lambda text: names.get(heading_key(text))


def columns(policy: Policy, heading: Sequence[str]) -> list[str | None]:
    """What each column is: id, name, area, or a fact by its key or title; None for notes and headings with '#'.

    Raises WrongUsage for a heading that means nothing, twice the same, or a missing one.
    """
    known_as = known_columns(policy)
    found: list[str | None] = []
    for text in heading:
        if text.startswith("#") or heading_key(text) in _IGNORED or not text:
            found.append(None)
        elif (name := known_as(text)) is not None:
            found.append(name)
        else:
            known = ", ".join([*_OWN, *policy.facts])
            raise WrongUsage(
                reason_en=f"column '{text}' is no fact of the policy; known are {known}",
                reason_zh=f"列 “{text}” 不是政策中的事实；可用的列：{known}",
            )
    given = [name for name in found if name]
    for name in _OWN:
        if name not in given:
            raise WrongUsage(reason_en=f"there is no column '{name}'", reason_zh=f"缺少列 “{name}”")
    for name in given:
        if given.count(name) > 1:
            raise WrongUsage(reason_en=f"column '{name}' stands twice", reason_zh=f"列 “{name}” 重复")
    return found


def organization(policy: Policy, names: Sequence[str | None], row: Row) -> Organization:
    """A row as an organisation. An empty cell is a fact not known; 'null' or 无 is known to be none.

    Raises BadRow, BadCell, BadFact, UnknownArea and UnknownBody.
    """
    if (len(row.cells) > len(names) and any(row.texts[len(names) :])) or len(row.cells) < len(names):
        raise BadRow(
            reason_en=f"it has {len(row.cells)} cells instead of {len(names)}; put quotes around a cell with a comma",
            reason_zh=f"有 {len(row.cells)} 个单元格，应为 {len(names)} 个；含逗号的单元格请加引号",
        )
    cells = {name: cell for name, cell in zip(names, row.cells, strict=False) if name and cell.text}
    values = {
        name: cell.written(policy.facts[name].kind.name if name not in _OWN else "id" if name == "id" else "string")
        for name, cell in cells.items()
    }
    for name in _OWN:
        if name not in values:
            raise BadRow(reason_en=f"its {name} is empty", reason_zh=f"“{_OWN[name][1]}” 为空")
    facts = {name: read_fact(policy, name, text) for name, text in values.items() if name not in _OWN}
    return Organization(values["id"], values["name"], policy.places.area(values["area"]).code, facts)


def read_fact(policy: Policy, name: str, text: str) -> Any:
    """A fact's value as a person writes it; a body also by its title. Raises BadFact and UnknownBody."""
    if text in _NULL:
        return None
    spec = policy.facts[name]
    return policy.places.body(text).id if spec.kind.name == "body" else spec.read(text)


def as_row(organization: Organization, names: Sequence[str], policy: Policy) -> list[Any]:
    """The inverse of `organization`, for writing files."""
    own: Mapping[str, Any] = {
        "id": organization.id, "name": organization.name, "area": policy.places.areas[organization.area].key,
    }  # fmt: skip
    row = []
    for name in names:
        value = own[name] if name in own else organization.facts.get(name, "")
        row.append("null" if value is None else str(value).lower() if isinstance(value, bool) else value)
    return row
