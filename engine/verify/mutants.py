"""A policy changed in one place at a time: what its proofs and examples do not notice, nobody would.

Mutation analysis (DeMillo, Lipton, Sayward: Hints on Test Data Selection, 1978) of rules: a row dropped, a bound moved,
a truth flipped. A mutant is found when the policy is read, by its proofs, or by an example.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import PolicyError, Where
from ..policy.files import models as f
from ..policy.files.documents import read_yaml
from ..policy.files.load import parse
from ..policy.policy import Policy
from ..text import Title
from .check import check
from .examples import examples, run

#: What finds a mutant.
FoundBy = Literal["reading", "proof", "example"]
#: The kinds of changes, with their titles.
KINDS: Mapping[str, Title] = {
    "row-dropped": Title("删去一行", "a row dropped"),
    "output-swapped": Title("换成另一结论", "an output swapped"),
    "cell-widened": Title("放宽一格", "a cell widened"),
    "bound-moved": Title("移动界限", "a bound moved"),
    "truth-flipped": Title("是否颠倒", "a truth flipped"),
    "transition-dropped": Title("删去一个流转", "a transition dropped"),
    "guard-dropped": Title("删去条件", "a guard dropped"),
    "evidence-dropped": Title("删去材料", "evidence dropped"),
    "sets-dropped": Title("不再设定事实", "what is set dropped"),
    "actor-swapped": Title("换成另一办理者", "an actor swapped"),
    "destination-swapped": Title("换成另一去向", "a destination swapped"),
    "deadline-moved": Title("移动期限", "a deadline moved"),
    "deadline-dropped": Title("删去期限", "a deadline dropped"),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A policy's file with one line written otherwise; `now` is None where the line is gone."""

    kind: str
    file: str
    line: int
    was: str
    now: str | None

    def files(self, files: Mapping[str, str]) -> dict[str, str]:
        """The files with the change."""
        lines = files[self.file].splitlines()
        lines[self.line - 1 : self.line] = [] if self.now is None else [self.now]
        return {**files, self.file: "\n".join(lines) + "\n"}


def mutants(files: Mapping[str, str]) -> list[Mutant]:
    """Every mutant of a policy's tables, workflows, obligations, gates and groups, in the order of files and lines."""
    found: list[Mutant] = []
    for file in sorted(files):
        lines = files[file].splitlines()
        if file.startswith("tables/") and file.endswith(".csv"):
            found += _of_table(file, lines)
        elif file.startswith("workflows/") or file in ("policy.yaml", "tables.yaml", "gates.yaml", "groups.yaml"):
            found += _of_yaml(file, lines)
    return found


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A change that a policy lists as no different from itself, and why; with the mutants that it is, of each line that
    is written so."""

    where: Where
    because: Title
    mutants: tuple[Mutant, ...]


def equivalents(policy: Policy, every: Sequence[Mutant]) -> list[Equivalent]:
    """What a policy's examples list as equivalent among all its mutants. Raises PolicyError."""
    by_text: dict[tuple[str, str, str | None], list[Mutant]] = {}
    for one in every:
        by_text.setdefault((one.file, one.was.strip(), one.now and one.now.strip()), []).append(one)
    found = []
    for name in sorted(policy.files):
        if name.startswith("examples/") and name.endswith(".yaml"):
            document = read_yaml(policy.files[name], name)
            for at, said in enumerate(f.validate(document, f.ExamplesFile).equivalent):
                same = by_text.get((said.file, said.was.strip(), said.now and said.now.strip()), [])
                because = Title(said.because.zh, said.because.en)
                found.append(Equivalent(document.where(("equivalent", at)), because, tuple(same)))
    return found


class Hunt:
    """Looks for what finds the mutants of a policy."""

    def __init__(self, policy: Policy) -> None:
        self._files = policy.files
        self._known = {(one.code, one.message()) for one in check(policy).findings}

    def found_by(self, mutant: Mutant) -> FoundBy | None:
        """What finds a mutant; None if nothing does."""
        try:
            changed = parse(mutant.files(self._files))
        except PolicyError:
            return "reading"
        try:
            if any(run(changed, one).misses for one in examples(changed)):
                return "example"
        except PolicyError:
            return "example"  # one names what is no longer there
        told = {(one.code, one.message()) for one in check(changed).findings}
        return "proof" if told - self._known else None


# --- what can be changed ---------------------------------------------------------------------------------------------


