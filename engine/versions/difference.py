"""What differs between two policies, said in rules, and for which organisations a table's answer changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from ..dates.deadlines import Deadline
from ..dates.periods import Period
from ..policy.obligations import Obligation
from ..policy.policy import Policy
from ..policy.workflow import Transition, Workflow
from ..rules.conditions import Condition
from ..rules.tables import DecisionTable, Row
from ..rules.unary_tests import UnaryTest
from ..rules.wording import in_line
from ..text import Lang, Title, shown
from ..verify.findings import Witness
from ..verify.prover import Prover, tests_of
from ..verify.space import Box, Cover, Space, meet, ones


@dataclass(frozen=True)
class Change:
    """One difference: of which part, what, and how it was and is (None: it was not, or is not, there). An outcome's
    change has the box of the organisations it is for, and one of them."""

    part: str
    what: Title
    before: Any
    after: Any
    box: str | None = None
    witness: Witness | None = None

    def message(self, lang: Lang = "en") -> str:
        what = shown(self.what, lang)
        old, new = shown(self.before, lang), shown(self.after, lang)
        if self.box is not None:
            where = self.box
            return (
                f"{what}：凡 {where}，由 {old} 改为 {new}"
                if lang == "zh"
                else f"{what}: for {where}, {new} instead of {old}"
            )
        if self.before is None:
            return f"{what}：新增 {new}" if lang == "zh" else f"{what}: added {new}"
        if self.after is None:
            return f"{what}：删除 {old}" if lang == "zh" else f"{what}: removed {old}"
        return f"{what}：由 {old} 改为 {new}" if lang == "zh" else f"{what}: {new} instead of {old}"

    def as_json(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "what": {"zh": self.what.zh, "en": self.what.en},
            "before": _plain(self.before),
            "after": _plain(self.after),
            "box": self.box,
            "message": {"zh": self.message("zh"), "en": self.message("en")},
        }


def _plain(value: Any) -> Any:
    return None if value is None else {"zh": shown(value, "zh"), "en": shown(value, "en")}


def difference(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Everything in which two policies differ, in the order: head, facts, areas, bodies, ids, refusals, tables (rows,
    then outcomes), workflows, properties, the other parts, names in registers."""
    return tuple(_all(old, new))


def _all(old: Policy, new: Policy) -> Iterator[Change]:
    for key, zh, en in (
        ("version", "版本", "version"),
        ("effective", "生效日期", "effective"),
        ("zone", "时区", "time zone"),
        ("working.name", "工作日历", "calendar of working days"),
        ("roll", "遇休息日顺延", "moved off days off"),
        ("remind", "提前提醒（天）", "reminders (days before)"),
        ("retention", "文字保存期", "retention of texts"),
    ):
        was, now = attrgetter(key)(old), attrgetter(key)(new)
        if was != now:
            yield Change("policy", Title(zh, en), _of_head(was), _of_head(now))
    for part, zh, en, a, b in (
        ("tiers", "层级", "tier", old.places.tiers, new.places.tiers),
        ("facts", "事实", "fact", old.facts, new.facts),
        ("areas", "区域", "area", old.places.areas, new.places.areas),
        ("bodies", "机构", "body", old.places.bodies, new.places.bodies),
        ("blockers", "障碍", "blocker", old.blockers, new.blockers),
    ):  # fmt: skip
        yield from _maps(part, Title(zh, en), a, b)
    yield from _obligations(old.obligations, new.obligations)
    yield from _sets("identity", Title("代码规则", "rule for ids"), _ids(old), _ids(new))
    yield from _sets("refusals", Title("不予受理", "refusal"), _refusals(old), _refusals(new))
    for key in ("type", "responsible", "entry", "hub", "priority", "weight", "entitlements"):
        if getattr(old.intake, key) != getattr(new.intake, key):
            what = Title(f"受理 intake.{key}", f"intake.{key}")
            yield Change("intake", what, getattr(old.intake, key), getattr(new.intake, key))
    yield from _tables(old, new)
    yield from _maps_of_names("workflows", Title("流程", "workflow"), old.workflows, new.workflows)
    yield from _workflows(old, new)
    yield from _sets("properties", Title("性质", "property"), _promises(old), _promises(new))
    yield from _parts(old, new)
    yield from _sets("register", Title("名册中的名称", "name in registers"), _names(old), _names(new))


