"""Examples as a table (examples/*.csv): each row says of some organisations who answers for them, where they come in,
and what a gate answers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from ..errors import BadValue, UnknownKey, Where
from ..policy.files import models as f
from ..policy.files.documents import Document, Place, read_csv
from ..policy.places import Places
from ..text import suggested

_MARK = "->"
_OUTPUTS = ("type", "responsible", "kind", "superior", "hub", "stage", "state", "priority", "support", "refused")
_ANSWERS = ("answer", "grounds")
_COVERS, _AREA, _ON, _ASK = "covers", "area", "on", "ask"
_NOT_GIVEN = ("", "-")


def placements(
    text: str, file: str, places: Places, facts: Mapping[str, Any]
) -> Iterator[tuple[f.ExampleFile, Document, Place]]:
    """The examples of a CSV text, each with its document and its place there.

    Columns: `area`, facts, what comes out (`->type`, `->responsible`, ...), `covers`, and if need be `on` and, with
    `->answer` and `->grounds`, which gate to `ask`. Of an input with several values (`a, b`) each makes an example; an
    output may have a tier's name in braces, which is the key of the example's area there; `-` is not given, or not
    checked; `null` is null, `none` no support or ground at all. Raises UnknownKey, BadValue and BadFile.
    """
    rows = read_csv(text, file)
    if not rows:
        return
    (top, header), *others = rows
    known = [_COVERS, _AREA, _ON, _ASK, *facts, *(_MARK + one for one in (*_OUTPUTS, *_ANSWERS))]
    for name in header:
        if name not in known:
            raise UnknownKey(where=Where(file, top, column=name), key=name, known=suggested(name, known))
    for name in (_COVERS, _AREA):
        if name not in header:
            raise BadValue(where=Where(file, top), field=name, reason_en="the column is missing", reason_zh="缺少该列")
    for number, (line, cells) in enumerate(others):
        if len(cells) != len(header):
            raise BadValue(
                where=Where(file, line),
                field="examples",
                reason_en=f"it has {len(cells)} cells instead of {len(header)}; put quotes around a cell with a comma",
                reason_zh=f"有 {len(cells)} 个单元格，应为 {len(header)}；含逗号的单元格请加引号",
            )
        row = dict(zip(header, cells, strict=True))
        inputs = {name: cell for name, cell in row.items() if name in facts or name in (_AREA, _ON, _ASK)}
        given = {name: _listed(cell) for name, cell in inputs.items() if cell not in _NOT_GIVEN}
        wanted = {name.removeprefix(_MARK): row[name] for name in row if name.startswith(_MARK)}
        for values in product(*given.values()):
            one = dict(zip(given, values, strict=True))
            gate = one.pop(_ASK, None)
            place: Place = ("examples", number)
            document = Document(
                file,
                {
                    "name": {"zh": f"{file} 第 {line} 行", "en": f"{file} line {line}"},
                    "covers": row[_COVERS].split(),
                    "area": one.pop(_AREA, ""),
                    **({"on": one.pop(_ON)} if _ON in one else {}),
                    "given": {name: None if value == "null" else value for name, value in one.items()},
                    "expect": {},
                },
                {place: line, (): line},
            )
            expected = _expected(wanted, places, document.value["area"])
            answer = {name: expected.pop(name) for name in _ANSWERS if name in expected}
            document.value["expect"] = expected
            if gate is not None:
                document.value["path"] = [{"ask": gate, **answer}]
            yield f.validate(document, f.ExampleFile), document, place


def _listed(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(",")]


def _expected(wanted: Mapping[str, str], places: Places, area: str) -> dict[str, Any]:
    around = places.around(places.area(area).code) if any("{" in cell for cell in wanted.values()) else {}
    found: dict[str, Any] = {}
    for name, cell in wanted.items():
        if cell in _NOT_GIVEN:
            continue
        for tier, one in around.items():
            cell = cell.replace("{" + tier + "}", one.key)
        if name in ("grounds", "support"):
            found[name] = [] if cell == "none" else _listed(cell)
            continue
        found[name] = None if cell == "null" else int(cell) if name == "priority" and cell.isdecimal() else cell
    return found
