"""A policy as read and validated: areas, bodies, facts, tables, workflows, and what intake asks of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import files as f
from . import sections
from .calendar import Deadline, Period, YearDay, local_day
from .case import Area, Body, Organization, Title, dumps
from .conditions import Condition, Kind, parse_condition, parse_test
from .documents import Document, read_csv, read_folder, read_yaml
from .errors import (
    BadFact,
    BadFile,
    BadTable,
    BadTest,
    BadTree,
    BadValue,
    DuplicateKey,
    GuikouError,
    NotAFact,
    UnknownArea,
    UnknownBody,
    UnknownFact,
    UnknownName,
    Where,
)
from .obligations import OPENED, Missed, Obligation, Outcome, Postponement, read_rule
from .parts import Parts
from .reading import (
    bad_value,
    located,
    named_fact,
    nearest,
    read_condition,
    read_escalation,
    read_optional,
    read_period,
    read_sets,
    read_title,
    reminders,
)
from .tables import DecisionTable, Row
from .workflow import ENGINE, ORIGIN, ROLES, SAME, SWEEP, Stage, State, Transition, Workflow
from .working_days import CALENDARS, WorkingCalendar, WorkingDays

#: What a guard may ask of the case itself, besides the organisation's facts.
CASE_FACTS = {
    "case.days_overdue": Kind("integer"),
    "case.escalation": Kind("integer"),
    "case.extensions": Kind("integer"),
    "case.suspended": Kind("boolean"),
}
_NONE = ("-", "", "null", None)
_HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A declared fact. `titles` are those of an enumeration's values."""

    name: str
    title: Title
    kind: Kind
    titles: Mapping[str, Title]
    minimum: Any = None
    maximum: Any = None
    nullable: bool = False

    def check(self, value: Any) -> Any:
        """The value, if the fact may have it (None is 'known to be none'). Raises BadFact."""
        if (
            (value is None and not self.nullable)
            or not self.kind.holds(value)
            or (
                isinstance(value, date) and not 1900 <= value.year < 3000
            )  # beyond, periods soon run out of the calendar
            or (
                value is not None
                and (
                    (self.minimum is not None and value < self.minimum)
                    or (self.maximum is not None and value > self.maximum)
                )
            )
        ):
            raise BadFact(fact=self.title, value=value, kind=self.kind.name, expected=self.expected)
        return value

    @property
    def expected(self) -> str:
        least = f" (>= {self.minimum})" if self.minimum is not None else ""
        most = f" (<= {self.maximum})" if self.maximum is not None else ""
        return self.kind.expected + least + most + (", null" if self.nullable else "")

    def read(self, text: str) -> Any:
        """A value as a person writes it: an enumeration's also by its title, a boolean's also as 是/否, yes/no.

        Raises BadFact.
        """
        text = text.strip()
        if text == "null":
            return self.check(None)
        if self.kind.name == "boolean":
            text = {"是": "true", "否": "false", "yes": "true", "no": "false"}.get(text.lower(), text.lower())
        for key, title in self.titles.items():
            if text in (title.zh, title.en):
                text = key
        try:
            return self.check(self.kind.read(text))
        except ValueError as error:
            raise BadFact(fact=self.title, value=text, kind=self.kind.name, expected=self.expected) from error


@dataclass(frozen=True, slots=True)
class Refusal:
    """Facts with which no organisation is taken in."""

    when: Condition
    because: Title
    where: Where


@dataclass(frozen=True, slots=True)
class Property:
    """A promise of the policy: `never` this stage or state with facts that meet `when`, or, with `within`, always out
    of the stage (or at the top tier) by then."""

    title: Title
    workflows: tuple[str, ...]
    stage: str
    when: Condition
    within: Period | None
    where: Where


@dataclass(frozen=True, slots=True)
class Intake:
    """The tables that decide when an organisation comes in, by what they decide."""

    type: str
    responsible: str
    entry: str
    hub: str | None
    priority: str | None
    weight: str | None
    entitlements: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table's declaration, from which `Policy.table` compiles it when it is first asked for."""

    name: str
    title: Title
    written: f.TableFile
    document: Document
    source: str