def _of_head(value: Any) -> Any:
    if isinstance(value, bool):
        return Title("是", "yes") if value else Title("否", "no")
    if isinstance(value, Period):
        return Title(value.text("zh"), value.text("en"))
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if value is None else str(value)


def _names(policy: Policy) -> list[str]:
    """What registers call things, each as KIND WHAT: NAME."""
    names = policy.synonyms
    kinds = {"columns": names.columns, "areas": names.areas, "bodies": names.bodies}
    kinds |= {f"values {fact}": listed for fact, listed in names.values.items()}
    found = [f"{kind} {key}: {text}" for kind, of in kinds.items() for key, texts in of.items() for text in texts]
    found += [f"ignore: {text}" for text in names.ignored]
    return [*found, *(f"unknown: {text}" for text in names.unknown)]


def _ids(policy: Policy) -> list[str]:
    found = []
    for one in policy.identity.rules:
        how = one.standard or (one.pattern.pattern if one.pattern is not None else "")
        unchecked = "" if one.check_digit else " check_digit: false"
        types = ", ".join(sorted(one.types)) if one.types is not None else "*"
        found.append(f"{one.title.zh} / {one.title.en}: {types}: {how}{unchecked}")
    return found


def _refusals(policy: Policy) -> list[str]:
    return [in_line(one.when) for one in policy.intake.refusals]


def _promises(policy: Policy) -> list[str]:
    return [
        f"{one.title.zh} / {one.title.en}: {one.stage} {in_line(one.when)} {one.within or ''}".strip()
        for one in policy.properties
    ]


def _maps(part: str, kind: Title, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*old, *(name for name in new if name not in old)]:
        what = Title(f"{kind.zh} {name}", f"{kind.en} {name}")
        if name not in new or name not in old:
            yield Change(part, kind, _described(name, old.get(name)), _described(name, new.get(name)))
        elif old[name] != new[name]:
            for field in getattr(old[name], "__dataclass_fields__", {}):
                a, b = getattr(old[name], field), getattr(new[name], field)
                if a != b and field != "titles":
                    yield Change(part, Title(f"{what.zh} {field}", f"{what.en} {field}"), _said(a), _said(b))


def _since(one: Obligation, name: str) -> str:
    return f"{name} ({in_line(one.since_when[name])})" if name in one.since_when else name


#: What an obligation says, as a person reads it.
_OWED: dict[str, Callable[[Obligation], Any]] = {
    "title": lambda one: one.title,
    "when": lambda one: in_line(one.when),
    "rule": lambda one: f"{one.rule} ({one.start})" if one.rule else "-",
    "every": lambda one: one.every or "-",
    "within": lambda one: one.within or "-",
    "until": lambda one: in_line(one.until),
    "since": lambda one: [_since(one, name) for name in one.since] or "-",
    "not_before": lambda one: one.not_before or "-",
    "opens": lambda one: one.opens,
    "early": lambda one: one.early,
    "remind": lambda one: list(one.remind) or "-",
    "then: escalate": lambda one: one.escalates,
    "grace": lambda one: one.grace or "-",
    "by": lambda one: list(one.by),
    "evidence": lambda one: list(one.evidence) or "-",
    "outcomes": lambda one: [f"{key} {_set(outcome.sets)}" for key, outcome in one.outcomes.items()] or "-",
    "postpone": lambda one: (
        f"{one.postponement.times} × {one.postponement.by}, {', '.join(one.postponement.roles)}"
        + (", climbed: kept" if one.postponement.keeps else "")
        if one.postponement
        else "-"
    ),
    "missed": lambda one: (
        f"{one.missed.after}, {one.missed.fire or '-'}, {_set(one.missed.sets)}" if one.missed else "-"
    ),
}