def _of_table(file: str, lines: Sequence[str]) -> Iterator[Mutant]:
    rows = list(csv.reader(lines))
    outputs = [at for at, name in enumerate(rows[0]) if name.startswith("->")] if rows else []
    for number, (line, row) in enumerate(zip(lines[1:], rows[1:], strict=False), start=2):
        here = (file, number, line, row)
        yield Mutant("row-dropped", file, number, line, None)
        for at in outputs:
            others = dict.fromkeys(other[at] for other in rows[1:] if other[at] != row[at])
            for other in {*list(others)[:1], *list(others)[-1:]}:
                yield _cell(here, "output-swapped", at, other)
        for at, cell in enumerate(row[: outputs[0] if outputs else 0]):
            if at > 0 and cell != "-":
                yield _cell(here, "cell-widened", at, "-")
                for moved in _moved(cell):
                    yield _cell(here, "bound-moved", at, moved)
                if cell in ("true", "false"):
                    yield _cell(here, "truth-flipped", at, "false" if cell == "true" else "true")


def _cell(here: tuple[str, int, str, list[str]], kind: str, at: int, text: str) -> Mutant:
    file, number, line, row = here
    return Mutant(kind, file, number, line, _csv([*row[:at], text, *row[at + 1 :]]))


def _csv(row: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row)
    return out.getvalue()


_COMMENT = re.compile(r"\s+#\s.*$")
_MAP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_LIST = r"(?:\[[^\]]*\]|[\w.-]+)"
_TEST = re.compile(r'"([^"]*\d[^"]*)"')
_PERIOD = re.compile(r"\b(within|every|grace|opens|extend|after|not_before): (\d+) (\w)")
_DEST = re.compile(r"\bto: ([a-z_.]+)")
_ROLES = {"responsible": "superior", "superior": "responsible", "hub": "superior"}


def _of_yaml(file: str, lines: Sequence[str]) -> Iterator[Mutant]:
    dests = list(dict.fromkeys(match[1] for line in lines for match in _DEST.finditer(line)))
    for number, whole in enumerate(lines, start=1):
        line = _COMMENT.sub("", whole)
        if not line.strip() or line.lstrip().startswith("#"):
            continue

        def mutant(kind: str, now: str | None, whole: str = whole, number: int = number) -> Mutant:
            return Mutant(kind, file, number, whole, now)

        if re.match(r"\s+- \{trigger: ", line):
            yield mutant("transition-dropped", None)
        if re.match(r"\s+- \{(when|then): ", line):
            yield mutant("row-dropped", None)
        for kind, key, value in (
            ("guard-dropped", "when", _MAP), ("evidence-dropped", "evidence", _LIST), ("sets-dropped", "sets", _MAP),
        ):  # fmt: skip
            if re.match(rf"\s+{key}: {value}$", line):
                yield mutant(kind, None)
            for match in re.finditer(rf"(, {key}: {value}|(?<=\{{){key}: {value}, )", line):
                yield mutant(kind, line[: match.start()] + line[match.end() :])
        for match in re.finditer(r"\b(true|false)\b", line):
            flipped = "false" if match[1] == "true" else "true"
            yield mutant("truth-flipped", line[: match.start()] + flipped + line[match.end() :])
        for match in _TEST.finditer(line):
            for moved in _moved(match[1]):
                yield mutant("bound-moved", f'{line[: match.start()]}"{moved}"{line[match.end() :]}')
        for match in _PERIOD.finditer(line):
            for by in (1, -1) if int(match[2]) > 1 else (1,):
                moved = f"{match[1]}: {int(match[2]) + by} {match[3]}"
                yield mutant("deadline-moved", line[: match.start()] + moved + line[match.end() :])
        for match in re.finditer(rf", due: {_MAP}", line):
            yield mutant("deadline-dropped", line[: match.start()] + line[match.end() :])
        if re.match(rf"\s+due: {_MAP}$", line):
            yield mutant("deadline-dropped", None)
        for match in re.finditer(rf"\bby: ({_LIST})", line):
            if (roles := _others(match[1])) is not None:
                yield mutant("actor-swapped", f"{line[: match.start()]}by: {roles}{line[match.end() :]}")
        for match in _DEST.finditer(line):
            others = [one for one in dests if one != match[1]]
            for other in dict.fromkeys(others[:1] + others[-1:]):
                yield mutant("destination-swapped", f"{line[: match.start()]}to: {other}{line[match.end() :]}")


def _moved(test: str) -> list[str]:
    """A test with each of its bounds moved by one, up and down."""
    if not re.fullmatch(r"(?:>=|<=|>|<) \d+|[\[(]\d+\.\.\d+[\])]", test):
        return []
    return [
        f"{test[: bound.start()]}{int(bound[0]) + by}{test[bound.end() :]}"
        for bound in re.finditer(r"\d+", test)
        for by in (1, -1)
        if int(bound[0]) + by >= 0
    ]


def _others(roles: str) -> str | None:
    """A list of roles without its last one, or another role for one alone."""
    named = [one.strip() for one in roles.strip("[]").split(",")]
    return f"[{', '.join(named[:-1])}]" if len(named) > 1 else _ROLES.get(named[0])
