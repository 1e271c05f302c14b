"""A policy changed in one place at a time: what its proofs and examples do not notice, nobody would.

Mutation analysis (DeMillo, Lipton, Sayward: Hints on Test Data Selection, 1978) of rules: a row dropped, a bound moved,
a truth flipped. A mutant is found when the policy is read, by its proofs, or by an example.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import PolicyError, Where
from ..policy.files import models as f
from ..policy.files.documents import read_yaml
from ..policy.files.load import parse
from ..policy.policy import Policy
from ..text import Title
from .changes import changes
from .check import check
from .examples import Example, examples, run

#: What finds a mutant.
FoundBy = Literal["reading", "proof", "example"]
#: The kinds of changes, with their titles.
KINDS: Mapping[str, Title] = {
    "row-dropped": Title("删去一行", "a row dropped"),
    "row-moved": Title("移动一行", "a row moved"),
    "output-swapped": Title("换成另一结论", "an output swapped"),
    "cell-widened": Title("放宽一格", "a cell widened"),
    "cell-narrowed": Title("收窄一格", "a cell narrowed"),
    "bound-moved": Title("移动界限", "a bound moved"),
    "truth-flipped": Title("是否颠倒", "a truth flipped"),
    "transition-dropped": Title("删去一个流转", "a transition dropped"),
    "guard-dropped": Title("删去条件", "a guard dropped"),
    "guard-changed": Title("改动条件", "a guard changed"),
    "evidence-dropped": Title("删去材料", "evidence dropped"),
    "evidence-swapped": Title("换成另一材料", "evidence swapped"),
    "sets-dropped": Title("不再设定事实", "what is set dropped"),
    "sets-swapped": Title("设定为另一值", "what is set swapped"),
    "actor-dropped": Title("删去一个办理者", "an actor dropped"),
    "actor-swapped": Title("换成另一办理者", "an actor swapped"),
    "destination-swapped": Title("换成另一去向", "a destination swapped"),
    "name-swapped": Title("换成另一名称", "a name swapped"),
    "deadline-moved": Title("移动期限", "a deadline moved"),
    "deadline-dropped": Title("删去期限", "a deadline dropped"),
    "entry-dropped": Title("删去一项", "an entry dropped"),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A policy's file written otherwise in one place: lines from `line` on that `was` written so; `now` is None where
    they are gone."""

    kind: str
    file: str
    line: int
    was: str
    now: str | None

    def files(self, files: Mapping[str, str]) -> dict[str, str]:
        """The files with the change."""
        lines = files[self.file].splitlines()
        end = self.line + self.was.count("\n")
        lines[self.line - 1 : end] = [] if self.now is None else [self.now]
        return {**files, self.file: "\n".join(lines) + "\n"}


#: The files whose changes are tried, besides those of workflows and tables.
_FILES = frozenset(
    {"policy.yaml", "tables.yaml", "gates.yaml", "groups.yaml", "records.yaml", "support.yaml", "bodies.yaml"}
)


def mutants(files: Mapping[str, str]) -> list[Mutant]:
    """Every mutant of what decides in a policy, in the order of files and lines."""
    return [
        Mutant(one.kind, file, one.line, one.was, one.now)
        for file in sorted(files)
        if file in _FILES or file.startswith(("workflows/", "tables/"))
        for one in changes(files[file], is_csv=file.endswith(".csv"))
    ]


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
        by_text.setdefault((one.file, _bare(one.was), one.now and _bare(one.now)), []).append(one)
    found = []
    for name in sorted(policy.files):
        if name.startswith("examples/") and name.endswith(".yaml"):
            document = read_yaml(policy.files[name], name)
            for at, said in enumerate(f.validate(document, f.ExamplesFile).equivalent):
                same = by_text.get((said.file, _bare(said.was), said.now and _bare(said.now)), [])
                because = Title(said.because.zh, said.because.en)
                found.append(Equivalent(document.where(("equivalent", at)), because, tuple(same)))
    return found


#: What registers call things, and where what they call is named.
_WORDS, _NAMING = "register.yaml", ("policy.yaml", "bodies.yaml")


def _bare(text: str) -> str:
    """Lines without what is no part of them: where they stand, and their comments."""
    return "\n".join(re.sub(r"\s+#\s.*$", "", line).strip() for line in text.splitlines())


class Hunt:
    """Looks for what finds the mutants of a policy."""

    def __init__(self, policy: Policy) -> None:
        self._files = policy.files
        self._examples = examples(policy)
        self._known = {(one.code, one.message()) for one in check(policy).findings}

    def found_by(self, mutant: Mutant) -> FoundBy | None:
        """What finds a mutant; None if nothing does."""
        files = mutant.files(self._files)
        if mutant.file not in _NAMING:  # what else there is called stays, and takes half of the time to read
            files.pop(_WORDS, None)
        try:
            changed = parse(files)
        except PolicyError:
            return "reading"
        for at, one in enumerate(self._examples):
            if _missed(changed, one):
                # The next mutant is likely to be of the same part.
                self._examples.insert(0, self._examples.pop(at))
                return "example"
        told = {(one.code, one.message()) for one in check(changed).findings}
        return "proof" if told - self._known else None


def _missed(policy: Policy, example: Example) -> bool:
    """Whether an example does not hold, or names what is no longer there."""
    try:
        return bool(run(policy, example).misses)
    except PolicyError:
        return True