def _set(sets: Mapping[str, Any]) -> str:
    return ", ".join(f"{fact}={shown(value)}" for fact, value in sets.items()) or "-"


def _obligations(old: Mapping[str, Obligation], new: Mapping[str, Obligation]) -> Iterator[Change]:
    kind = Title("义务", "obligation")
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new or name not in old:
            yield Change("obligations", kind, _described(name, old.get(name)), _described(name, new.get(name)))
            continue
        for field, read in _OWED.items():
            was, now = read(old[name]), read(new[name])
            if was != now:
                yield Change("obligations", Title(f"义务 {name} {field}", f"obligation {name} {field}"), was, now)


_PARTS = {
    "records": Title("记录", "record"), "gates": Title("关口", "gate"), "groups": Title("联合", "group"),
    "support": Title("支持", "support"), "figures": Title("数据", "figure"), "indicators": Title("指标", "indicator"),
    "venues": Title("场所", "venue"),
}  # fmt: skip


def _parts(old: Policy, new: Policy) -> Iterator[Change]:
    """What differs in records, gates, groups, support and indicators, field by field."""
    for part, kind in _PARTS.items():
        was, now = getattr(old.parts, part), getattr(new.parts, part)
        for name in [*was, *(name for name in now if name not in was)]:
            if name not in was or name not in now:
                yield Change(part, kind, _described(name, was.get(name)), _described(name, now.get(name)))
                continue
            for field in was[name].__dataclass_fields__:
                a, b = _in_short(getattr(was[name], field)), _in_short(getattr(now[name], field))
                if a != b and field != "where":
                    yield Change(part, Title(f"{kind.zh} {name} {field}", f"{kind.en} {name} {field}"), a, b)
    if old.parts.scorecard != new.parts.scorecard:
        a, b = _in_short(old.parts.scorecard), _in_short(new.parts.scorecard)
        yield Change("scorecard", Title("述职报告", "scorecard"), a, b)


def _in_short(value: Any) -> str:
    """Whatever a section says, in one line."""
    match value:
        case None:
            return "-"
        case Condition():
            return in_line(value)
        case Title():
            return f"{value.zh} / {value.en}"
        case UnaryTest():
            return value.text
        case Mapping():
            return "; ".join(f"{key}: {_in_short(one)}" for key, one in value.items()) or "-"
        case tuple():
            return ", ".join(_in_short(one) for one in value) or "-"
        case _ if hasattr(value, "__dataclass_fields__") and not hasattr(value, "text"):
            said = {name: _in_short(getattr(value, name)) for name in value.__dataclass_fields__ if name != "where"}
            return "; ".join(f"{name}: {one}" for name, one in said.items() if one != "-")
        case _:
            return shown(value)


def _described(name: str, value: Any) -> Any:
    if value is None:
        return None
    title = value if isinstance(value, Title) else getattr(value, "title", None)
    return Title(f"{name}（{title.zh}）", f"{name} ({title.en})") if title else name


def _said(value: Any) -> Any:
    if value is None:
        return "null"
    if hasattr(value, "values") and hasattr(value, "name"):
        return f"{value.name} {', '.join(value.values)}".strip()
    return value


