"""Reads and compiles a policy's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...cases.canonical import admits
from ...errors import BadFile, BadTable, BadTest, GuikouError, NotCanonical, UnknownFact, UnknownName, Where
from ...errors.reasons import reason
from ...rules.notation import parse_test
from ...rules.tables import DecisionTable, Row
from ...rules.unary_tests import Kind, refuse_value
from ...text import Title, shown, suggested
from ..facts import FactSpec, Vocabulary
from ..places import HOLE
from ..tables import PolicyTable
from ..workflow import Workflow
from . import models as f
from .documents import Document, read_csv
from .values import Known, Place, bad_value, located, read_title

_NONE = ("-", "", "null", None)


def read_tables(
    document: Document,
    declared: Mapping[str, f.TableFile],
    files: Mapping[str, str],
    workflows: Mapping[str, Workflow],
    known: Known,
) -> dict[str, PolicyTable]:
    """The tables that tables.yaml declares, each compiled; `files` has the texts of those that are CSV, by name."""
    found = {}
    for name, written in declared.items():
        place = ("tables", name)
        if written.file and written.file not in files:
            raise bad_value(document, (*place, "file"), "there is no such file", "没有此文件")
        decision = _decision(document, name, written, files, workflows, known)
        where = Where(decision.file, 1) if written.file else document.where(place)
        found[name] = PolicyTable(name, read_title(written.title), written.source, written.outputs, where, decision)
    return found


def only_facts(table: PolicyTable, vocabulary: Vocabulary, where: Where) -> None:
    """What is derived changes by itself: only gates, supports and indicators may ask for it. Raises UnknownFact."""
    for name, _ in table.decision.inputs:
        if name not in vocabulary.kinds:
            raise UnknownFact(where=where, fact=name, known=suggested(name, list(vocabulary.kinds)))


def only_settable(table: PolicyTable, facts: Mapping[str, FactSpec], where: Where) -> None:
    """What a trigger's table sets is what facts may have, and one row's. Raises BadTable and BadValue."""
    if table.decision.collects:
        raise BadTable(
            where=where,
            table=table.name,
            reason_en="it collects, and a trigger sets facts from a table that one row decides",
            reason_zh="为收集型表，而动作据以设定事实的表应由一行决定",
        )
    for at, name in enumerate(table.outputs):
        for row in table.decision.rows:
            try:
                facts[name].check(row.outputs[at])
            except GuikouError as error:
                place = Where(table.decision.file, row.line, row.number, f"->{name}")
                raise located(error, name, place) from error


def _decision(
    document: Document,
    table: str,
    written: f.TableFile,
    files: Mapping[str, str],
    workflows: Mapping[str, Workflow],
    known: Known,
) -> DecisionTable:
    place = ("tables", table)
    facts, asked = known.vocabulary.facts, known.vocabulary.asked
    if written.file is not None:
        file = document.file.removesuffix("tables.yaml") + written.file
        header, rows = _csv_rows(table, written, files[written.file], file)
    else:
        file = document.file
        header = written.inputs or list(dict.fromkeys(fact for row in written.rows for fact in row.when))
        rows = [
            (i + 1, document.where((*place, "rows", i)), row.when, row.then, row.note)
            for i, row in enumerate(written.rows)
        ]
    for name in header:
        if name not in asked:
            raise UnknownFact(
                where=Where(file, 1) if written.file else document.where(place),
                fact=name,
                known=suggested(name, list(asked)),
            )
    for kind in written.outputs.values():
        if kind not in facts and kind not in _OUTPUTS:
            types = [*_OUTPUTS, *facts]
            where = document.where((*place, "outputs"))
            raise UnknownName(
                where=where, kind_en="type of output", kind_zh="输出类型", name=kind, known=suggested(kind, types)
            )
    compiled = []
    for number, where, when, then, note in rows:
        tests = []
        for name in when:
            if name not in header:
                raise UnknownFact(where=where, fact=name, known=header)
        for name in header:
            try:
                tests.append(parse_test(when.get(name, "-"), asked[name], name))
            except BadTest as error:
                raise error.at(Where(where.file, where.line, number, name)) from error
        outputs = []
        for name, kind in written.outputs.items():
            if name not in then:
                raise BadTable(
                    where=where,
                    table=table,
                    reason_en=f"row {number} gives no {name}",
                    reason_zh=f"第 {number} 行没有 {name}",
                )
            try:
                outputs.append(_output(then[name], kind, workflows, known))
            except GuikouError as error:
                raise located(error, name, Where(where.file, where.line, number, f"->{name}")) from error
            except ValueError as error:
                raise BadTable(
                    where=Where(where.file, where.line, number, f"->{name}"),
                    table=table,
                    reason_en=f"'{_as_written(then[name])}' is no {kind}",
                    reason_zh=f"“{_as_written(then[name])}” 不是 {kind}",
                ) from error
        for name in then:
            if name not in written.outputs:
                raise UnknownName(where=where, kind_en="output", kind_zh="输出", name=name, known=list(written.outputs))
        compiled.append(Row(number, tuple(tests), tuple(outputs), where.line, note))
    try:
        return DecisionTable(
            table,
            written.hit,
            [(name, asked[name]) for name in header],
            list(written.outputs),
            compiled,
            _priorities(document, place, written, workflows, known),
            file,
        )
    except ValueError as error:
        why = reason(error)
        raise BadTable(where=document.where(place), table=table, reason_en=why.en, reason_zh=why.zh) from error


def _priorities(
    document: Document, place: Place, written: f.TableFile, workflows: Mapping[str, Workflow], known: Known
) -> list[Any]:
    """The values of the first output in their order."""
    kind, found = next(iter(written.outputs.values())), []
    for at, one in enumerate(written.priorities):
        where = (*place, "priorities", at)
        try:
            found.append(_output(one, kind, workflows, known))
        except GuikouError as error:
            raise located(error, "priorities", document.where(where)) from error
        except ValueError as error:
            raise bad_value(
                document, where, f"'{_as_written(one)}' is no {kind}", f"“{_as_written(one)}” 不是 {kind}"
            ) from error
        if found.count(found[-1]) > 1:
            raise bad_value(document, where, f"has '{shown(one)}' twice", f"“{shown(one)}” 出现两次")
    return found


def _as_written(value: Any) -> str:
    return f"[{shown(value)}]" if isinstance(value, list) else shown(value)


_RowRead = tuple[int, Where, Mapping[str, Any], Mapping[str, Any], str]


def _csv_rows(table: str, written: f.TableFile, text: str, file: str) -> tuple[list[str], list[_RowRead]]:
    """A table's CSV: `hit`, then inputs, then outputs after `->`, then columns of notes that begin with `#`."""
    lines = read_csv(text, file)
    if not lines:
        raise BadFile(where=Where(file), reason=Title("是空的", "it is empty"))
    header = lines[0][1]
    if header[0] != "hit":
        raise BadTable(
            where=Where(file, 1, column=header[0]),
            table=table,
            reason_en="its first column must be 'hit'",
            reason_zh="第一列应为 “hit”",
        )
    inputs = [cell for cell in header[1:] if not cell.startswith(("->", "#"))]
    given = [cell.removeprefix("->") for cell in header if cell.startswith("->")]
    if given != list(written.outputs):
        raise BadTable(
            where=Where(file, 1),
            table=table,
            reason_en=f"its outputs are {given}, declared are {list(written.outputs)}",
            reason_zh=f"输出列为 {given}，声明的是 {list(written.outputs)}",
        )
    rows: list[_RowRead] = []
    for number, (line, cells) in enumerate(lines[1:], start=1):
        where = Where(file, line)
        if len(cells) != len(header):
            raise BadTable(
                where=Where(file, line, number),
                table=table,
                reason_en=f"it has {len(cells)} cells instead of {len(header)}; put quotes around a cell with a comma",
                reason_zh=f"有 {len(cells)} 个单元格，应为 {len(header)}；含逗号的单元格请加引号",
            )
        if cells[0] not in ("", written.hit):
            raise BadTable(
                where=Where(file, line, number, "hit"),
                table=table,
                reason_en=f"the hit policy is {written.hit}, not '{cells[0]}'",
                reason_zh=f"命中策略是 {written.hit}，不是 “{cells[0]}”",
            )
        by_column = dict(zip(header, cells, strict=True))
        rows.append(
            (
                number,
                where,
                {column: by_column[column] for column in inputs},
                {column: by_column["->" + column] for column in given},
                " ".join(cell for column, cell in by_column.items() if column.startswith("#")),
            )
        )
    return inputs, rows


