"""Where and how the text of a policy can be changed in one place: nodes of YAML and cells of CSV.

The changes are those of one who edits the file: the rest of it stays as it is written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from typing import Any

from ..policy.files.documents import compose

Place = tuple[str | int, ...]

#: What is for people to read, and decides nothing.
_FOR_PEOPLE = frozenset({"title", "note", "zh", "en", "do", "source", "because"})
#: What a file begins with that is no rule: names and types that are declared, promises, who the policy is.
_DECLARED = frozenset(
    {
        "policy",
        "version",
        "workflow",
        "evidence",
        "triggers",
        "kinds",
        "tiers",
        "blockers",
        "properties",
        "ids",
        "facts",
    }
)
_TESTS = frozenset({"when", "until", "awaits", "given", "members", "any", "all"})
_DEADLINES = frozenset(
    {"due", "within", "grace", "opens", "after", "extend", "every", "rule", "remind", "missed", "not_before"}
)
#: What no rule can do without: that it is missing is found when the policy is read.
_NEEDED = frozenset({"trigger", "from", "to", "id", "rows", "transitions", "stages", "tables"})
_ITEM_DROPPED = {
    "transitions": "transition-dropped", "rows": "row-dropped", "refuses": "row-dropped", "bodies": "row-dropped",
    "by": "actor-dropped", "evidence": "evidence-dropped", "any": "guard-dropped", "all": "guard-dropped",
    "remind": "deadline-dropped",
}  # fmt: skip
_ENTRY_DROPPED = {
    "by": "actor-dropped", "evidence": "evidence-dropped", "sets": "sets-dropped", "then": "sets-dropped",
    **dict.fromkeys(_TESTS, "guard-dropped"), **dict.fromkeys(_DEADLINES, "deadline-dropped"),
}  # fmt: skip
_SWAPPED = {
    "to": "destination-swapped", "by": "actor-swapped", "evidence": "evidence-swapped", "sets": "sets-swapped",
    "then": "output-swapped",
}  # fmt: skip
#: Keys whose names are of one kind, so that one could be taken for another.
_NAMED = frozenset(
    {
        "fire",
        "owes",
        "waives",
        "otherwise",
        "answer",
        "meets",
        "since",
        "parent",
        "kind",
        "table",
        "responsible",
        "of",
        "paid",
    }
)
_ROLES = ("responsible", "superior", "hub")
_PERIOD = re.compile(r"(\d+) (\w+)")
_BOUNDS = re.compile(r"(?:>=|<=|>|<) \d+|[\[(]\d+\.\.\d+[\])]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RULED = re.compile(r"(?<=[=,])-?\d+")


@dataclass(frozen=True, slots=True)
class Change:
    """Lines from `line` on (counted from 1) that `was` written so, and are `now` written otherwise (None: gone)."""

    kind: str
    line: int
    was: str
    now: str | None


def changes(text: str, is_csv: bool) -> list[Change]:
    """Every change of a file's text, in the order of its lines."""
    found: dict[tuple[int, str, str | None], Change] = {}
    for kind, changed in _of_csv(text) if is_csv else _Yaml(text).changes():
        one = _compared(kind, text.splitlines(), changed.splitlines())
        if one is not None:
            found.setdefault((one.line, one.was, one.now), one)
    return sorted(found.values(), key=lambda one: one.line)


def _compared(kind: str, was: Sequence[str], now: Sequence[str]) -> Change | None:
    short = min(len(was), len(now))
    first = next((at for at in range(short) if was[at] != now[at]), short)
    last = 0
    while last < short - first and was[-1 - last] == now[-1 - last]:
        last += 1
    gone, come = was[first : len(was) - last], now[first : len(now) - last]
    return Change(kind, first + 1, "\n".join(gone), "\n".join(come) if come else None) if gone else None


# --- YAML ------------------------------------------------------------------------------------------------------------


