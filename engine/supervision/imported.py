"""What is kept of imports and of what is parked: the values that a store gives and takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from ..cases.case import Case, Organization
from ..errors import GuikouError, Where, WrongUsage
from ..text import Title

#: What became of a row.
Outcome = Literal["opened", "changed", "unchanged", "rejected", "parked"]
OUTCOMES: tuple[Outcome, ...] = ("opened", "changed", "unchanged", "rejected", "parked")
#: How what was parked stands.
WAITS = ("waiting", "opened", "dropped", "replaced")


@dataclass(frozen=True, slots=True)
class RowRead:
    """A row of a register as it was read: which organisation, and what is said of it. What is None is not said.

    `faults` are why values of it can't be taken; `given` is what it said to the letter, by the heading's words.
    """

    line: int
    id: str | None
    name: str | None = None
    area: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[GuikouError, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, organization: Organization, line: int = 0) -> RowRead:
        one = organization
        return cls(line, one.id, one.name, one.area, one.facts)

    def says(self) -> dict[str, Any]:
        """What it says, by name; a fact that is known to be none is None."""
        own = {"id": self.id, "name": self.name, "area": self.area}
        return {key: value for key, value in own.items() if value is not None} | {"facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class Source:
    """The file that was imported: its name, the SHA-256 of its bytes and how many they are; how it was read: a CSV's
    encoding, a workbook's sheet, the digest of the mapping."""

    file: str
    digest: str
    size: int
    encoding: str | None = None
    sheet: str | None = None
    mapping: str | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was imported: by whom, as of when (`at`) and when, under which policy. `state` is 'running' (or it
    was broken off: whatever it did stands, and importing the file again goes on), 'done' or 'undone'; `lines` how many
    rows the file holds, `counts` what became of those that were looked at, by outcome."""

    number: int
    source: Source
    parks: bool
    actor: str
    body: str
    policy: str
    at: datetime
    recorded_at: datetime
    lines: int
    state: str = "running"
    counts: Mapping[str, int] = field(default_factory=dict)
    finished_at: datetime | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_because: str | None = None

    @property
    def looked_at(self) -> int:
        """How many of its rows it has come to."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was not taken: an error's code and details as they are kept, its sentences as they were, and the column
    that it is about, as the file calls it."""

    code: str
    details: Mapping[str, Any]
    zh: str
    en: str
    column: str | None = None

    @classmethod
    def of(cls, error: GuikouError) -> Fault:
        details = {name: _plain(value) for name, value in error.details.items()}
        column = error.where.column if error.where is not None else None
        return cls(
            error.code,
            details,
            _text(error.message("zh")),
            _text(error.message("en")),
            _text(column) if column is not None else None,
        )

    def error(self) -> GuikouError:
        """The error as it was; of another guikou's that this one does not know, its sentences."""
        kind = _kinds().get(self.code)
        where = Where(column=self.column) if self.column is not None else None
        try:
            if kind is not None:
                return kind(where=where, **{name: _read(value) for name, value in self.details.items()})
        except (KeyError, IndexError):
            pass  # it says something else nowadays than what was kept
        return WrongUsage(where=where, reason_en=self.en, reason_zh=self.zh)

    def content(self) -> dict[str, Any]:
        return {"code": self.code, "details": self.details, "zh": self.zh, "en": self.en, "column": self.column}


@cache
def _kinds() -> dict[str, type[GuikouError]]:
    def below(kind: type[GuikouError]) -> Iterator[type[GuikouError]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    found: dict[str, type[GuikouError]] = {}
    for one in below(GuikouError):
        if "en" in vars(one):  # the others' sentences are another's
            found.setdefault(one.code, one)
    return found


def _plain(value: Any) -> Any:
    """A detail as JSON keeps it."""
    if hasattr(value, "zh") and hasattr(value, "en"):
        return {"zh": _text(str(value.zh)), "en": _text(str(value.en))}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, (bool, int, date, Decimal, type(None))) else _text(str(value))


def _read(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Title(**value)
    return [_read(one) for one in value] if isinstance(value, list) else value


def _text(text: str) -> str:
    """A text as far as it can be written."""
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """What became of one row of an import: the revisions of its case before (0: there was none) and after it, where it
    changed one; the number of what was parked, or of what it completed; why it was not taken."""

    number: int
    line: int
    id: str | None
    name: str | None
    outcome: str
    case: str | None = None
    before: int | None = None
    revision: int | None = None
    parked: int | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Parked:
    """What lacks what routing needs, and is no case yet: what was `given` to the letter, what it `says`, what it
    lacks, by whom and since when, of which row of which import (None: it was completed by hand).

    `state` is 'waiting' (one for each id at most), 'opened' (as which `case`), 'dropped', or 'replaced' by another
    that says more, and `replaces` it. `settled_at` is when it stopped waiting, by whom, and for what reason.
    """

    number: int
    id: str
    given: Mapping[str, str]
    says: Mapping[str, Any]
    faults: tuple[Fault, ...]
    actor: str
    body: str
    parked_at: datetime
    state: str = "waiting"
    source: int | None = None
    line: int | None = None
    replaces: int | None = None
    case: str | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    reason: str | None = None

    @property
    def name(self) -> str | None:
        return self.says.get("name")

    @property
    def area(self) -> str | None:
        return self.says.get("area")

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.says.get("facts") or {}

    def first(self, ever: Mapping[int, Parked]) -> Parked:
        """What of all that was ever parked (by number) it goes back to, where it was completed in part by hand since:
        itself, if it came from an import."""
        found = self
        while found.source is None and (earlier := ever.get(found.replaces or 0)) is not None:
            found = earlier
        return found

    def since(self, imports: Iterable[Import]) -> datetime:
        """Since when it waits: as of when its import took effect, or when it was told by hand."""
        return next((one.at for one in imports if one.number == self.source), self.parked_at)

    @property
    def lacks(self) -> Title:
        """What it lacks, in one line."""
        errors = [fault.error() for fault in self.faults]
        return Title(
            "、".join(dict.fromkeys(_lacking(one, "zh") for one in errors)),
            ", ".join(dict.fromkeys(_lacking(one, "en") for one in errors)),
        )


def _lacking(error: GuikouError, lang: Literal["zh", "en"]) -> str:
    """The name of what is missing, where the error says one."""
    from ..text import shown

    for key in ("fact", "tier", "what"):
        if key in error.details:
            return shown(error.details[key], lang)
    return error.message(lang)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row: its case as it stands after it, or would; the number of what was parked, or of what it
    completed; why it was not taken; whether it changed its case, which had the revision `before`."""

    row: RowRead
    outcome: Outcome
    case: Case | None = None
    before: int | None = None
    parked: int | None = None
    faults: tuple[GuikouError, ...] = ()
    changed: bool = False

    def kept(self, number: int) -> ImportedRow:
        case = self.case
        return ImportedRow(
            number,
            self.row.line,
            _shown(self.row.id),
            _shown(self.row.name),
            self.outcome,
            case.id if case is not None else None,
            self.before if self.changed else None,
            case.revision if case is not None and self.changed else None,
            self.parked,
            tuple(Fault.of(one) for one in self.faults),
        )


def _shown(text: str | None) -> str | None:
    """A text of a row that may hold anything, as every database can keep it."""
    return None if text is None else "".join(char if char.isprintable() else "�" for char in _text(text))


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of undoing an import: the cases whose registration was withdrawn, those that were put back, and how
    many of its parked rows were dropped."""

    what: Import
    withdrawn: Sequence[Case]
    restored: Sequence[Case]
    dropped: int
