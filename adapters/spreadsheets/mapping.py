"""A mapping: how one register's columns and values become organisations, in a file that a person can finish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from guikou.engine.errors import BadFile, BadValue, GuikouError, UnknownName, Where
from guikou.engine.policy.files.documents import LARGEST, Document, Place, read_bytes, read_yaml, wide_colon
from guikou.engine.policy.files.models import Names, validate
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.synonyms import OWN
from guikou.engine.text import Title, folded, shown, suggested

from .encodings import decode

#: What a text of a register means of which nothing is known.
UNKNOWN = object()


def _written(value: Any) -> Any:
    """A value as it is written, from what YAML took it for."""
    return value if isinstance(value, (dict, list)) else shown(value)


Written = Annotated[str, BeforeValidator(_written), WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]


class MappingFile(BaseModel):
    """mapping.yaml: how one register's columns and values become organisations under a policy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    policy: str
    sheet: str | None = None
    heading: Annotated[int, Field(ge=1)] | None = None
    encoding: str | None = None
    columns: dict[str, Written] = {}
    ignore: Names = []
    constants: dict[str, Written] = {}
    values: dict[str, dict[str, Written]] = {}


@dataclass(frozen=True, slots=True)
class RegisterMapping:
    """A mapping as read, for a policy: `labels` are the columns that it names, `lines` where in its `file`. What
    `columns` and `ignored` are called and the texts in `values` are folded; a value may be UNKNOWN. `written` is all of
    it to the letter."""

    file: str
    sheet: str | None
    heading: int | None
    encoding: str | None
    labels: tuple[str, ...]
    lines: Mapping[str, int]
    columns: Mapping[str, str]
    ignored: frozenset[str]
    constants: Mapping[str, Any]
    values: Mapping[str, Mapping[str, Any]]
    written: MappingFile

    def column(self, label: str) -> str | None:
        """What it says that a column is, or None."""
        return self.columns.get(folded(label))

    def ignores(self, label: str) -> bool:
        return folded(label) in self.ignored


def read_mapping(path: Path, policy: Policy) -> RegisterMapping:
    """A mapping from its file. Raises BadFile, UnknownKey, DuplicateKey, BadValue and UnknownName, with the line."""
    where = Where(str(path))
    data = read_bytes(path, LARGEST)
    if path.suffix.lower() in (".csv", ".xlsx", ".xls") or data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadFile(
            where=where,
            reason=Title(
                "这是名单，不是对应表；请用 --propose -o mapping.yaml 写出对应表",
                "it is a register and no mapping; --propose -o mapping.yaml writes one",
            ),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:  # as Notepad saves it
        text, _ = decode(data, where)
    return parse_mapping(text, str(path), policy)


def parse_mapping(text: str, file: str, policy: Policy) -> RegisterMapping:
    """A mapping from its text. Raises as `read_mapping`."""
    try:
        return _parsed(text, file, policy)
    except GuikouError as error:
        wide = wide_colon(text, file)
        if wide is None:
            raise
        raise wide from error


def _parsed(text: str, file: str, policy: Policy) -> RegisterMapping:
    document = read_yaml(text, file)
    document.value = _said(document.value)
    written = validate(document, MappingFile)
    reader = _Reader(document, policy)
    if written.policy != policy.name:
        raise reader.bad(
            ("policy",),
            f"the mapping is for '{written.policy}', and the policy here is '{policy.name}'",
            f"该对应表用于 “{written.policy}”，而当前政策是 “{policy.name}”",
        )
    columns = reader.columns(written)
    return RegisterMapping(
        file=file,
        sheet=written.sheet,
        heading=written.heading,
        encoding=written.encoding,
        labels=tuple(written.columns),
        lines={label: document.lines[("columns", label)] for label in written.columns},
        columns=columns,
        ignored=frozenset(map(folded, written.ignore)),
        constants=reader.constants(written, set(columns.values())),
        values=reader.values(written),
        written=written,
    )


def _said(value: Any) -> Any:
    """A mapping's value without the sections of which all entries are commented out."""
    if not isinstance(value, dict):
        return value
    said = {key: one for key, one in value.items() if one is not None}
    if isinstance(said.get("values"), dict):
        said["values"] = {key: one for key, one in said["values"].items() if one is not None}
    return said


class _Reader:
    def __init__(self, document: Document, policy: Policy) -> None:
        self.document, self.policy, self.wording = document, policy, policy.wording

    def bad(self, place: Place, en: str, zh: str) -> BadValue:
        where = self.document.where(place)
        return BadValue(where=where, field=".".join(map(str, place)), reason_en=en, reason_zh=zh)

    def columns(self, written: MappingFile) -> dict[str, str]:
        found: dict[str, str] = {}
        for label, name in written.columns.items():
            place = ("columns", label)
            if folded(label) in map(folded, written.ignore):
                raise self.bad(place, "is ignored too", "同时列入了 ignore")
            if folded(label) in found:
                raise self.bad(place, "stands twice", "重复出现")
            found[folded(label)] = self._column(name, place)
        return found

    def constants(self, written: MappingFile, given: set[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, text in written.constants.items():
            place = ("constants", key)
            name = self._column(key, place)
            if name in OWN and name != "area":
                raise self.bad(place, "is each organisation's own", "每个组织各不相同，不能统一填写")
            if name in given or name in found:
                raise self.bad(place, "is given by a column already", "已由某一列给出")
            value = self._value(name, text, place)
            if value is UNKNOWN:
                raise self.bad(place, "is empty; give a value, or leave it out", "为空；请填写，或删去此行")
            found[name] = value
        return found

    def values(self, written: MappingFile) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for key, texts in written.values.items():
            name = self._column(key, ("values", key))
            if name in OWN and name != "area":
                raise self.bad(("values", key), "has no values to map", "没有可对应的取值")
            of = found.setdefault(name, {})
            for text, meant in texts.items():
                place = ("values", key, text)
                value = self._value(name, meant, place)
                if of.setdefault(folded(text), value) != value:
                    raise self.bad(place, "means something else already", "已有另一含义")
        return found

    def _column(self, text: str, place: Place) -> str:
        name = self.wording.column(text)
        if name is None:
            known = [*OWN, *self.policy.facts]
            raise UnknownName(
                where=self.document.where(place),
                kind_en="column or fact",
                kind_zh="列或事实",
                name=text,
                known=suggested(text, {one: self.wording.title(one) for one in known}),
            )
        return name

    def _value(self, name: str, text: str, place: Place) -> Any:
        """A fact's value, or an area's code, as the mapping writes it; UNKNOWN for an empty text."""
        if not text.strip():
            return UNKNOWN
        try:
            return self.wording.area(text).code if name == "area" else self.wording.read(name, text)
        except GuikouError as error:
            raise self.bad(place, error.line("en"), error.line("zh")) from error