class _Yaml:
    """A YAML text whose nodes can be taken out or written otherwise."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._root = compose(text)
        self._under: dict[str, list[str]] = {}
        self._seen: set[int] = set()

    def changes(self) -> Iterator[tuple[str, str]]:
        if self._root is not None:
            self._gather(self._root, ())
            yield from self._walk(self._root, ())

    def _gather(self, node: Any, place: Place) -> None:
        """The scalars that occur under each key."""
        if node.id == "mapping":
            for key, value in node.value:
                self._gather(value, (*place, str(key.value)))
        elif node.id == "sequence":
            for value in node.value:
                self._gather(value, place)
        elif place and not self._is_declared(place):
            of = self._under.setdefault(_swapped_with(place), [])
            if node.value not in of:
                of.append(node.value)

    @staticmethod
    def _is_declared(place: Place) -> bool:
        return place[0] in _DECLARED

    def _walk(self, node: Any, place: Place, together: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
        """The changes within a node; `together` are the scalars of the sequence that it is in."""
        if id(node) in self._seen:  # an alias: it is written where its anchor is
            return
        self._seen.add(id(node))
        if node.id == "mapping":
            spans = [self._entry(key, value) for key, value in node.value]
            for at, (key, value) in enumerate(node.value):
                here = (*place, str(key.value))
                if key.value in _FOR_PEOPLE or self._is_declared(here):
                    continue
                if key.value not in _NEEDED:
                    yield _entry_dropped(here), self._without(node, spans, at)
                yield from self._walk(value, here)
        elif node.id == "sequence":
            spans = [self._span(value) for value in node.value]
            kind = _ITEM_DROPPED.get(str(place[-1]), "entry-dropped")
            together = frozenset(str(value.value) for value in node.value if value.id == "scalar")
            for at, value in enumerate(node.value):
                yield kind, self._without(node, spans, at)
                yield from self._walk(value, place, together)
        else:
            start, end = self._span(node)
            quoted = self._text[start] in "\"'"
            for kind, now in self._otherwise(node.value, place, quoted):
                if now in together:
                    continue
                written = f'"{now}"' if quoted or not re.fullmatch(r"[\w.;=-]+(?: \w+)?", now) else now
                yield kind, self._text[:start] + written + self._text[end:]

    def _otherwise(self, value: str, place: Place, quoted: bool) -> Iterator[tuple[str, str]]:
        """What a scalar could be instead, each with its kind."""
        key = str(place[-1])
        if value in ("true", "false") and not quoted:
            yield "truth-flipped", "false" if value == "true" else "true"
        elif key == "rule":
            for number in _RULED.finditer(value):
                for by in (1, -1):
                    if (moved := int(number[0]) + by) and (by < 0 or int(number[0]) < 0 or moved <= 31):
                        yield "deadline-moved", f"{value[: number.start()]}{moved}{value[number.end() :]}"
        elif (period := _PERIOD.fullmatch(value)) is not None:
            for by in (1, -1) if int(period[1]) > 1 else (1,):
                yield "deadline-moved", f"{int(period[1]) + by} {period[2]}"
        elif (days := _days(value)) is not None:
            yield from (("deadline-moved", day) for day in days)
        elif re.fullmatch(_NUMBER, value):
            for by in (1, -1):
                if float(value) + by >= 0:
                    yield "bound-moved", re.sub(r"^\d+", str(int(float(value)) + by), value)
        elif _TESTS & set(place):
            yield from _of_test(value, self._others(value, place))
        else:
            kind = _SWAPPED.get(next((str(one) for one in reversed(place) if one in _SWAPPED), ""), "name-swapped")
            if kind != "name-swapped" or key in _NAMED:
                yield from ((kind, other) for other in self._others(value, place))

    def _others(self, value: str, place: Place) -> list[str]:
        known = self._under.get(_swapped_with(place), [])
        if "by" in place:
            known = [*known, *(role for role in _ROLES if role not in known)]
        return _ends([one for one in known if one != value])

    # --- places in the text ---

    def _at(self, mark: Any) -> int:
        return int(self._starts[mark.line] + mark.column)

    def _span(self, node: Any) -> tuple[int, int]:
        return self._at(node.start_mark), self._at(node.end_mark)

    def _entry(self, key: Any, value: Any) -> tuple[int, int]:
        start, after = self._span(key)
        if self._at(value.start_mark) < after:  # an alias, which is written here by its name alone
            alias = re.compile(r"\s*:\s*\*\w+").match(self._text, after)
            return start, alias.end() if alias is not None else after
        return start, self._end(value)

    def _end(self, node: Any) -> int:
        """Where a node's own text ends; that of a block is taken to reach up to whatever comes next."""
        if node.id != "scalar" and not node.flow_style and node.value:
            last = node.value[-1]
            return self._entry(*last)[1] if isinstance(last, tuple) else self._end(last)
        return self._at(node.end_mark)

    def _without(self, node: Any, spans: Sequence[tuple[int, int]], at: int) -> str:
        """The text without one entry of a mapping or item of a sequence."""
        start, end = spans[at]
        if node.flow_style or (node.id == "mapping" and self._after_dash(start) and len(spans) > at + 1):
            if at + 1 < len(spans):
                end = spans[at + 1][0]
            elif at > 0:
                start = spans[at - 1][1]
            return self._text[:start] + self._text[end:]
        if node.id == "sequence":
            end = max(end - 1, start) if self._text[end - 1] == "\n" else end
            child = node.value[at]
            end = self._end(child)
        first = self._text.rfind("\n", 0, start) + 1
        last = self._text.find("\n", end)
        return self._text[:first] + (self._text[last + 1 :] if last >= 0 else "")

    def _after_dash(self, start: int) -> bool:
        line = self._text[self._text.rfind("\n", 0, start) + 1 : start]
        return line.strip() == "-"


def _swapped_with(place: Place) -> str:
    """By what it is told which scalars could stand for one another: their key, or what they are values of."""
    group = next((str(one) for one in reversed(place) if one in ("by", "evidence", "to")), None)
    return group or str(place[-1])