@dataclass(frozen=True)
class Policy:
    """Everything a policy says. Read one with `load`; all of it is checked by then."""

    name: str
    version: str
    effective: date
    zone: ZoneInfo
    working: WorkingDays
    remind: tuple[int, ...]
    title: Title
    source: Title
    tiers: Mapping[str, Title]
    areas: Mapping[str, Area]
    bodies: Mapping[str, Body]
    body_kinds: Mapping[str, Title]
    facts: Mapping[str, FactSpec]
    tables: Mapping[str, TableSpec]
    workflows: Mapping[str, Workflow]
    intake: Intake
    blockers: Mapping[str, Title]
    obligations: Mapping[str, Obligation]
    properties: tuple[Property, ...]
    derived: Mapping[str, Kind]
    parts: Parts
    digest: str
    files: Mapping[str, str] = field(repr=False)

    # --- time ---

    def day(self, instant: datetime) -> date:
        """What day it is where the policy holds."""
        return local_day(instant, self.zone)

    # --- trees ---

    @cached_property
    def _keys(self) -> dict[str, Area]:
        return {area.key: area for area in self.areas.values()}

    def area(self, code_or_key: str) -> Area:
        """An area by code, key or unambiguous Chinese title. Raises UnknownArea."""
        found = self.areas.get(code_or_key) or self._keys.get(code_or_key)
        if found is None:
            named = [area for area in self.areas.values() if area.title.zh == code_or_key]
            if len(named) == 1:
                return named[0]
            raise UnknownArea(area=code_or_key, known=nearest(code_or_key, [*self._keys, *self.areas]))
        return found

    def body(self, id: str) -> Body:
        """A body by id or Chinese title. Raises UnknownBody."""
        found = self.bodies.get(id)
        if found is None:
            named = [body for body in self.bodies.values() if body.title.zh == id]
            if len(named) == 1:
                return named[0]
            raise UnknownBody(body=id, known=nearest(id, list(self.bodies)))
        return found

    def body_on(self, id: str, day: date) -> Body | None:
        """The body that stands for `id` on a day: itself, or whoever succeeded it by then."""
        body = self.bodies.get(id)
        seen: set[str] = set()
        while body is not None and not body.exists_on(day):
            if body.id in seen:
                return None
            seen.add(body.id)
            follows = body.valid_until is not None and day >= body.valid_until and body.succeeded_by
            body = self.bodies.get(body.succeeded_by) if follows and body.succeeded_by else None
        return body

    def chain(self, id: str) -> tuple[Body, ...]:
        """The body and those above it, up to the top."""
        chain: list[Body] = []
        body = self.bodies.get(id)
        while body is not None:
            chain.append(body)
            body = self.bodies.get(body.parent) if body.parent else None
        return tuple(chain)

    def bodies_under(self, id: str) -> frozenset[str]:
        """The body and all below it; and those that it succeeded."""
        if id not in self._under:
            self._under[id] = _below(id, self._children)
        return self._under[id]

    @cached_property
    def _under(self) -> dict[str, frozenset[str]]:
        return {}

    def areas_under(self, code: str) -> frozenset[str]:
        """The area's code and those of all within it."""
        if code not in self._within:
            self._within[code] = _below(code, self._area_children)
        return self._within[code]

    @cached_property
    def _within(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children = _children((body.id, body.parent) for body in self.bodies.values())
        for body in self.bodies.values():
            if body.succeeded_by:
                children.setdefault(body.succeeded_by, []).append(body.id)
        return children

    @cached_property
    def _area_children(self) -> dict[str, list[str]]:
        return _children((area.code, area.parent) for area in self.areas.values())

    def tier_areas(self, code: str) -> dict[str, Area]:
        """The areas around an area, itself among them, by tier."""
        around: dict[str, Area] = {}
        area = self.areas.get(code)
        while area is not None:
            around[area.tier] = area
            area = self.areas.get(area.parent) if area.parent else None
        return around

    # --- facts ---

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """Everything a rule may ask for: facts, the area's key at each tier, the workflow's name, the case's own."""
        keys = {
            tier: Kind("enumeration", tuple(area.key for area in self.areas.values() if area.tier == tier))
            for tier in self.tiers
        }
        return {
            **{name: spec.kind for name, spec in self.facts.items()},
            **keys,
            "type": Kind("enumeration", tuple(self.workflows)),
            **CASE_FACTS,
        }

    @cached_property
    def asked(self) -> dict[str, Kind]:
        """What gates, supports and indicators may ask for: all that rules may, the stage, and what is derived."""
        stages = tuple(dict.fromkeys(name for one in self.workflows.values() for name in one.stages))
        return {**self.kinds, **self.derived, "stage": Kind("enumeration", stages), "case.members": Kind("integer")}

    @cached_property
    def dated(self) -> tuple[tuple[str, str], ...]:
        """The facts that are days, each with the name of the months since."""
        return tuple((name, f"{name}.months") for name, spec in self.facts.items() if spec.kind.name == "date")

    @cached_property
    def unrecorded(self) -> dict[str, Any]:
        """What is derived of a case of which nothing was recorded and that is in no group."""
        return {
            **{f"{name}.months": None for name in self.parts.records},
            **{f"{name}.this_year": 0 for name in self.parts.records},
            **{f"member.{name}": False for name in self.parts.groups},
        }

    @property
    def entitlements(self) -> tuple[str, ...]:
        """The tables that say what an organisation may have."""
        return self.intake.entitlements

    def fact_title(self, name: str) -> Title:
        """The title of a fact, or of one of the names that rules may ask for besides."""
        if name in self.facts:
            return self.facts[name].title
        if name in self.derived:
            return self._derived_title(name)
        return self.tiers.get(name) or _CASE_TITLES.get(name) or Title(name, name)

    def _derived_title(self, name: str) -> Title:
        first, _, last = name.partition(".")
        if first == "member":
            group = self.parts.groups[last].title
            return Title(f"已加入{group.zh}", f"member ({group.en})")
        title = self.facts[first].title if first in self.facts else self.parts.records[first].title
        if last == "months":
            return Title(f"{title.zh}至今月数", f"months since {title.en}")
        return Title(f"本年{title.zh}次数", f"{title.en} this year")

    def check_facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts, if each is declared and has a value that it may have. Raises NotAFact and BadFact."""
        for name in facts:
            if name not in self.facts:
                raise NotAFact(fact=name, known=sorted(self.facts))
        checked = {name: self.facts[name].check(value) for name, value in facts.items()}
        for name, value in checked.items():
            if value is not None and self.facts[name].kind.name == "body":
                self.body(value)
        return checked

    def context(self, organization: Organization) -> dict[str, Any]:
        """The facts of an organisation together with its area's key at each tier (null where it has none)."""
        around = self.tier_areas(organization.area)
        return {**organization.facts, **{tier: around[tier].key if tier in around else None for tier in self.tiers}}

    def table(self, name: str) -> DecisionTable:
        """A table by name, compiled once."""
        if name not in self._compiled:
            self._compiled[name] = _compile(self, self.tables[name])
        return self._compiled[name]

    @cached_property
    def _compiled(self) -> dict[str, DecisionTable]:
        return {}


_CASE_TITLES = {
    "type": Title("类型", "type"),
    "case.days_overdue": Title("逾期天数", "days overdue"),
    "case.escalation": Title("上报层级", "escalation level"),
    "case.extensions": Title("延期次数", "extensions"),
    "case.suspended": Title("已中止计时", "suspended"),
    "case.members": Title("成员数", "members"),
    "stage": Title("阶段", "stage"),
}


Calendars = Mapping[str, Callable[[], WorkingCalendar]]


def load(folder: Path, calendars: Calendars = CALENDARS) -> Policy:
    """Read the policy in a folder. Raises PolicyError for the first fault, with its file and line."""
    return parse(read_folder(folder), f"{folder}/", calendars)


def parse(files: Mapping[str, str], shown_as: str = "", calendars: Calendars = CALENDARS) -> Policy:
    """A policy from its files' texts by name; `shown_as` stands before each file's name, `calendars` are those of
    working days that it can name. Raises PolicyError."""

    def yaml(name: str) -> Document:
        if name not in files:
            raise BadFile(where=Where(shown_as + name), reason="there is no such file")
        return read_yaml(files[name], shown_as + name)

    head_document = yaml("policy.yaml")
    head = f.validate(head_document, f.PolicyFile)
    try:
        zone = ZoneInfo(head.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise bad_value(head_document, ("time_zone",), "is no time zone", "不是时区") from error
    if head.calendar not in calendars:
        where = head_document.where(("calendar",))
        raise UnknownName(where=where, kind_en="calendar", kind_zh="日历", name=head.calendar, known=sorted(calendars))
    if "areas.csv" not in files:
        raise BadFile(where=Where(shown_as + "areas.csv"), reason="there is no such file")
    tiers = {name: read_title(title) for name, title in head.tiers.items()}
    areas = _areas(files["areas.csv"], shown_as + "areas.csv", tiers)
    bodies, kinds = _bodies(yaml("bodies.yaml"), areas, tiers)
    facts = _facts(head, head_document, tiers)
    workflow_documents = [yaml(name) for name in files if name.startswith("workflows/") and name.endswith(".yaml")]
    written = [(f.validate(document, f.WorkflowFile), document) for document in workflow_documents]
    tables_document = yaml("tables.yaml")
    tables = {
        name: TableSpec(name, read_title(table.title), table, tables_document, table.source)
        for name, table in f.validate(tables_document, f.TablesFile).tables.items()
    }
    parts_documents = [yaml(name) for name in sections.FILES if name in files]
    written_parts = [(f.validate(document, f.PartsFile), document) for document in parts_documents]
    normal = {name: text.replace("\r\n", "\n") for name, text in files.items() if _decides(name)}
    policy = Policy(
        name=head.policy,
        version=head.version,
        effective=head.effective,
        zone=zone,
        working=WorkingDays(calendars[head.calendar]()),
        remind=reminders(head.remind),
        title=read_title(head.title),
        source=read_title(head.source),
        tiers=tiers,
        areas=areas,
        bodies=bodies,
        body_kinds=kinds,
        facts=facts,
        tables=tables,
        workflows={one.workflow: _EMPTY for one, _ in written if not one.abstract},
        intake=Intake(**head.intake.model_dump(exclude={"refuses", "entitlements"})),
        blockers={name: read_title(title) for name, title in head.blockers.items()},
        obligations={},
        properties=(),
        derived=sections.derived(facts, written_parts),
        parts=Parts(),
        digest=hashlib.sha256(dumps(normal).encode()).hexdigest(),
        files=dict(files),
    )
    policy.workflows.update(_workflows(written, policy))  # type: ignore[attr-defined]
    for spec in tables.values():
        if spec.written.file and spec.written.file not in files:
            raise bad_value(spec.document, ("tables", spec.name, "file"), "there is no such file", "没有此文件")
        policy.table(spec.name)
    _check_intake(policy, head_document, head.intake.entitlements)
    for workflow in policy.workflows.values():
        for way in workflow.transitions:
            for name in way.tables:
                _only_facts(policy, name, Where(way.file, way.line))
    policy = replace(
        policy,
        intake=replace(
            policy.intake,
            entitlements=tuple(head.intake.entitlements),
            refusals=tuple(_refusals(head, head_document, policy)),
        ),
        obligations={one.name: one for one in _obligations(head, head_document, policy)},
        properties=tuple(_properties(head, head_document, policy)),
    )
    venues = (files["venues.csv"], shown_as + "venues.csv") if "venues.csv" in files else None
    return replace(policy, parts=sections.read_parts(written_parts, venues, policy))


def _decides(name: str) -> bool:
    """Whether a file of the policy decides anything: examples and the sample's recipe do not."""
    return not name.startswith("examples/") and name != "sample.yaml"


_EMPTY = Workflow("", Title("", ""), {}, {}, (), {}, {})


def _children(pairs: Iterable[tuple[str, str | None]]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for id, parent in pairs:
        if parent:
            children.setdefault(parent, []).append(id)
    return children


def _below(top: str, children: Mapping[str, list[str]]) -> frozenset[str]:
    found, waiting = set(), [top]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += children.get(one, [])
    return frozenset(found)


# --- areas and bodies ------------------------------------------------------------------------------------------------

_AREA_COLUMNS = ["code", "key", "tier", "parent", "zh", "en"]


def _areas(text: str, file: str, tiers: Mapping[str, Title]) -> dict[str, Area]:
    rows = read_csv(text, file)
    if not rows or rows[0][1] != _AREA_COLUMNS:
        raise BadFile(where=Where(file, 1), reason=f"its first line must be {','.join(_AREA_COLUMNS)}")
    areas: dict[str, Area] = {}
    lines: dict[str, int] = {}
    keys: set[str] = set()
    order = list(tiers)
    for line, cells in rows[1:]:
        where = Where(file, line)
        if len(cells) != len(_AREA_COLUMNS):
            raise BadFile(where=where, reason=f"it has {len(cells)} cells instead of {len(_AREA_COLUMNS)}")
        code, key, tier, parent, zh, en = cells
        for name, taken in ((code, code in areas), (key, key in keys)):
            if taken:
                raise DuplicateKey(where=where, key=name)
        if tier not in tiers:
            raise UnknownName(where=where, kind_en="tier", kind_zh="层级", name=tier, known=order)
        areas[code] = Area(code, key, tier, parent or None, Title(zh, en))
        lines[code] = line
        keys.add(key)
    for area in areas.values():
        if area.parent and area.parent not in areas:
            raise UnknownName(
                where=Where(file, lines[area.code]),
                kind_en="area",
                kind_zh="区域",
                name=area.parent,
                known=nearest(area.parent, list(areas)),
            )
        if area.parent and order.index(areas[area.parent].tier) >= order.index(area.tier):
            raise BadTree(
                where=Where(file, lines[area.code]),
                name=area.key,
                reason_en="its parent is of no higher tier",
                reason_zh="其上级的层级不高于它",
            )
    return areas


def _bodies(
    document: Document, areas: Mapping[str, Area], tiers: Mapping[str, Title]
) -> tuple[dict[str, Body], dict[str, Title]]:
    written = f.validate(document, f.BodiesFile)
    kinds = {name: read_title(title) for name, title in written.kinds.items()}
    by_key = {area.key: area for area in areas.values()}
    bodies: dict[str, Body] = {}
    places: dict[str, tuple[str | int, ...]] = {}
    for i, one in enumerate(written.bodies):
        place = ("bodies", i)
        if one.kind not in kinds:
            raise UnknownName(
                where=document.where((*place, "kind")),
                kind_en="kind of body",
                kind_zh="机构种类",
                name=one.kind,
                known=sorted(kinds),
            )
        for body in _expand(one, document, place, areas, by_key, tiers):
            if body.id in bodies:
                raise DuplicateKey(where=document.where((*place, "id")), key=body.id)
            bodies[body.id], places[body.id] = body, place
    for body in bodies.values():
        for key, named in (("parent", body.parent), ("succeeded_by", body.succeeded_by)):
            if named and named not in bodies:
                raise UnknownName(
                    where=document.where((*places[body.id], key)),
                    kind_en="body",
                    kind_zh="机构",
                    name=named,
                    known=nearest(named, list(bodies)),
                )
    _reach_top(bodies, document, places)
    return bodies, kinds


def _expand(
    one: f.BodyFile,
    document: Document,
    place: tuple[str | int, ...],
    areas: Mapping[str, Area],
    by_key: Mapping[str, Area],
    tiers: Mapping[str, Title],
) -> Iterable[Body]:
    if one.each is None:
        area = areas.get(one.area or "") or by_key.get(one.area or "")
        if area is None:
            raise UnknownName(
                where=document.where((*place, "area")),
                kind_en="area",
                kind_zh="区域",
                name=one.area or "",
                known=nearest(one.area or "", list(by_key)),
            )
        chosen = [area]
    elif one.each in tiers:
        chosen = [area for area in areas.values() if area.tier == one.each and area.key not in one.except_]
    else:
        raise UnknownName(
            where=document.where((*place, "each")), kind_en="tier", kind_zh="层级", name=one.each, known=list(tiers)
        )
    for area in chosen:
        around: dict[str, Area] = {}
        at: Area | None = area
        while at is not None:
            around[at.tier] = at
            at = areas.get(at.parent) if at.parent else None
        keys = {tier: found.key for tier, found in around.items()}
        titles = {tier: found.title for tier, found in around.items()}

        def fill(text: str | None, keys: Mapping[str, str] = keys) -> str | None:
            return _HOLE.sub(lambda hole: keys.get(hole[1], hole[0]), text) if text else None

        yield Body(
            id=fill(one.id) or "",
            tier=one.tier or area.tier,
            area=area.code,
            parent=fill(one.parent),
            title=read_title(one.title).fill(**titles),
            kind=one.kind,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            succeeded_by=fill(one.succeeded_by),
        )


def _reach_top(bodies: Mapping[str, Body], document: Document, places: Mapping[str, tuple[str | int, ...]]) -> None:
    tops = [body.id for body in bodies.values() if body.parent is None]
    for body in bodies.values():
        seen = {body.id}
        at = body
        while at.parent is not None:
            at = bodies[at.parent]
            if at.id in seen:
                raise BadTree(
                    where=document.where(places[body.id]),
                    name=body.id,
                    reason_en="its superiors go round in a circle",
                    reason_zh="上级关系成环",
                )
            seen.add(at.id)
        if at.id != tops[0]:
            raise BadTree(
                where=document.where(places[at.id]),
                name=at.id,
                reason_en=f"'{tops[0]}' is the top already",
                reason_zh=f"“{tops[0]}” 已是顶层",
            )


# --- facts and tables ------------------------------------------------------------------------------------------------


def _facts(head: f.PolicyFile, document: Document, tiers: Mapping[str, Title]) -> dict[str, FactSpec]:
    facts = {}
    for name, one in head.facts.items():
        if name in tiers or name in ("type", "any"):
            raise bad_value(document, ("facts", name), "is a name that the engine itself gives", "是引擎自用的名称")
        if (one.type == "enumeration") != bool(one.values):
            raise bad_value(
                document,
                ("facts", name),
                "an enumeration, and only that, needs values",
                "枚举（且仅枚举）需要 values",
            )
        titles = {value: read_title(title) for value, title in one.values.items()}
        kind = Kind(one.type, tuple(titles))
        facts[name] = FactSpec(name, read_title(one.title), kind, titles, one.minimum, one.maximum, one.nullable)
    return facts


def _compile(policy: Policy, spec: TableSpec) -> DecisionTable:
    written, document = spec.written, spec.document
    place = ("tables", spec.name)
    if written.file is not None:
        header, rows, file = _csv_rows(policy, spec)
    else:
        file = document.file
        header = written.inputs or list(dict.fromkeys(fact for row in written.rows for fact in row.when))
        rows = [
            (i + 1, document.where((*place, "rows", i)), row.when, row.then, row.note, (*place, "rows", i))
            for i, row in enumerate(written.rows)
        ]
    for name in header:
        if name not in policy.asked:
            raise UnknownFact(
                where=Where(file, 1) if written.file else document.where(place), fact=name, known=sorted(policy.asked)
            )
    for kind in written.outputs.values():
        if kind not in policy.facts and kind not in _OUTPUTS:
            known = [*_OUTPUTS, *policy.facts]
            where = document.where((*place, "outputs"))
            raise UnknownName(where=where, kind_en="type of output", kind_zh="输出类型", name=kind, known=known)
    compiled = []
    for number, where, when, then, note, _ in rows:
        tests = []
        for name in when:
            if name not in header:
                raise UnknownFact(where=where, fact=name, known=header)
        for name in header:
            try:
                tests.append(parse_test(when.get(name, "-"), policy.asked[name], name))
            except BadTest as error:
                raise error.at(Where(where.file, where.line, number, name)) from error
        outputs = []
        for name, kind in written.outputs.items():
            if name not in then:
                raise BadTable(
                    where=where,
                    table=spec.name,
                    reason_en=f"row {number} gives no {name}",
                    reason_zh=f"第 {number} 行没有 {name}",
                )
            try:
                outputs.append(_output(policy, then[name], kind))
            except GuikouError as error:
                raise located(error, name, Where(where.file, where.line, number, f"->{name}")) from error
            except ValueError as error:
                raise BadTable(
                    where=Where(where.file, where.line, number, f"->{name}"),
                    table=spec.name,
                    reason_en=f"'{then[name]}' is no {kind}",
                    reason_zh=f"“{then[name]}” 不是 {kind}",
                ) from error
        for name in then:
            if name not in written.outputs:
                raise UnknownName(where=where, kind_en="output", kind_zh="输出", name=name, known=list(written.outputs))
        compiled.append(Row(number, tuple(tests), tuple(outputs), where.line, note))
    try:
        return DecisionTable(
            spec.name,
            written.hit,
            [(name, policy.asked[name]) for name in header],
            list(written.outputs),
            compiled,
            written.priorities,
            file,
        )
    except ValueError as error:
        raise BadTable(
            where=document.where(place), table=spec.name, reason_en=str(error), reason_zh=str(error)
        ) from error


_RowRead = tuple[int, Where, Mapping[str, Any], Mapping[str, Any], str, tuple[str | int, ...]]


def _csv_rows(policy: Policy, spec: TableSpec) -> tuple[list[str], list[_RowRead], str]:
    """A table's CSV: `hit`, then inputs, then outputs after `->`, then columns of notes that begin with `#`."""
    name = str(spec.written.file)
    folder = spec.document.file.removesuffix("tables.yaml")
    file = folder + name
    lines = read_csv(policy.files.get(name, ""), file)
    if not lines:
        raise BadFile(where=Where(file), reason="it is empty")
    header = lines[0][1]
    if header[0] != "hit":
        raise BadTable(
            where=Where(file, 1, column=header[0]),
            table=spec.name,
            reason_en="its first column must be 'hit'",
            reason_zh="第一列应为 “hit”",
        )
    inputs = [cell for cell in header[1:] if not cell.startswith(("->", "#"))]
    given = [cell.removeprefix("->") for cell in header if cell.startswith("->")]
    if given != list(spec.written.outputs):
        raise BadTable(
            where=Where(file, 1),
            table=spec.name,
            reason_en=f"its outputs are {given}, declared are {list(spec.written.outputs)}",
            reason_zh=f"输出列为 {given}，声明的是 {list(spec.written.outputs)}",
        )
    rows: list[_RowRead] = []
    for number, (line, cells) in enumerate(lines[1:], start=1):
        where = Where(file, line)
        if len(cells) != len(header):
            raise BadTable(
                where=Where(file, line, number),
                table=spec.name,
                reason_en=f"it has {len(cells)} cells instead of {len(header)}; put quotes around a cell with a comma",
                reason_zh=f"有 {len(cells)} 个单元格，应为 {len(header)}；含逗号的单元格请加引号",
            )
        if cells[0] not in ("", spec.written.hit):
            raise BadTable(
                where=Where(file, line, number, "hit"),
                table=spec.name,
                reason_en=f"the hit policy is {spec.written.hit}, not '{cells[0]}'",
                reason_zh=f"命中策略是 {spec.written.hit}，不是 “{cells[0]}”",
            )
        by_column = dict(zip(header, cells, strict=True))
        rows.append(
            (
                number,
                where,
                {column: by_column[column] for column in inputs},
                {column: by_column["->" + column] for column in given},
                " ".join(cell for column, cell in by_column.items() if column.startswith("#")),
                (),
            )
        )
    return inputs, rows, file


_OUTPUTS = ("body", "workflow", "state", "integer", "decimal", "boolean", "string", "date")


def _output(policy: Policy, written: Any, kind: str) -> Any:
    """An output's value: of a declared fact's type, or a body (a template), a workflow, a state, a number or text."""
    if kind in policy.facts:
        spec = policy.facts[kind]
        return spec.check(spec.read(written) if isinstance(written, str) else written)
    if kind == "body":
        if written in _NONE:
            return None
        text = str(written)
        for hole in _HOLE.findall(text):
            if hole not in policy.tiers and not (hole in policy.facts and policy.facts[hole].kind.name == "body"):
                raise UnknownName(
                    kind_en="tier or body fact", kind_zh="层级或机构事实", name=hole, known=list(policy.tiers)
                )
        if not _HOLE.search(text) and text not in policy.bodies:
            raise UnknownName(kind_en="body", kind_zh="机构", name=text, known=nearest(text, list(policy.bodies)))
        return text
    if kind == "workflow":
        if written not in policy.workflows:
            raise UnknownName(kind_en="workflow", kind_zh="流程", name=written, known=sorted(policy.workflows))
        return written
    if kind == "state":
        known = {name for one in policy.workflows.values() for name in (*one.states, *one.stages)}
        if written not in known:
            raise UnknownName(kind_en="state", kind_zh="环节", name=written, known=sorted(known))
        return written
    return Kind(kind).read(written) if isinstance(written, str) else written


def _only_facts(policy: Policy, table: str, where: Where) -> None:
    """What is derived changes by itself: only gates, supports and indicators may ask for it. Raises UnknownFact."""
    for name, _ in policy.table(table).inputs:
        if name not in policy.kinds:
            raise UnknownFact(where=where, fact=name, known=sorted(policy.kinds))


def _check_intake(policy: Policy, document: Document, entitlements: Sequence[str]) -> None:
    wanted = {"type": "workflow", "responsible": "body", "entry": "state", "hub": "body", "priority": "integer"}
    for key, kind in wanted.items():
        name = getattr(policy.intake, key)
        if name is None:
            continue
        where = document.where(("intake", key))
        if name not in policy.tables:
            raise UnknownName(where=where, kind_en="table", kind_zh="表", name=name, known=sorted(policy.tables))
        _only_facts(policy, name, where)
        outputs = policy.tables[name].written.outputs
        if list(outputs.values()) != [kind] or policy.table(name).collects:
            raise bad_value(
                document,
                ("intake", key),
                f"needs a table with one output of type {kind}",
                f"需要只有一个 {kind} 输出的表",
            )
    for name in entitlements:
        if name not in policy.tables:
            where = document.where(("intake", "entitlements"))
            raise UnknownName(where=where, kind_en="table", kind_zh="表", name=name, known=sorted(policy.tables))
    weight = policy.intake.weight
    if weight is not None and (weight not in policy.facts or policy.facts[weight].kind.name != "integer"):
        raise bad_value(document, ("intake", "weight"), "must be an integer fact", "应为整数事实")


def _refusals(head: f.PolicyFile, document: Document, policy: Policy) -> Iterable[Refusal]:
    for i, one in enumerate(head.intake.refuses):
        place = ("intake", "refuses", i)
        when = read_condition(one.when, document, (*place, "when"), policy)
        own = sorted(name for name in when.facts if name == "type" or name in CASE_FACTS)
        if own:
            raise bad_value(document, (*place, "when", own[0]), "is not known yet at intake", "在受理时尚不可知")
        yield Refusal(when, read_title(one.because), document.where(place))


def _properties(head: f.PolicyFile, document: Document, policy: Policy) -> Iterable[Property]:
    for i, one in enumerate(head.properties):
        place = ("properties", i)
        if (one.never is None) == (one.always_within is None):
            raise bad_value(
                document, place, "needs either 'never' or 'always_within'", "需要 never 或 always_within 之一"
            )
        for name in one.workflows:
            if name not in policy.workflows:
                where = document.where((*place, "workflows"))
                raise UnknownName(
                    where=where, kind_en="workflow", kind_zh="流程", name=name, known=sorted(policy.workflows)
                )
        chosen = tuple(one.workflows) or tuple(policy.workflows)
        said = one.never or one.always_within
        assert said is not None
        key = "never" if one.never else "always_within"
        known = {
            name
            for workflow in chosen
            for name in (*policy.workflows[workflow].stages, *policy.workflows[workflow].states)
        }
        if said.stage not in known:
            where = document.where((*place, key, "stage"))
            raise UnknownName(where=where, kind_en="state", kind_zh="环节", name=said.stage, known=sorted(known))
        when = read_condition(one.never.when, document, (*place, "never", "when"), policy) if one.never else Condition()
        within = (
            read_period(one.always_within.within, document, (*place, "always_within", "within"))
            if one.always_within
            else None
        )
        yield Property(read_title(one.title), chosen, said.stage, when, within, document.where(place))


# --- workflows -------------------------------------------------------------------------------------------------------

_Written = tuple[f.WorkflowFile, Document]


def _workflows(written: Sequence[_Written], policy: Policy) -> dict[str, Workflow]:
    by_name: dict[str, _Written] = {}
    for one, document in written:
        if one.workflow in by_name:
            raise DuplicateKey(where=document.where(("workflow",)), key=one.workflow)
        by_name[one.workflow] = (one, document)
    return {one.workflow: _workflow(one, document, by_name, policy) for one, document in written if not one.abstract}


def _lineage(one: f.WorkflowFile, document: Document, by_name: Mapping[str, _Written]) -> list[_Written]:
    """The workflow and what it extends, the most general first."""
    lineage = [(one, document)]
    while one.extends:
        if one.extends not in by_name or any(one.extends == other.workflow for other, _ in lineage):
            raise UnknownName(
                where=document.where(("extends",)),
                kind_en="other workflow",
                kind_zh="其他流程",
                name=one.extends,
                known=sorted(set(by_name) - {other.workflow for other, _ in lineage}),
            )
        one, document = by_name[one.extends]
        lineage.insert(0, (one, document))
    return lineage


def _workflow(one: f.WorkflowFile, document: Document, by_name: Mapping[str, _Written], policy: Policy) -> Workflow:
    stages: dict[str, Stage] = {}
    states: dict[str, State] = {}
    triggers: dict[str, Title] = {}
    evidence: dict[str, Title] = {}
    transitions: list[tuple[f.TransitionFile, Document, int]] = []
    tiers: tuple[str, ...] = ()
    after: dict[str, tuple[str, ...]] = {}
    lines: dict[str, Where] = {}
    for part, source in _lineage(one, document, by_name):
        for name, stage in part.stages.items():
            for gone in stages[name].states if name in stages else ():
                del states[gone]
            place: tuple[str | int, ...] = ("stages", name)
            due = _due(stage.due, source, (*place, "due"), policy)
            lines[name] = source.where(place)
            steps: dict[str, f.StepFile | None] = {f"{name}.{step}": written for step, written in stage.steps.items()}
            steps = steps or {name: None}
            stages[name] = Stage(name, read_title(stage.title), due, tuple(steps), stage.rests, stage.continued)
            for state, step in steps.items():
                at = (*place, "steps", state.partition(".")[2]) if step else place
                step_due = _due(step.due, source, (*at, "due"), policy, due) if step else None
                awaits = read_condition((step or stage).awaits, source, (*at, "awaits"), policy)
                lines[state] = source.where(at)
                title = read_title(step.title if step else stage.title)
                states[state] = State(state, title, name, step_due, stage.final, awaits, lines[state].line)
        triggers |= {name: read_title(title) for name, title in part.triggers.items()}
        evidence |= {name: read_title(title) for name, title in part.evidence.items()}
        for name, spec in part.evidence.items():
            after[name] = tuple(spec.after)
            lines[f"evidence {name}"] = source.where(("evidence", name))
        for name in part.triggers:
            lines[f"trigger {name}"] = source.where(("triggers", name))
        tiers = tuple(part.tiers) or tiers
        for tier in part.tiers:
            if tier not in policy.tiers:
                raise UnknownName(
                    where=source.where(("tiers",)), kind_en="tier", kind_zh="层级", name=tier, known=list(policy.tiers)
                )
        transitions = _overridden(transitions, [(one, source, i) for i, one in enumerate(part.transitions)])
    if not states:
        raise bad_value(document, ("workflow",), "has no stages", "没有阶段")
    for name, needed in after.items():
        for trigger in needed:
            if trigger not in triggers:
                raise UnknownName(
                    where=lines[f"evidence {name}"],
                    kind_en="trigger",
                    kind_zh="动作",
                    name=trigger,
                    known=nearest(trigger, list(triggers)),
                )
    for name in [*stages, *states]:
        start = (stages[name] if name in stages else states[name]).due
        if start is not None and start.start is not None and start.start not in triggers:
            fact = policy.facts.get(start.start)
            if fact is None or fact.kind.name != "date":
                known = [*triggers, *(key for key, spec in policy.facts.items() if spec.kind.name == "date")]
                raise UnknownName(
                    where=lines[name],
                    kind_en="trigger or date fact",
                    kind_zh="动作或日期事实",
                    name=start.start,
                    known=nearest(start.start, known),
                )
    workflow = Workflow(one.workflow, read_title(one.title), stages, states, (), triggers, evidence, tiers, after)
    workflow = replace(workflow, files=(document.file,), lines=lines)
    resolved = [
        found for written, source, i in transitions for found in _transitions(written, source, i, workflow, policy)
    ]
    return replace(workflow, transitions=tuple(resolved))


_WrittenWay = tuple[f.TransitionFile, Document, int]


def _overridden(inherited: Sequence[_WrittenWay], own: Sequence[_WrittenWay]) -> list[_WrittenWay]:
    """What a workflow says of a trigger stands where what it inherits said it (the first way on is the next step that
    listings show); triggers of its own come last."""
    by_trigger: dict[str, list[_WrittenWay]] = {}
    for way in own:
        by_trigger.setdefault(way[0].trigger, []).append(way)
    found: list[_WrittenWay] = []
    told: set[str] = set()
    for way in [*inherited, *own]:
        trigger = way[0].trigger
        if trigger not in by_trigger:
            found.append(way)
        elif trigger not in told:
            told.add(trigger)
            found += by_trigger[trigger]
    return found


def _due(
    written: f.DueFile | None,
    document: Document,
    place: tuple[str | int, ...],
    policy: Policy,
    stage: Deadline | None = None,
) -> Deadline | None:
    """A deadline as validated; a step's that does not say what comes `then` is escalated as its stage's is."""
    if written is None:
        return None
    if (written.within is None) == (written.by is None):
        raise bad_value(document, place, "needs either 'within' or 'by'", "需要 within 或 by 之一")
    if written.by is not None and written.from_ is not None:
        raise bad_value(document, (*place, "from"), "goes with 'within' only", "只能与 within 同用")
    escalates, grace = read_escalation(written, document, place)
    if stage is not None and not escalates:
        escalates, grace = stage.escalates, stage.grace
    try:
        by = YearDay.parse(written.by) if written.by is not None else None
    except BadValue as error:
        raise error.at(document.where((*place, "by"))) from error
    return Deadline(
        within=read_period(written.within, document, (*place, "within")) if written.within is not None else None,
        by=by,
        start=written.from_,
        remind=policy.remind if written.remind is None else reminders(written.remind),
        escalates=escalates,
        grace=grace,
    )


def _transitions(
    written: f.TransitionFile, document: Document, i: int, workflow: Workflow, policy: Policy
) -> Iterable[Transition]:
    place = ("transitions", i)

    def known(key: str, kinds: tuple[str, str], names: Iterable[str], among: Iterable[str]) -> None:
        allowed = list(among)
        for name in names:
            if name not in allowed:
                raise UnknownName(
                    where=document.where((*place, key)),
                    kind_en=kinds[0],
                    kind_zh=kinds[1],
                    name=name,
                    known=allowed if len(allowed) < 40 else nearest(name, allowed),
                )

    every = [*workflow.stages, *workflow.states]
    known("trigger", ("title of a trigger", "动作标题"), [written.trigger], workflow.triggers)
    known("from", ("state", "环节"), written.from_, every)
    known("to", ("state", "环节"), [written.to], [*every, SAME, ORIGIN])
    known("evidence", ("title of evidence", "材料标题"), written.evidence, workflow.evidence)
    known("tables", ("table", "表"), written.tables, policy.tables)
    known("by", ("role or body", "角色或机构"), written.by, [*ROLES, *policy.bodies])
    try:
        when = parse_condition(written.when, policy.kinds)
    except GuikouError as error:
        raise error.at(document.where((*place, "when", *named_fact(error)))) from error
    sets = read_sets(written.sets, document, (*place, "sets"), policy)
    own = sorted(set(ENGINE) & set(written.by))
    if (written.automatic or own) and (written.evidence or written.reason or written.to == SAME):
        raise bad_value(
            document,
            (*place, "automatic" if written.automatic else "by"),
            "is fired by the engine itself: it can ask for no evidence and no reason, and must lead to another state",
            "由系统触发：不得要求材料或理由，且须进入另一环节",
        )
    if written.suspend and written.resume:
        raise bad_value(document, (*place, "resume"), "can't be where 'suspend' is", "不能与 suspend 同时使用")
    if written.suspend and written.to != SAME:
        raise bad_value(document, (*place, "suspend"), "needs 'to: same'", "需要 to: same")
    for table in written.tables:
        unknown = [name for name in policy.tables[table].written.outputs if name not in policy.facts]
        if unknown:
            raise UnknownFact(where=document.where((*place, "tables")), fact=unknown[0], known=sorted(policy.facts))
    sources = [
        state
        for name in written.from_
        for state in (workflow.stages[name].states if name in workflow.stages else (name,))
    ]
    dest = written.to if written.to in (SAME, ORIGIN) else str(workflow.state_of(written.to))
    for state in dict.fromkeys(sources):
        yield Transition(
            trigger=written.trigger,
            source=state,
            dest=dest,
            when=when,
            by=(SWEEP,) if written.automatic and "by" not in written.model_fields_set else tuple(written.by),
            evidence=tuple(written.evidence),
            sets=sets,
            tables=tuple(written.tables),
            escalate=written.escalate,
            extend=read_period(written.extend, document, (*place, "extend")) if written.extend else None,
            file=document.file,
            line=document.where(place).line,
            note=written.note,
            suspend=written.suspend,
            resume=written.resume,
            reason=written.reason,
            automatic=written.automatic,
        )


# --- obligations -----------------------------------------------------------------------------------------------------


def _obligations(head: f.PolicyFile, document: Document, policy: Policy) -> Iterable[Obligation]:
    triggers = {
        one.trigger for workflow in policy.workflows.values() for one in workflow.transitions if SWEEP in one.by
    }
    for name, one in head.obligations.items():
        place: tuple[str | int, ...] = ("obligations", name)
        if sum(written is not None for written in (one.rule, one.every, one.within)) != 1:
            raise bad_value(document, place, "needs one of 'rule', 'every', 'within'", "需要 rule、every、within 之一")
        if one.within is not None and (one.since or one.opens or one.start):
            raise bad_value(document, (*place, "within"), "runs from when it is laid on", "自产生之日起算")
        if one.until and one.within is None:
            raise bad_value(document, (*place, "until"), "goes with 'within' only", "只能与 within 同用")
        if one.every is not None and not one.since:
            raise bad_value(document, place, "'every' needs 'since'", "every 需要 since")
        if one.not_before is not None and (one.rule is None or not one.since):
            raise bad_value(document, (*place, "not_before"), "needs 'rule' and 'since'", "需要 rule 和 since")
        start = one.start or policy.effective.replace(month=1, day=1)
        if one.rule is not None:
            try:
                if read_rule(one.rule, start).after(datetime.combine(start, time()), inc=True) is None:
                    raise ValueError("its day never comes")
            except (ValueError, TypeError, KeyError, IndexError, OverflowError, AssertionError) as error:
                raise bad_value(document, (*place, "rule"), f"is no rule: {error}", f"不是重复规则：{error}") from error
        for fact in one.since:
            if fact != OPENED and (fact not in policy.facts or policy.facts[fact].kind.name != "date"):
                where = document.where((*place, "since"))
                dates = [OPENED, *(key for key, spec in policy.facts.items() if spec.kind.name == "date")]
                raise UnknownName(where=where, kind_en="date fact", kind_zh="日期事实", name=fact, known=dates)
        named = [("by", one.by)] + ([("postpone", one.postpone.by)] if one.postpone else [])
        for key, roles in named:
            for role in roles:
                if role not in ROLES and role not in policy.bodies:
                    where = document.where((*place, key))
                    known = [*ROLES, *nearest(role, list(policy.bodies))]
                    raise UnknownName(where=where, kind_en="role or body", kind_zh="角色或机构", name=role, known=known)
        when = read_condition(one.when, document, (*place, "when"), policy)
        own = sorted(when.facts & CASE_FACTS.keys())
        if own:
            raise bad_value(document, (*place, "when", own[0]), "changes by itself", "会自行变化，不能用作条件")
        if one.missed is not None and one.missed.fire is not None and one.missed.fire not in triggers:
            raise UnknownName(
                where=document.where((*place, "missed", "fire")),
                kind_en="trigger of the sweep",
                kind_zh="由系统巡检触发的动作",
                name=one.missed.fire,
                known=sorted(triggers),
            )
        escalates, grace = read_escalation(one, document, place)
        remind = policy.remind if one.remind is None else reminders(one.remind)
        every = read_optional(one.every, document, (*place, "every"))
        if every is not None and every.unit == "working day":
            raise bad_value(
                document, (*place, "every"), "recurs by the calendar, not by working days", "应按日历周期，不按工作日"
            )
        first = max(remind, default=0)
        opens = read_optional(one.opens, document, (*place, "opens")) or Period(first + 1, "day")
        until = read_condition(one.until, document, (*place, "until"), policy)
        if opens.least <= first:
            raise bad_value(
                document,
                (*place, "opens"),
                f"must be longer than the first reminder, {first} days before",
                f"应长于首次提醒的 {first} 天",
            )
        yield Obligation(
            name=name,
            title=read_title(one.title),
            when=when,
            rule=one.rule,
            start=start,
            every=every,
            since=tuple(one.since),
            not_before=read_optional(one.not_before, document, (*place, "not_before")),
            opens=opens,
            by=tuple(one.by),
            evidence={key: read_title(title) for key, title in one.evidence.items()},
            outcomes={
                key: Outcome(
                    read_title(outcome.title),
                    read_sets(outcome.sets, document, (*place, "outcomes", key, "sets"), policy),
                )
                for key, outcome in one.outcomes.items()
            },
            postponement=Postponement(
                read_period(one.postpone.within, document, (*place, "postpone", "within")),
                one.postpone.times,
                tuple(one.postpone.by),
                {key: read_title(title) for key, title in one.postpone.evidence.items()},
            )
            if one.postpone
            else None,
            missed=Missed(
                read_period(one.missed.after, document, (*place, "missed", "after")),
                one.missed.fire,
                read_sets(one.missed.sets, document, (*place, "missed", "sets"), policy),
            )
            if one.missed
            else None,
            where=document.where(place),
            remind=remind,
            escalates=escalates,
            grace=grace,
            note=one.note,
            within=read_optional(one.within, document, (*place, "within")),
            until=until,
        )