def _maps_of_names(part: str, kind: Title, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new or name not in old:
            yield Change(part, kind, _described(name, old.get(name)), _described(name, new.get(name)))


def _sets(part: str, kind: Title, old: list[str], new: list[str]) -> Iterator[Change]:
    yield from (Change(part, kind, one, None) for one in old if one not in new)
    yield from (Change(part, kind, None, one) for one in new if one not in old)


def _tables(old: Policy, new: Policy) -> Iterator[Change]:
    yield from _maps_of_names("tables", Title("表", "table"), old.tables, new.tables)
    both = [name for name in old.tables if name in new.tables]
    for name in both:
        yield from _rows(old, new, name)
    alike = {fact for fact, kind in old.vocabulary.asked.items() if new.vocabulary.asked.get(fact) == kind}
    asked = {fact for fact, _ in [*tests_of(old), *tests_of(new)]}
    if not asked <= alike or old.places.areas != new.places.areas:
        # Facts or areas that only one of them knows: the organisations can't be laid side by side.
        yield Change("outcomes", Title("结果", "outcomes"), None, Title(
            "事实或区域不同，无法逐一比较结果", "the facts or areas differ, so the outcomes are not compared",
        ))  # fmt: skip
        return
    space = Space(new, [*tests_of(old), *tests_of(new)])
    before, after = Prover(old, space), Prover(new, space)
    for name in both:
        if not old.table(name).collects and not new.table(name).collects:
            yield from _outcomes(before, after, name)


def _row_text(table: DecisionTable, row: Row) -> str:
    tests = [
        f"{fact} {test.text}" for (fact, _), test in zip(table.inputs, row.tests, strict=True) if not test.everything
    ]
    return f"{', '.join(tests) or '-'} -> {', '.join(map(shown, row.outputs))}"


def _rows(old: Policy, new: Policy, name: str) -> Iterator[Change]:
    a, b = old.table(name), new.table(name)
    what = Title(f"表 {name}", f"table {name}")
    if a.hit != b.hit:
        yield Change("tables", Title(f"{what.zh} 命中策略", f"{what.en} hit policy"), a.hit, b.hit)
    texts_a, texts_b = [_row_text(a, row) for row in a.rows], [_row_text(b, row) for row in b.rows]
    gone = [text for text in texts_a if text not in texts_b]
    come = [text for text in texts_b if text not in texts_a]
    by_tests = {text.rpartition(" -> ")[0]: text for text in come}
    for text in gone:
        other = by_tests.pop(text.rpartition(" -> ")[0], None)
        if other is not None:
            come.remove(other)
        yield Change("tables", what, text, other)
    yield from (Change("tables", what, None, text) for text in come)
    if a.hit in ("F", "P", "R", "O") and not gone and not come and texts_a != texts_b:
        yield Change("tables", what, Title("原行序", "the rows' order"), Title("新行序", "another order"))


def _outcomes(before: Prover, after: Prover, name: str) -> Iterator[Change]:
    old, new = before.decided(name), after.decided(name)
    table_a, table_b = before.policy.table(name), after.policy.table(name)
    cover_a = Cover(before.space, [*(box for _, box in old), *before.refusals])
    cover_b = Cover(after.space, [*(box for _, box in new), *after.refusals])
    changed: dict[tuple[Any, Any], list[Box]] = {}
    for row, box in old:
        was = table_a.rows[row].outputs
        for at in ones(cover_b.meeting(box)):
            if at < len(new) and (now := table_b.rows[new[at][0]].outputs) != was:
                shared = meet(box, new[at][1])
                assert shared is not None
                for piece in before.admitted(shared):
                    changed.setdefault((was, now), []).extend(after.admitted(piece))
        for piece in cover_b.gaps(box):
            changed.setdefault((was, None), []).extend(before.admitted(piece))
    for row, box in new:
        for piece in cover_a.gaps(box):
            changed.setdefault((None, table_b.rows[row].outputs), []).extend(after.admitted(piece))
    what = Title(f"表 {name}", f"table {name}")
    asked = before.asked(name) | after.asked(name)
    nothing = Title("（不适用）", "(nothing)")
    for (was, now), boxes in changed.items():
        for box, one in after.projected(boxes, asked):
            yield Change(
                "outcomes", what, list(was) if was else nothing, list(now) if now else nothing,
                after.text(box, asked), after.witness(one, name),
            )  # fmt: skip


_FIELDS: dict[str, Callable[[Transition], Any]] = {
    "to": lambda one: one.dest,
    "when": lambda one: in_line(one.when),
    "by": lambda one: list(one.by),
    "evidence": lambda one: list(one.evidence) or "-",
    "sets": lambda one: _set(one.sets),
    "tables": lambda one: list(one.tables) or "-",
    "escalate": lambda one: one.escalate,
    "extend": lambda one: str(one.extend or "-"),
    "climbed": lambda one: "kept" if one.keeps else "back",
    "suspend": lambda one: one.suspend,
    "resume": lambda one: one.resume,
    "reason": lambda one: one.reason,
    "automatic": lambda one: one.automatic,
    "irreversible": lambda one: one.irreversible,
}


def _workflows(old: Policy, new: Policy) -> Iterator[Change]:
    """What several workflows, or several states of one, inherit from one line is said once."""
    by_workflow: dict[tuple[str, str, str, str], list[str]] = {}
    values: dict[tuple[str, str, str], tuple[Any, Any]] = {}
    for name, workflow in old.workflows.items():
        if name in new.workflows:
            for state, subject, was, now in _workflow(workflow, new.workflows[name]):
                key = (subject, repr(was), repr(now))
                values[key] = was, now
                by_workflow.setdefault((name, *key), []).append(state)
    together: dict[tuple[tuple[str, ...], tuple[str, str, str]], list[str]] = {}
    for (name, subject, was_text, now_text), states in by_workflow.items():
        together.setdefault((tuple(states), (subject, was_text, now_text)), []).append(name)
    for (at, found), names in together.items():
        where = ", ".join(state for state in at if state)
        what = f"{', '.join(names)}: {where} {found[0]}"
        yield Change("workflows", Title(f"流程 {what}", f"workflow {what}"), *values[found])


def _workflow(old: Workflow, new: Workflow) -> Iterator[tuple[str, str, Any, Any]]:
    """Each difference of two workflows: the state it is at ('' for all), its subject, and how it was and is."""
    if old.tiers != new.tiers:
        yield "", "tiers", list(old.tiers) or "-", list(new.tiers) or "-"
    for state in [*old.states, *(state for state in new.states if state not in old.states)]:
        if state not in new.states or state not in old.states:
            titles = [_described(state, one.states.get(state)) for one in (old, new)]
            yield "", "state", titles[0], titles[1]
            continue
        a, b = old.states[state], new.states[state]
        stage_a, stage_b = old.stages[a.stage], new.stages[b.stage]
        for field, was, now in (
            *_deadlines(a.due or stage_a.due, b.due or stage_b.due),
            ("rests", stage_a.rests, stage_b.rests),
            ("awaits", in_line(a.awaits), in_line(b.awaits)),
        ):
            if str(was) != str(now):
                yield state, field, str(was or "-"), str(now or "-")
    ways_a, ways_b = _ways(old), _ways(new)
    for key in [*ways_a, *(key for key in ways_b if key not in ways_a)]:
        trigger, state, _ = key
        if key not in ways_b or key not in ways_a:
            was, now = (_way_text(ways[key]) if key in ways else None for ways in (ways_a, ways_b))
            yield state, trigger, was, now
            continue
        for field, read in _FIELDS.items():
            if read(ways_a[key]) != read(ways_b[key]):
                yield state, f"{trigger}.{field}", read(ways_a[key]), read(ways_b[key])


def _deadlines(a: Deadline | None, b: Deadline | None) -> Iterator[tuple[str, Any, Any]]:
    yield "due", a, b
    yield "grace", a and a.grace, b and b.grace
    yield "then: escalate", a and a.escalates, b and b.escalates
    yield "remind", _said(list(a.remind) if a else None), _said(list(b.remind) if b else None)


def _ways(workflow: Workflow) -> dict[tuple[str, str, int], Transition]:
    """Transitions by trigger, state and which of them it is."""
    found: dict[tuple[str, str, int], Transition] = {}
    for one in workflow.transitions:
        number = sum(key[:2] == (one.trigger, one.source) for key in found)
        found[one.trigger, one.source, number] = one
    return found


def _way_text(one: Transition) -> str:
    return f"-> {one.dest} [{in_line(one.when)}]"
