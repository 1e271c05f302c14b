"""Reads a policy's records, gates, groups, support and indicators, from records.yaml, gates.yaml and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from . import files as f
from .calendar import YearDay
from .case import Area, Title
from .conditions import Condition, Kind, parse_condition, parse_test
from .documents import Document, read_csv
from .errors import BadFile, BadTest, BadValue, DuplicateKey, GuikouError, UnknownName, Where
from .obligations import Obligation, Outcome
from .parts import (
    Effect,
    Figure,
    Gate,
    Ground,
    GroupKind,
    Indicator,
    InStep,
    Parts,
    RecordKind,
    Scorecard,
    Section,
    Support,
    Told,
    Venue,
)
from .reading import Place, Vocabulary, bad_value, named_fact, nearest, read_optional, read_sets, read_title
from .tables import DecisionTable
from .workflow import GATE, GROUP, ROLES, Workflow

#: The files that may have these sections.
FILES = ("records.yaml", "gates.yaml", "groups.yaml", "support.yaml", "indicators.yaml")
#: What an event can be, for the indicators that count them.
EVENT_KINDS = (
    "opened", "advanced", "reported", "rerouted", "blocked", "unblocked", "scheduled", "duty_opened", "reminded",
    "overdue", "escalated", "met", "missed", "postponed", "recounted", "asked", "told", "recorded", "struck", "joined",
    "left", "member_joined", "member_left", "continued",
)  # fmt: skip


class Known(Vocabulary, Protocol):
    """What the sections of a policy may name."""

    @property
    def asked(self) -> Mapping[str, Kind]: ...
    @property
    def tables(self) -> Mapping[str, Any]: ...
    @property
    def workflows(self) -> Mapping[str, Workflow]: ...
    @property
    def obligations(self) -> Mapping[str, Obligation]: ...
    @property
    def bodies(self) -> Mapping[str, Any]: ...
    @property
    def body_kinds(self) -> Mapping[str, Any]: ...
    @property
    def areas(self) -> Mapping[str, Area]: ...
    @property
    def tiers(self) -> Mapping[str, Any]: ...
    @property
    def blockers(self) -> Mapping[str, Any]: ...
    @property
    def entitlements(self) -> Sequence[str]: ...
    def table(self, name: str) -> DecisionTable: ...


def derived(facts: Mapping[str, Any], parts: Sequence[tuple[f.PartsFile, Document]]) -> dict[str, Kind]:
    """What gates, supports and indicators may ask besides: the months since a day that a fact says or since something
    was recorded last (null: it never was), how often it was within the year, membership of a kind of group."""
    months = [name for name, spec in facts.items() if spec.kind.name == "date"]
    records = [name for part, _ in parts for name in part.records]
    return {
        **{f"{name}.months": Kind("integer") for name in [*months, *records]},
        **{f"{name}.this_year": Kind("integer") for name in records},
        **{f"member.{name}": Kind("boolean") for part, _ in parts for name in part.groups},
    }


def read_parts(parts: Sequence[tuple[f.PartsFile, Document]], venues: tuple[str, str] | None, policy: Known) -> Parts:
    """All sections, with their names resolved. `venues` is the text of venues.csv with its name. Raises PolicyError."""
    reader = _Reader(policy, parts)
    return Parts(
        records=reader.records,
        gates=reader.gates(),
        groups=reader.groups(),
        support=reader.support(),
        figures=reader.figures,
        indicators=reader.indicators(),
        scorecard=reader.scorecard(),
        venues=_venues(*venues, policy) if venues is not None else {},
    )


class _Reader:
    def __init__(self, policy: Known, parts: Sequence[tuple[f.PartsFile, Document]]) -> None:
        self.policy, self.parts = policy, parts
        self.records: dict[str, RecordKind] = {}
        for name, one, document, place in self.each("records"):
            self.records[name] = self.record(name, one, document, place)
        self.figures: dict[str, Figure] = {}
        for name, one, document, place in self.each("figures"):
            self.figures[name] = self.figure(name, one, document, place)

    def each(self, section: str) -> Iterable[tuple[str, Any, Document, Place]]:
        seen: set[str] = set()
        for part, document in self.parts:
            for name, one in getattr(part, section).items():
                if name in seen:
                    raise DuplicateKey(where=document.where((section, name)), key=name)
                seen.add(name)
                yield name, one, document, (section, name)

    # --- what several sections have ---

    def named(self, document: Document, place: Place, kind: tuple[str, str], names: Iterable[str], among: Any) -> None:
        known = list(among)
        for name in names:
            if name not in known:
                shown = known if len(known) < 40 else nearest(name, known)
                raise UnknownName(where=document.where(place), kind_en=kind[0], kind_zh=kind[1], name=name, known=shown)

    def when(
        self, written: Mapping[str, Any], document: Document, place: Place, kinds: Mapping[str, Kind] | None = None
    ) -> Condition:
        try:
            return parse_condition(written, kinds or self.policy.asked)
        except GuikouError as error:
            raise error.at(document.where((*place, *named_fact(error)))) from error

    def by(self, roles: Sequence[str], document: Document, place: Place) -> tuple[str, ...]:
        known = [*ROLES[:3], *self.policy.body_kinds, *self.policy.bodies]
        self.named(document, place, ("role, kind of body or body", "角色、机构种类或机构"), roles, known)
        return tuple(roles)

    def effect(self, written: Any, document: Document, place: Place, role: str | None) -> Effect:
        """What sets, meets and fires; a trigger must be one that `role` may fire."""
        meets = tuple(getattr(written, "meets", ()))
        self.named(document, (*place, "meets"), ("obligation", "义务"), meets, self.policy.obligations)
        fire = getattr(written, "fire", None)
        if fire is not None:
            fired = {
                one.trigger for flow in self.policy.workflows.values() for one in flow.transitions if role in one.by
            }
            self.named(
                document, (*place, "fire"), (f"trigger of '{role}'", f"由 {role} 触发的动作"), [fire], sorted(fired)
            )
        return Effect(read_sets(written.sets, document, (*place, "sets"), self.policy), meets, fire)

    # --- records ---

    def record(self, name: str, one: f.RecordFile, document: Document, place: Place) -> RecordKind:
        if name in self.policy.facts or name in self.policy.tiers:
            raise bad_value(document, place, "is the name of a fact already", "已是事实的名称")
        return RecordKind(
            name,
            read_title(one.title),
            self.when(one.when, document, (*place, "when")),
            self.by(one.by, document, (*place, "by")),
            one.amount,
            read_title(one.count) if one.count is not None else None,
            one.venue,
            {key: read_title(title) for key, title in one.evidence.items()},
            self.effect(one, document, place, None),
            document.where(place),
            one.note,
        )

    # --- gates ---

    def gates(self) -> dict[str, Gate]:
        return {name: self.gate(name, one, document, place) for name, one, document, place in self.each("gates")}

    def gate(self, name: str, one: f.GateFile, document: Document, place: Place) -> Gate:
        policy = self.policy
        self.named(document, (*place, "table"), ("table", "表"), [one.table], policy.tables)
        table = policy.table(one.table)
        if len(table.outputs) != 1 or table.hit != "C":
            raise bad_value(
                document,
                (*place, "table"),
                "needs a table that collects (hit: C), with one output",
                "需要单一输出的收集型（hit: C）表",
            )
        for row in table.rows:
            if row.outputs[0] not in one.grounds:
                where = Where(table.file, row.line, row.number, f"->{table.outputs[0]}")
                known = list(one.grounds)
                raise UnknownName(where=where, kind_en="ground", kind_zh="理由", name=row.outputs[0], known=known)
        self.named(document, (*place, "otherwise"), ("ground", "理由"), [one.otherwise], one.grounds)
        lasting = [key for key, spec in policy.obligations.items() if spec.within is not None]
        together = one.in_step.outcomes if one.in_step is not None else []
        self.named(document, (*place, "in_step", "outcomes"), ("outcome", "结果"), together, one.told)
        owed = [one.in_step.owes] if one.in_step is not None else []
        self.named(
            document, (*place, "in_step", "owes"), ("obligation with 'within'", "有 within 的义务"), owed, lasting
        )
        grounds = {}
        for key, ground in one.grounds.items():
            at = (*place, "grounds", key)
            if (ground.owes is not None) != (ground.answer == "conditional"):
                raise bad_value(
                    document,
                    at,
                    "'owes' goes with 'answer: conditional', and only with it",
                    "answer: conditional 须有 owes，且仅限于它",
                )
            owes = [ground.owes] if ground.owes is not None else []
            self.named(document, (*at, "owes"), ("obligation with 'within'", "有 within 的义务"), owes, lasting)
            self.named(document, (*at, "waives"), ("outcome told in step", "须同步的结果"), ground.waives, together)
            do = read_title(ground.do) if ground.do is not None else None
            grounds[key] = Ground(key, ground.answer, read_title(ground.title), do, ground.owes, tuple(ground.waives))
        for key, resolved in grounds.items():
            if together and set(resolved.waives) >= set(together):
                raise bad_value(
                    document, (*place, "grounds", key, "waives"), "leaves nothing to be told", "没有可回报的结果了"
                )
        return Gate(
            name,
            read_title(one.title),
            self.when(one.when, document, (*place, "when")),
            self.by(one.by, document, (*place, "by")),
            one.table,
            one.otherwise,
            grounds,
            {key: self.told(key, told, document, (*place, "told", key)) for key, told in one.told.items()},
            InStep(tuple(together), one.in_step.owes, self.effect(one.in_step, document, (*place, "in_step"), GATE))
            if one.in_step is not None
            else None,
            document.where(place),
            one.note,
        )

    def told(self, name: str, one: f.ToldFile, document: Document, place: Place) -> Told:
        values = {
            key: Outcome(
                read_title(value.title), read_sets(value.sets, document, (*place, "values", key, "sets"), self.policy)
            )
            for key, value in one.values.items()
        }
        return Told(
            name,
            read_title(one.title),
            self.by(one.by, document, (*place, "by")),
            {key: read_title(title) for key, title in one.evidence.items()},
            values,
            self.effect(one, document, place, GATE),
        )

    # --- groups ---

    def groups(self) -> dict[str, GroupKind]:
        return {name: self.group(name, one, document, place) for name, one, document, place in self.each("groups")}

    def group(self, name: str, one: f.GroupFile, document: Document, place: Place) -> GroupKind:
        policy = self.policy
        self.named(document, (*place, "of"), ("workflow", "流程"), [one.of], policy.workflows)
        also = [one.also] if one.also is not None else []
        whole = [key for key, spec in policy.facts.items() if spec.kind.name == "integer"]
        self.named(document, (*place, "also"), ("integer fact", "整数事实"), also, whole)
        if one.most is not None and one.most < one.least:
            raise bad_value(document, (*place, "most"), "is less than 'least'", "小于 least")
        dissolves = [one.dissolves] if one.dissolves is not None else []
        fired = sorted({way.trigger for way in policy.workflows[one.of].transitions if GROUP in way.by})
        self.named(document, (*place, "dissolves"), ("trigger of 'group'", "由 group 触发的动作"), dissolves, fired)
        return GroupKind(
            name,
            read_title(one.title),
            one.of,
            self.when(one.members, document, (*place, "members")),
            self.by(one.by, document, (*place, "by")),
            one.least,
            one.most,
            one.also,
            one.exclusive,
            {key: read_title(title) for key, title in one.evidence.items()},
            self.effect(one.joined, document, (*place, "joined"), GROUP),
            self.effect(one.left, document, (*place, "left"), GROUP),
            one.dissolves,
            document.where(place),
            one.note,
        )

    # --- support ---

    def support(self) -> dict[str, Support]:
        found = {}
        given = {
            str(row.outputs[0]): (table, row)
            for table in self.policy.entitlements
            for row in self.policy.table(table).rows
        }
        for name, one, document, place in self.each("support"):
            if name not in given:
                raise bad_value(document, place, "is given by no table of entitlements", "没有任何支持保障表给出此项")
            if one.amount is not None:
                whole = [key for key, spec in self.policy.facts.items() if spec.kind.name == "integer"]
                money = [key for key, record in self.records.items() if record.amount]
                known = [*whole, *money]
                kind = ("integer fact or record of money", "整数事实或金额记录")
                self.named(document, (*place, "amount", "of"), kind, [one.amount.of], known)
                if one.amount.rate != round(one.amount.rate, 2):
                    raise bad_value(document, (*place, "amount", "rate"), "must be in whole hundredths", "应精确到分")
                if one.paid is None:
                    raise bad_value(document, (*place, "amount"), "needs 'paid'", "需要 paid")
                self.named(document, (*place, "paid"), ("record of money", "金额记录"), [one.paid], money)
            if one.given is not None and one.amount is not None:
                raise bad_value(document, (*place, "given"), "can't be where 'amount' is", "不能与 amount 同时使用")
            try:
                at = YearDay.parse(one.at or "12-31")
            except BadValue as error:
                raise error.at(document.where((*place, "at"))) from error
            found[name] = Support(
                name,
                read_title(one.title),
                one.amount.rate if one.amount is not None else None,
                one.amount.of if one.amount is not None else None,
                at,
                one.paid,
                self.when(one.given, document, (*place, "given")) if one.given is not None else None,
                document.where(place),
                one.note,
            )
        return found

    # --- indicators ---

    def figure(self, name: str, one: f.FigureFile, document: Document, place: Place) -> Figure:
        by_key = {area.key: code for code, area in self.policy.areas.items()}
        self.named(document, (*place, "values"), ("area", "区域"), one.values, by_key)
        values = {by_key[key]: dict(years) for key, years in one.values.items()}
        return Figure(name, read_title(one.title), read_title(one.source), values)

    def dimensions(self) -> list[str]:
        """What cases can be grouped by."""
        grouped = ("enumeration", "boolean", "body")
        facts = [name for name, spec in self.policy.facts.items() if spec.kind.name in grouped]
        return ["type", "stage", "responsible", "hub", *self.policy.tiers, *facts]

    def events(self) -> dict[str, Kind]:
        """Everything that an indicator may ask of an event."""
        policy = self.policy
        flows = policy.workflows.values()
        stages = tuple(dict.fromkeys(stage for flow in flows for stage in flow.stages))
        triggers = tuple(dict.fromkeys(trigger for flow in flows for trigger in flow.triggers))

        def names(section: str) -> tuple[str, ...]:
            return tuple(name for part, _ in self.parts for name in getattr(part, section))

        return {
            **policy.asked,
            "event.kind": Kind("enumeration", EVENT_KINDS),
            "event.trigger": Kind("enumeration", triggers),
            "event.into": Kind("enumeration", stages),
            "event.out_of": Kind("enumeration", stages),
            "event.obligation": Kind("enumeration", tuple(policy.obligations)),
            "event.outcome": Kind("string"),
            "event.gate": Kind("enumeration", names("gates")),
            "event.answer": Kind("enumeration", ("allowed", "conditional", "refused")),
            "event.group": Kind("enumeration", names("groups")),
            "event.blocker": Kind("enumeration", tuple(policy.blockers)),
            "event.stage": Kind("enumeration", stages),
            "event.escalated": Kind("boolean"),
        }

    def indicators(self) -> dict[str, Indicator]:
        events = self.events()
        return {
            name: self.indicator(name, one, document, place, events)
            for name, one, document, place in self.each("indicators")
        }

    def indicator(
        self, name: str, one: f.IndicatorFile, document: Document, place: Place, events: Mapping[str, Kind]
    ) -> Indicator:
        kinds = ("share", "sum", "per", "held", "happened", "recorded", "support", "growth")
        given = [key for key in kinds if getattr(one, key) is not None]
        if len(given) > 1:
            raise bad_value(
                document, (*place, given[1]), f"can't be where '{given[0]}' is", f"不能与 {given[0]} 同时使用"
            )
        if one.measure != "times" and one.recorded is None:
            raise bad_value(document, (*place, "measure"), "goes with 'recorded' only", "只能与 recorded 同用")
        records = [one.recorded] if one.recorded else []
        self.named(document, (*place, "recorded"), ("kind of record", "记录种类"), records, self.records)
        whole = [key for key, spec in self.policy.facts.items() if spec.kind.name in ("integer", "decimal")]
        self.named(document, (*place, "sum"), ("number fact", "数值事实"), [one.sum] if one.sum else [], whole)
        figures = [one.per.figure] if one.per else []
        self.named(document, (*place, "per"), ("figure", "数据"), figures, self.figures)
        supported = [one.support.name] if one.support else []
        self.named(document, (*place, "support"), ("support", "支持事项"), supported, self.names("support"))
        dimensions = [*one.by, *([one.held.by] if one.held else [])]
        self.named(document, (*place, "by"), ("way of grouping", "分组方式"), dimensions, self.dimensions())
        target = None
        if one.target is not None:
            try:
                target = parse_test(one.target, Kind("decimal"), "target")
            except BadTest as error:
                raise error.at(document.where((*place, "target"))) from error
        elif one.target_when:
            raise bad_value(document, (*place, "target_when"), "needs 'target'", "需要 target")
        return Indicator(
            name,
            read_title(one.title),
            self.when(one.of, document, (*place, "of")),
            self.when(one.share, document, (*place, "share")) if one.share is not None else None,
            one.sum,
            (one.per.figure, one.per.each) if one.per else None,
            (one.held.by, one.held.least) if one.held else None,
            self.when(one.happened, document, (*place, "happened"), events) if one.happened is not None else None,
            one.recorded,
            one.measure,
            read_optional(one.growth, document, (*place, "growth")),
            (one.support.name, one.support.what) if one.support else None,
            tuple(one.by),
            target,
            self.when(one.target_when, document, (*place, "target_when")),
            dict(one.published),
            one.worse,
            document.where(place),
            one.note,
        )

    def names(self, section: str) -> list[str]:
        return [name for part, _ in self.parts for name in getattr(part, section)]

    def scorecard(self) -> Scorecard | None:
        found = [(part.scorecard, document) for part, document in self.parts if part.scorecard is not None]
        if len(found) > 1:
            raise DuplicateKey(where=found[1][1].where(("scorecard",)), key="scorecard")
        if not found:
            return None
        (one, document), known = found[0], self.names("indicators")
        for i, section in enumerate(one.sections):
            place: Place = ("scorecard", "sections", i)
            self.named(document, (*place, "indicators"), ("indicator", "指标"), section.indicators, known)
            if section.by is not None:
                self.named(document, (*place, "by"), ("way of grouping", "分组方式"), [section.by], self.dimensions())
        sections = [Section(read_title(part.title), tuple(part.indicators), part.by) for part in one.sections]
        return Scorecard(read_title(one.title), tuple(sections))


_VENUE_COLUMNS = ["id", "kind", "area", "zh", "en"]


def _venues(text: str, file: str, policy: Known) -> dict[str, Venue]:
    rows = read_csv(text, file)
    if not rows or rows[0][1] != _VENUE_COLUMNS:
        raise BadFile(where=Where(file, 1), reason=f"its first line must be {','.join(_VENUE_COLUMNS)}")
    by_key = {area.key: area for area in policy.areas.values()}
    found: dict[str, Venue] = {}
    for line, cells in rows[1:]:
        if len(cells) != len(_VENUE_COLUMNS):
            raise BadFile(where=Where(file, line), reason=f"it has {len(cells)} cells instead of {len(_VENUE_COLUMNS)}")
        id, kind, area, zh, en = cells
        if id in found:
            raise DuplicateKey(where=Where(file, line), key=id)
        if area not in by_key:
            known = nearest(area, list(by_key))
            raise UnknownName(where=Where(file, line), kind_en="area", kind_zh="区域", name=area, known=known)
        found[id] = Venue(id, kind, by_key[area].code, Title(zh, en))
    return found