_OUTPUTS = ("body", "workflow", "state", "integer", "decimal", "boolean", "string", "date")


def _output(written: Any, kind: str, workflows: Mapping[str, Workflow], known: Known) -> Any:
    """An output's value: of a declared fact's type, or a body (a template), a workflow, a state, a number or text."""
    facts, places = known.vocabulary.facts, known.places
    if kind in facts:
        spec = facts[kind]
        return spec.check(spec.read(written) if isinstance(written, str) else written)
    if kind == "body":
        if written in _NONE:
            return None
        text = str(written)
        for hole in HOLE.findall(text):
            if hole not in places.tiers and not (hole in facts and facts[hole].kind.name == "body"):
                raise UnknownName(
                    kind_en="tier or body fact", kind_zh="层级或机构事实", name=hole, known=list(places.tiers)
                )
        if not HOLE.search(text) and text not in places.bodies:
            raise UnknownName(kind_en="body", kind_zh="机构", name=text, known=suggested(text, list(places.bodies)))
        return text
    if kind == "workflow":
        if not isinstance(written, str) or written not in workflows:
            raise UnknownName(kind_en="workflow", kind_zh="流程", name=_as_written(written), known=sorted(workflows))
        return written
    if kind == "state":
        states = {name for one in workflows.values() for name in (*one.states, *one.stages)}
        if not isinstance(written, str) or written not in states:
            raise UnknownName(kind_en="state", kind_zh="环节", name=_as_written(written), known=sorted(states))
        return written
    plain = Kind(kind)
    value = plain.read(written) if isinstance(written, str) else written
    if value is None or not plain.holds(value):
        refuse_value(shown(written))
    if not admits(value):
        raise NotCanonical(reason_en=f"{written} is 2^53 or more", reason_zh=f"{written} 达到或超过 2^53")
    return value
