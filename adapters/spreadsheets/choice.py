"""Which column of a register is proposed as what."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guikou.engine.policy.policy import Policy
from guikou.engine.text import Title, with_titles

from .asked import needed
from .cells import Cell
from .columns import ignored, meaning, named
from .guesses import CLOSE, FITS, NEAR, Guess, column_guesses, fits, only
from .heading import Heading
from .mapping import RegisterMapping

_YEAR = re.compile(r"(?:19|20)\d\d")


class Choice:
    """What the columns under a heading are taken for, by their places: those that are `used`, as what; those of them
    that are only `guessed`; those that are `ignored`, and why if no name says so. `cells` are what stands in each. What
    a mapping says already goes first."""

    def __init__(
        self, policy: Policy, heading: Heading, cells: Sequence[Sequence[Cell]], mapping: RegisterMapping | None = None
    ) -> None:
        self.policy, self.wording, self.cells = policy, policy.wording, cells
        self.headings, self.labels = heading.labels, named(heading.labels)
        self.used: dict[int, str] = {}
        self.guessed: set[int] = set()
        self.ignored: dict[int, Title | None] = {}
        self.constant = frozenset(mapping.constants if mapping is not None else ())
        if mapping is not None:
            self._as_mapped(mapping)
        self._by_name()
        self._by_guess()

    def _as_mapped(self, mapping: RegisterMapping) -> None:
        for at, label in enumerate(self.labels):
            means = mapping.column(label)
            if means is not None:
                self.used[at] = means
            elif mapping.ignores(label):
                self.ignored[at] = None

    def _by_name(self) -> None:
        """Of several columns that mean the same, the one that reads best; areas may stand in several."""
        sure = {
            at: means
            for at, text in enumerate(self.headings)
            if at not in self.used and at not in self.ignored and (means := meaning(self.wording, text)) is not None
        }
        mapped = {means: at for at, means in self.used.items() if means != "area"}
        for means in dict.fromkeys(sure.values()):
            same = [at for at, one in sure.items() if one == means]
            best = max(same, key=lambda at: (fits(self.policy, means, self.cells[at]), -at))
            best = mapped.get(means, best)
            for at in same:
                if means in self.constant:
                    self.ignored[at] = Title("已统一填写", "given for all rows")
                elif at == best or means == "area":
                    self.used[at] = means
                else:
                    label = self.labels[best]
                    self.ignored[at] = Title(f"与“{label}”含义相同", f"means the same as '{label}'")

    def _by_guess(self) -> None:
        waiting = []
        for at, text in enumerate(self.headings):
            if at in self.used or at in self.ignored:
                continue
            if text.strip() and ignored(self.wording, text):
                self.ignored[at] = None
            elif text.strip() or self.cells[at]:
                waiting.append(at)
        waiting.sort(key=lambda at: (-_year(self.labels[at]), at))  # what several years say is the latest one's
        guesses = {at: column_guesses(self.policy, self.headings[at], self.cells[at]) for at in waiting}
        for at in waiting:
            best = only(self._free(guesses[at]), CLOSE) or self._by_looks(at)
            if best is not None:
                self._guess(at, best)
        if "name" not in self.used.values():
            named_so = {at: one.score for at in waiting for one in guesses[at] if one.meaning == "name"}
            rest = {at: score for at, score in named_so.items() if at not in self.used and score >= NEAR}
            if rest:
                self._guess(max(rest, key=lambda at: (rest[at], -at)), "name")
        for at in waiting:
            if at not in self.used:
                self.ignored[at] = self._nearest([guess.meaning for guess in guesses[at][:3]])

    def _guess(self, at: int, means: str) -> None:
        self.used[at] = means
        self.guessed.add(at)

    def _free(self, guesses: Sequence[Guess]) -> list[Guess]:
        return [one for one in guesses if one.meaning not in self.used.values() and one.meaning not in self.constant]

    def _by_looks(self, at: int) -> str | None:
        """A code, an area or the values of an enumeration that routing needs are known by their looks, where no other
        column gives them."""
        given, cells = {*self.used.values(), *self.constant}, self.cells[at]
        if "id" not in given and fits(self.policy, "id", cells) >= FITS:
            return "id"
        if not {"area", "address"} & given:
            for means in ("area", "address"):
                if fits(self.policy, means, cells) >= FITS:
                    return means
        alike = [name for name in self._enumerations() if fits(self.policy, name, cells) >= FITS]
        asked = needed(self.policy, self.policy.workflows)
        return alike[0] if len(alike) == 1 and alike[0] in asked and alike[0] not in given else None

    def _enumerations(self) -> list[str]:
        return [name for name, spec in self.policy.facts.items() if spec.kind.name == "enumeration"]

    def _nearest(self, names: Sequence[str]) -> Title:
        if not names:
            return Title("未识别", "not known")
        near = with_titles({name: self.wording.title(name) for name in names})
        return Title(f"未识别；相近：{near.zh}", f"not known; near it: {near.en}")


def _year(label: str) -> int:
    """The year that a heading begins with, or 0."""
    found = _YEAR.match(label)
    return int(found[0]) if found else 0
