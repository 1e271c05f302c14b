"""Proposes a mapping for a register: what is known by name, what is only near, and what a person has to fill in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from guikou.engine.cases.case import Organization
from guikou.engine.decide.intake import missing
from guikou.engine.errors import AmbiguousArea, GuikouError, MayMissFact, UnknownArea
from guikou.engine.policy.places import Area
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.synonyms import OWN
from guikou.engine.supervision.imported import RowRead
from guikou.engine.text import Title, folded, listed, with_titles

from .cells import Cell
from .choice import Choice
from .columns import Column, Columns, all_there, named
from .guesses import area_said_in, only, said_in, value_guesses
from .heading import Heading
from .mapping import UNKNOWN, RegisterMapping
from .rows import Read, is_example, is_total, named_together, read_fact, read_row

#: As many rows are looked at, as many texts of one column are listed, and as many of them may mean nothing.
ROWS, TEXTS, STRANGE = 5_000, 200, 30
#: So many values that a text may mean are named.
MOST = 12

#: The name of an office, which says nothing of the organisations.
_OFFICE = re.compile(r"[\u4e00-\u9fff]*?(?:局|委员会|委|厅|办公室)")
NOTHING = Title("", "")
_TEXT = ("文字", "text")
_FORMS = {
    "integer": ("整数", "a whole number"),
    "decimal": ("数", "a number"),
    "date": ("日期，如 2015-11-27", "a day, such as 2015-11-27"),
    "body": ("机构的代码或名称", "a body's id or title"),
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A line of a mapping: what is written, whether a person must look (`sure` is what a name says), and what to tell.
    Without a `meaning` it is only listed."""

    key: str
    meaning: str | None
    sure: bool = True
    note: Title = NOTHING


@dataclass
class Proposal:
    """A proposed mapping: its sections; how many rows were looked at, how many of them can be read by it as it is, and
    those that are wrong whatever is filled in. The others wait for what is to be filled in."""

    heading: Heading
    columns: list[Proposed] = field(default_factory=list)
    ignore: list[Proposed] = field(default_factory=list)
    constants: list[Proposed] = field(default_factory=list)
    values: dict[str, list[Proposed]] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)
    rows: int = 0
    readable: int = 0
    wrong: list[RowRead] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return self.rows - self.readable - len(self.wrong)


def propose(policy: Policy, heading: Heading, day: date, mapping: RegisterMapping | None = None) -> Proposal:
    """A mapping for the register under a heading, as its rows would be routed on a day; all that a `mapping` says
    already stays as it is. Raises WrongUsage where that names columns which the register does not have."""
    return _Proposer(policy, heading, day, mapping).propose()