def _entry_dropped(place: Place) -> str:
    """By what it is told of which kind it is that an entry is gone: its key, or what it is an entry of."""
    return next((_ENTRY_DROPPED[str(one)] for one in place[:-3:-1] if one in _ENTRY_DROPPED), "entry-dropped")


def _days(value: str) -> list[str] | None:
    """A day (or the month and day of one) a day earlier and later; None where it is none."""
    whole = re.fullmatch(r"(?:(\d{4})-)?(\d{2})-(\d{2})", value)
    if whole is None:
        return None
    day = date(int(whole[1] or 2015), int(whole[2]), int(whole[3]))
    return [(day + timedelta(days=by)).isoformat()[0 if whole[1] else 5 :] for by in (1, -1)]


def _ends(known: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*known[:1], *known[-1:]]))


# --- tests, in YAML and in CSV ---------------------------------------------------------------------------------------


def _of_test(test: str, others: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What a test could be instead: `others` are tests that are written of the same fact."""
    if test in ("true", "false"):
        yield "truth-flipped", "false" if test == "true" else "true"
        return
    if _BOUNDS.fullmatch(test):
        for bound in re.finditer(r"\d+", test):
            for by in (1, -1):
                if int(bound[0]) + by >= 0:
                    yield "bound-moved", f"{test[: bound.start()]}{int(bound[0]) + by}{test[bound.end() :]}"
        return
    negated = re.fullmatch(r"not\((.*)\)", test)
    values = [one.strip() for one in (negated[1] if negated else test).split(",")]
    for at in range(len(values)) if len(values) > 1 else ():
        left = ", ".join(values[:at] + values[at + 1 :])
        yield ("cell-widened", f"not({left})") if negated else ("cell-narrowed", left)
    yield "truth-flipped", ", ".join(values) if negated else f"not({test})"
    yield from (("guard-changed", other) for other in others)


# --- CSV -------------------------------------------------------------------------------------------------------------


def _of_csv(text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines()
    rows = list(csv.reader(lines))
    outputs = [at for at, name in enumerate(rows[0]) if name.startswith("->")] if rows else []
    inputs = range(1, outputs[0] if outputs else 0)

    def written(number: int, now: Sequence[str]) -> str:
        return "\n".join([*lines[:number], *now, *lines[number + 1 :]]) + "\n"

    for number, row in enumerate(rows[1:], start=1):
        yield "row-dropped", written(number, [])
        if number + 1 < len(rows) and _order_matters(row, rows[number + 1], inputs, outputs):
            swapped = [*lines[:number], lines[number + 1], lines[number], *lines[number + 2 :]]
            yield "row-moved", "\n".join(swapped) + "\n"
        for at in (*inputs, *outputs):
            column = list(dict.fromkeys(other[at] for other in rows[1:] if other[at] != row[at]))
            for kind, now in _of_cell(row[at], column, at in outputs):
                yield kind, written(number, [_line([*row[:at], now, *row[at + 1 :]])])


def _of_cell(cell: str, column: Sequence[str], is_output: bool) -> Iterator[tuple[str, str]]:
    if is_output:
        yield from (("output-swapped", other) for other in _ends(column))
    elif cell == "-":
        yield from (("cell-narrowed", other) for other in _ends([one for one in column if one != "-"]))
    else:
        yield "cell-widened", "-"
        yield from _of_test(cell, [])


def _order_matters(row: Sequence[str], other: Sequence[str], inputs: Sequence[int], outputs: Sequence[int]) -> bool:
    """Whether two neighbours of a table in which the first row decides may both fit, and say different things."""
    if row[0] not in ("F", "R") or all(row[at] == other[at] for at in outputs):
        return False
    return not any(_apart(row[at], other[at]) for at in inputs)


def _apart(test: str, other: str) -> bool:
    spans = _span(test), _span(other)
    if spans[0] is not None and spans[1] is not None:
        return spans[0][1] < spans[1][0] or spans[1][1] < spans[0][0]
    plain = re.compile(r"[\w, ]+")
    if not (plain.fullmatch(test) and plain.fullmatch(other)):
        return False
    one, two = ({value.strip() for value in cell.split(",")} for cell in (test, other))
    return not one & two


def _span(test: str) -> tuple[float, float] | None:
    """The least and the greatest whole number that a test of numbers admits; None where it is no such test."""
    if re.fullmatch(r"\d+", test):
        return float(test), float(test)
    if (one := re.fullmatch(r"(>=|<=|>|<) (\d+)", test)) is not None:
        bound = float(one[2])
        return {">=": (bound, inf), ">": (bound + 1, inf), "<=": (-inf, bound), "<": (-inf, bound - 1)}[one[1]]
    if (two := re.fullmatch(r"([\[(])(\d+)\.\.(\d+)([\])])", test)) is not None:
        return float(two[2]) + (two[1] == "("), float(two[3]) - (two[4] == ")")
    return None


def _line(row: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row)
    return out.getvalue()
