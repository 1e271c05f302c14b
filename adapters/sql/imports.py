"""Imports and what is parked: rows to values and back, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from guikou.engine.cases.canonical import dumps, loads
from guikou.engine.supervision.imported import Fault, Import, ImportedRow, Parked, Source
from guikou.engine.text import Title

from .connection import Database
from .rows import reading
from .tables import IMPORTED, IMPORTS, PARKED, read_instant

_KEPT = Title("导入记录", "what was imported")


class Imports:
    """The imports of a database, their rows, and what is parked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def imports(self, *, digest: str | None, limit: int | None) -> list[Import]:
        statement = select(IMPORTS).order_by(IMPORTS.c.number.desc()).limit(limit)
        if digest is not None:
            statement = statement.where(IMPORTS.c.digest == digest)
        with reading(_KEPT):
            return [import_of(row) for row in self._found(statement)]

    def rows(self, number: int, outcome: str | None) -> list[ImportedRow]:
        statement = select(IMPORTED).where(IMPORTED.c.import_number == number).order_by(IMPORTED.c.line)
        if outcome is not None:
            statement = statement.where(IMPORTED.c.outcome == outcome)
        with reading(_KEPT):
            return [row_of(row) for row in self._found(statement)]

    def parked(self, *, id: str | None, state: str | None, source: int | None, limit: int | None) -> list[Parked]:
        c = PARKED.c
        statement = select(PARKED).order_by(c.number).limit(limit)
        for column, asked in ((c.id, id), (c.state, state), (c.import_number, source)):
            if asked is not None:
                statement = statement.where(column == asked)
        with reading(_KEPT):
            return [parked_of(row) for row in self._found(statement)]

    def _found(self, statement: Any) -> Sequence[Any]:
        with self._database.errors():
            return self._database.connection().execute(statement).all()


def import_values(one: Import) -> dict[str, Any]:
    source = one.source
    own = ("parks", "actor", "body", "policy", "at", "recorded_at", "finished_at", "state", "lines")
    return {
        **{name: getattr(source, name) for name in ("file", "digest", "size", "encoding", "sheet", "mapping")},
        **{name: getattr(one, name) for name in (*own, "undone_at", "undone_by", "undone_because")},
        "counts": dumps(one.counts),
    }


def import_of(row: Sequence[Any]) -> Import:
    kept = dict(zip(IMPORTS.c.keys(), row, strict=True))
    source = Source(**{name: kept.pop(name) for name in ("file", "digest", "size", "encoding", "sheet", "mapping")})
    instants = {name: read_instant(kept[name]) for name in ("at", "recorded_at", "finished_at", "undone_at")}
    return Import(**{
        **kept, **instants, "source": source, "counts": loads(kept["counts"]), "parks": bool(kept["parks"]),
    })  # fmt: skip


def row_values(row: ImportedRow) -> dict[str, Any]:
    own = ("line", "id", "name", "outcome", "before", "revision", "parked")
    kept = {name: getattr(row, name) for name in own}
    return {"import_number": row.number, "case_id": row.case, **kept, "faults": _faults(row.faults)}


def row_of(row: Sequence[Any]) -> ImportedRow:
    kept = dict(zip(IMPORTED.c.keys(), row, strict=True))
    kept |= {"number": kept.pop("import_number"), "case": kept.pop("case_id"), "faults": _read_faults(kept["faults"])}
    return ImportedRow(**kept)


def parked_values(one: Parked) -> dict[str, Any]:
    own = ("id", "line", "actor", "body", "parked_at", "state", "replaces", "settled_at", "settled_by", "reason")
    return {
        **{name: getattr(one, name) for name in own},
        "import_number": one.source,
        "case_id": one.case,
        "given": dumps(one.given),
        "read": dumps(one.says),
        "faults": _faults(one.faults),
    }


def parked_of(row: Sequence[Any]) -> Parked:
    kept = dict(zip(PARKED.c.keys(), row, strict=True))
    instants = {name: read_instant(kept[name]) for name in ("parked_at", "settled_at")}
    kept |= {"source": kept.pop("import_number"), "case": kept.pop("case_id"), "says": loads(kept.pop("read"))}
    return Parked(**{**kept, **instants, "given": loads(kept["given"]), "faults": _read_faults(kept["faults"])})


def _faults(faults: Sequence[Fault]) -> str:
    return dumps([one.content() for one in faults]) if faults else "[]"


def _read_faults(text: str) -> tuple[Fault, ...]:
    found: list[Mapping[str, Any]] = loads(text)
    return tuple(Fault(**one) for one in found)