class _Proposer:
    def __init__(self, policy: Policy, heading: Heading, day: date, mapping: RegisterMapping | None) -> None:
        self.mapping = mapping
        self.policy, self.wording, self.heading, self.day = policy, policy.wording, heading, day
        self.labels = named(heading.labels)
        self.every = heading.rows[:ROWS]
        self.rows = [row for row in self.every if row.fault is None]
        self.made = Proposal(heading)
        self.used: dict[int, str] = {}
        self.meanings: dict[str, dict[str, object]] = {}
        self.reads: list[Read] = []

    def propose(self) -> Proposal:
        if self.mapping is not None:
            all_there(self.labels, self.mapping)
            self._mapped_values(self.mapping)
        self._columns()
        columns = self._read()
        self.every = tuple(row for row in self.every if not is_example(columns, row))
        self.rows = [row for row in self.every if row.fault is None and not is_total(self.policy, columns, row)]
        self._still_unknown()
        for column in columns.used:
            self._values(column)
        self._constants()
        self._counted()
        return self.made

    def _mapped_values(self, mapping: RegisterMapping) -> None:
        for key, texts in mapping.written.values.items():
            name = self.wording.column(key) or key
            listed = self.made.values.setdefault(name, [])
            listed += [Proposed(text, meant) for text, meant in texts.items()]
            self.meanings.setdefault(name, {}).update(mapping.values[name])

    def _still_unknown(self) -> None:
        """What a mapping takes as empty is told as at first: nobody may have looked at it."""
        for name, lines in self.made.values.items():
            kind = self._kind(name)
            for at, one in enumerate(lines if kind in ("enumeration", "boolean", "body") else ()):
                if one.meaning == "" and not self._understood(name, one.key):
                    lines[at] = self._unknown(name, kind, one.key)

    # --- columns ---

    def _columns(self) -> None:
        choice = Choice(self.policy, self.heading, [self._cells(at) for at in range(len(self.labels))], self.mapping)
        self.used = dict(sorted(choice.used.items()))
        for at, means in self.used.items():
            sure = at not in choice.guessed
            self.made.columns.append(Proposed(self.labels[at], means, sure, self.wording.title(means)))
        for at, note in sorted(choice.ignored.items()):
            self.made.ignore.append(Proposed(self.labels[at], None, note is None, note or NOTHING))

    def _cells(self, at: int) -> list[Cell]:
        """The different cells of a column that say something."""
        found: dict[str, Cell] = {}
        for row in self.rows:
            if at < len(row.cells) and row.cells[at].fault is None and not self.wording.is_unknown(row.cells[at].text):
                found.setdefault(row.cells[at].text, row.cells[at])
            if len(found) == TEXTS:
                break
        return list(found.values())

    # --- values ---

    def _values(self, column: Column) -> None:
        name = column.means
        kind = self._kind(name)
        if kind not in ("enumeration", "boolean", "body", "area"):
            return
        known: list[str] = []
        strange: list[str] = []
        for cell in self._cells(column.at):
            text = " ".join(cell.text.split())
            if folded(text) in self.meanings.get(name, {}):
                continue
            (known if self._understood(name, text) else strange).append(text)
        mapped = self.mapping is not None and self.mapping.column(column.label) is not None
        if len(strange) > STRANGE and len(strange) > len(known) and name != "area" and not mapped:
            self._drop(column, len(strange))
            return
        listed = self.made.values.setdefault(name, [])
        self.made.known.setdefault(name, []).extend(known)
        meanings = self.meanings.setdefault(name, {})
        for text in strange:
            line = self._value(name, kind, text)
            listed.append(line)
            if line.meaning is not None:
                meanings[folded(text)] = self._meant(name, line.meaning)

    def _kind(self, name: str) -> str:
        return self.policy.facts[name].kind.name if name in self.policy.facts else name

    def _understood(self, name: str, text: str) -> bool:
        if name == "area" and self._understood_together(text):
            return True
        is_body = name in self.policy.facts and self.policy.facts[name].kind.name == "body"
        areas: list[Area | None] = [None, *(self._areas if is_body else ())]
        for area in areas:
            with suppress(GuikouError):
                self.wording.area(text) if name == "area" else read_fact(self.policy, name, text, area)
                return True
        return False

    def _understood_together(self, text: str) -> bool:
        """Whether a text names an area together with what stands in the other columns of areas, in each of its rows."""
        columns = [at for at, means in self.used.items() if means == "area"]
        found = []
        for row in self.rows:
            words = [" ".join(row.cells[at].text.split()) for at in columns if at < len(row.cells)]
            if text in words:
                said = [word for word in words if not self.wording.is_unknown(word)]
                found.append(named_together(self.policy, [self._area_meant(word) for word in said]))
        return bool(found) and None not in found

    def _area_meant(self, word: str) -> Area | str:
        code = self.meanings.get("area", {}).get(folded(word))
        return self.policy.places.areas[code] if isinstance(code, str) else word

    def _meant(self, name: str, text: str) -> object:
        if not text:
            return UNKNOWN
        return self.wording.area(text).code if name == "area" else read_fact(self.policy, name, text)

    def _value(self, name: str, kind: str, text: str) -> Proposed:
        """What stands for a text that no name explains: the nearest value, or that it is not known."""
        if kind == "area":
            area = area_said_in(self.policy, [text])
            if area is not None:
                full = self.wording.full_title(area)
                return Proposed(text, full.zh, False, full)
            return Proposed(text, None, False, self._which_area(text))
        if kind == "enumeration":
            titles = self.policy.facts[name].titles
            best = only(value_guesses(self.policy, name, text), 0.7)
            if best is not None and best in titles:
                return Proposed(text, best, False, titles[best])
        return self._unknown(name, kind, text)

    def _unknown(self, name: str, kind: str, text: str) -> Proposed:
        """That a text is not known, with what it may mean: where routing needs it, such a row is parked for it."""
        if kind == "enumeration":
            guesses = value_guesses(self.policy, name, text)
            titles = self.policy.facts[name].titles
            near = {guess.meaning: titles[guess.meaning] for guess in guesses[:3] if guess.meaning in titles} or titles
        elif kind == "body":
            return self._office(name, text)
        else:
            near = {"true": Title("是", "yes"), "false": Title("否", "no")}
        known = with_titles(dict(list(near.items())[:MOST]))
        zh, en = (f"；可写：{known.zh}", f"; it may be: {known.en}") if near else ("", "")
        return Proposed(text, "", False, Title(f"未识别，按未填处理{zh}", f"not known, taken as empty{en}"))

    def _office(self, name: str, text: str) -> Proposed:
        bodies = self.policy.places.bodies
        near = {id: bodies[id].title for id in self.wording.offices.near(text, self._areas)[:3]}
        told = with_titles(near)
        zh, en = (f"可写：{told.zh}", f"it may be: {told.en}") if near else ("没有相近的机构", "no body is like it")
        if self.policy.facts[name].nullable:
            zh, en = f"{zh}；确不属任何机构的写 null", f"{en}; write null if it is under none"
        return Proposed(text, "", False, Title(f"未识别，按未填处理；{zh}", f"not known, taken as empty; {en}"))

    @cached_property
    def _areas(self) -> list[Area]:
        """The areas that the rows name."""
        found: dict[str, Area] = {}
        for text in {cell.text for row in self.rows for cell in row.cells if cell.fault is None}:
            with suppress(GuikouError):
                area = self.wording.address(text)
                found[area.code] = area
        return list(found.values())

    def _which_area(self, text: str) -> Title:
        """What to say of a text that names no area: those that it may mean."""
        try:
            self.wording.area(text)
        except GuikouError as error:
            near = error.details.get("known") or NOTHING
            if isinstance(error, AmbiguousArea):
                any_of = listed(error.details["known"])
                return Title(
                    f"可能指：{any_of.zh}；各行不同的请勿在此填写，可在名册中写全称，或另设区的一列",
                    f"it may be: {any_of.en}; where rows differ leave this out, and write it in full in the register, "
                    "or give the district a column",
                )
            if isinstance(near, Title) and near.zh:
                return Title(f"未识别；请写明区域，相近：{near.zh}", f"not known; say which area, such as {near.en}")
        return Title("未识别；请写明区域", "not known; say which area")

    def _drop(self, column: Column, strange: int) -> None:
        """A column of which most means nothing is none of that fact."""
        self.used.pop(column.at)
        self.made.columns = [one for one in self.made.columns if one.key != column.label]
        title = self.wording.title(column.means)
        note = Title(
            f"列名像“{title.zh}”，但有 {strange} 种取值不能识别",
            f"named like '{title.en}', but {strange} of its texts mean none",
        )
        self.made.ignore.append(Proposed(column.label, None, False, note))

    # --- constants ---

    def _constants(self) -> None:
        """What no column gives and routing needs; what the file's name, title or sheet says of it."""
        written = self.mapping.written.constants if self.mapping is not None else {}
        keys = {self.wording.column(key) or key: text for key, text in written.items()}
        found = {name: Proposed(name, text, True, self.wording.title(name)) for name, text in keys.items()}
        if "area" not in found and not {"area", "address"} & set(self.used.values()):
            area = area_said_in(self.policy, self._titles())
            full = self.wording.full_title(area) if area is not None else None
            note = full or Title("请填写：全部组织所在的区域", "fill in: the area of all the organisations")
            found["area"] = Proposed("area", full.zh if full else None, False, note)
        while True:
            constants = {one.key: self._meant(one.key, one.meaning) for one in found.values() if one.meaning}
            lacking = self._lacking({key: value for key, value in constants.items() if value is not UNKNOWN})
            more = {
                name: self._constant(name, rule, count) for name, (rule, count) in lacking.items() if name not in found
            }
            found |= more
            if not any(one.meaning for one in more.values()):
                break
        # What was needed before something else was known may be needed no longer.
        still = [one for key, one in found.items() if one.meaning or key in lacking or key == "area"]
        self.made.constants = still

    def _lacking(self, constants: Mapping[str, object]) -> dict[str, tuple[Title, int]]:
        """The facts that routing lacks and no column gives: the rule that needs each, and of how many rows."""
        columns = self._read(constants)
        self.reads = [read_row(self.policy, columns, row) for row in self.every]
        every = [one for read in self.reads if (one := read.organization) is not None and one.id]
        self.made.readable = len(every)
        if not every:
            top = next(one for one in self.policy.places.areas.values() if one.parent is None)
            every = [
                Organization("-", "-", top.code, {key: value for key, value in constants.items() if key not in OWN})
            ]
        rules: dict[str, Title] = {}
        counts: Counter[str] = Counter()
        for organization in every:
            lacks = [
                (key, error.details["rule"])
                for error in missing(self.policy, organization, self.day)
                for key in (error.details["key"] if isinstance(error, MayMissFact) else [error.details["key"]])
            ]
            # What is asked for besides of a row with an empty cell may only be asked for as long as it is empty.
            if len(every) > 1 and any(key in self.used.values() for key, _ in lacks):
                continue
            for key, rule in lacks:
                if key not in self.used.values():
                    rules.setdefault(key, rule)
                    counts[key] += 1
        if not self.made.readable:  # nobody's: of an organisation of which no more is known
            counts.clear()
        return {name: (rules[name], counts[name]) for name in self.policy.facts if name in rules}

    def _counted(self) -> None:
        """The rows that are looked at, and those that are wrong: an area that is not known may be filled in."""
        areas = {self.labels[at] for at, means in self.used.items() if means == "area"}

        def opens(error: GuikouError) -> bool:
            where = error.where.column if error.where is not None else None
            return isinstance(error, (UnknownArea, AmbiguousArea)) and where in areas

        self.made.rows = len(self.reads)
        self.made.wrong = [read.said for read in self.reads if not all(map(opens, read.faults))]

    def _constant(self, name: str, rule: Title, count: int) -> Proposed:
        spec = self.policy.facts[name]
        if spec.kind.name == "enumeration":
            names = {text: value for text, value in self.wording.values(name).items() if value in spec.titles}
            said = said_in([_OFFICE.sub(" ", text) for text in self._titles()], names) or self._all_named(names)
            if said is not None:
                value, word = said
                why = Title(
                    f"{spec.titles[value].zh}；文件名、标题或组织名称中有“{word}”",
                    f"{spec.titles[value].en}; the file's name, its title or the organisations' names say '{word}'",
                )
                return Proposed(name, value, False, why)
            known = with_titles(spec.titles)
            zh, en = known.zh, known.en
        elif spec.kind.name == "boolean":
            zh, en = "true（是）、false（否）", "true, false"
        else:
            zh, en = _FORMS.get(spec.kind.name, _TEXT)
        rows, of = Title("", ""), self.made.readable
        if count:
            one = f"{count} row" if of == 1 else f"{count} rows"
            rows = Title(f"（{count} 行）", f" ({one})")
        if count and of < len(self.every):
            rows = Title(f"（可读取的 {of} 行中 {count} 行）", f" ({count} of the {of} rows that can be read)")
        note = Title(
            f"{spec.title.zh}：“{rule.zh}”需要，没有哪一列给出{rows.zh}。可填：{zh}",
            f"{spec.title.en}: {rule.en} needs it, and no column gives it{rows.en}. It may be: {en}",
        )
        return Proposed(name, None, False, note)

    def _all_named(self, names: Mapping[str, str]) -> tuple[str, str] | None:
        """What nearly all the organisations' own names say."""
        at = next((at for at, means in self.used.items() if means == "name"), None)
        if at is None:
            return None
        said = [said_in([cell.text], names) for cell in self._cells(at)]
        told = Counter(one[0] for one in said if one is not None)
        if not told or told.most_common(1)[0][1] < 0.9 * len(said):
            return None
        best = told.most_common(1)[0][0]
        return next(one for one in said if one is not None and one[0] == best)

    def _titles(self) -> Iterable[str]:
        table = self.heading.table
        above = [text for row in table.rows if row.line < self.heading.line for text in row.texts if text]
        return [table.path.stem, *([table.sheet] if table.sheet else []), *above]

    def _read(self, constants: Mapping[str, object] | None = None) -> Columns:
        used = tuple(Column(at, self.labels[at], means) for at, means in self.used.items())
        return Columns(self.labels, used, constants or {}, self.meanings)
