"""The parts of a policy, each as a listing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from guikou.engine.dates.periods import Period
from guikou.engine.dates.recurrence import rule_in_words
from guikou.engine.policy.facts import FactSpec
from guikou.engine.policy.obligations import OPENED, Obligation
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.workflow import GATE, GROUP, ORIGIN, SAME, SWEEP, Workflow
from guikou.engine.rules.conditions import Condition
from guikou.engine.rules.wording import by_title, in_names, in_words
from guikou.engine.text import Title, titles, with_titles

from ..render import Column, Worded, note

#: A part of a policy as a listing: its columns and rows.
Part = tuple[list[Column], list[list[Any]]]

_ROLES = {
    "responsible": Title("归口单位", "the responsible body"),
    "superior": Title("其上级", "a body above it"),
    "hub": Title("所属枢纽", "its hub"),
    SWEEP: Title("系统巡检", "the sweep"),
    GATE: Title("关口", "a gate"),
    GROUP: Title("加入或退出联合", "joining or leaving a group"),
}
_PLACES = {SAME: Title("不变", "as before"), ORIGIN: Title("回到原处", "where it came from")}
_OPENED = Title("立案", "the opening")

_ID, _TITLE = Column("id", "代码", "id", whole=True), Column("title", "名称", "title")


def _facts(policy: Policy) -> Part:
    columns = [
        _ID, _TITLE, Column("type", "类型", "type"), Column("values", "取值", "values"),
        Column("default", "默认", "default"),
    ]  # fmt: skip
    rows: list[list[Any]] = []
    for one in policy.facts.values():
        default = policy.vocabulary.value(one.name, one.default[0]) if one.default else None
        rows.append([one.name, one.title, Worded(one.kind.name, one.kind.title), _values(one), default])
    return columns, rows


def _titled(titles: Mapping[str, Title]) -> Worded:
    """Codes, each with its title to a person."""
    return Worded(list(titles), with_titles(titles))


def _values(one: FactSpec) -> Worded:
    return _titled({value: one.titles.get(value, Title(value, value)) for value in one.kind.values})


def _tables(policy: Policy) -> Part:
    columns = [_ID, _TITLE, Column("hit", "命中策略", "hit policy"), Column("rows", "行数", "rows", right=True)]
    return columns, [
        [name, spec.title, policy.table(name).hit, len(policy.table(name).rows)] for name, spec in policy.tables.items()
    ]


def _workflows(policy: Policy) -> Part:
    columns = [
        Column("workflow", "流程", "workflow", whole=True), Column("from", "从", "from"), Column("trigger", "动作", "trigger"),
        Column("title", "名称", "title", folds=1), Column("to", "到", "to"), Column("when", "条件", "when", folds=2),
        Column("by", "由谁", "by"), Column("evidence", "材料", "evidence"),
    ]  # fmt: skip
    rows: list[list[Any]] = []
    for workflow in policy.workflows.values():
        for one in workflow.transitions:
            rows.append(
                [
                    Worded(workflow.name, workflow.title),
                    _state(workflow, one.source),
                    one.trigger,
                    workflow.triggers[one.trigger],
                    _state(workflow, one.dest),
                    _condition(policy, one.when),
                    _roles(policy, one.by),
                    _titled({key: workflow.evidence[key] for key in one.evidence}),
                ]
            )
    return columns, rows


def _bodies(policy: Policy) -> Part:
    columns = [
        _ID, _TITLE, Column("kind", "种类", "kind"), Column("tier", "层级", "tier"), Column("parent", "上级", "parent"),
        Column("valid_from", "自", "from", table=False), Column("valid_until", "至", "until", table=False),
    ]  # fmt: skip
    rows = [
        [
            one.id,
            one.title,
            policy.places.kinds[one.kind],
            policy.places.tiers[one.tier],
            one.parent,
            one.valid_from,
            one.valid_until,
        ]
        for one in policy.places.bodies.values()
    ]
    return columns, rows


def _areas(policy: Policy) -> Part:
    columns = [
        Column("code", "代码", "code", whole=True),
        Column("key", "键", "key", whole=True),
        _TITLE,
        Column("tier", "层级", "tier"),
        Column("parent", "上级", "parent"),
    ]
    return columns, [
        [one.code, one.key, one.title, policy.places.tiers[one.tier], one.parent]
        for one in policy.places.areas.values()
    ]


def _blockers(policy: Policy) -> Part:
    return [_ID, _TITLE], [[code, title] for code, title in policy.blockers.items()]


def _obligations(policy: Policy) -> Part:
    columns = [
        _ID, _TITLE, Column("due", "期限", "due"), Column("opens", "提前办理", "opens before"), Column("when", "适用", "for"),
        Column("outcomes", "结论", "outcomes"), Column("note", "依据", "note"),
    ]  # fmt: skip
    rows = [
        [
            one.name,
            one.title,
            _due(policy, one),
            _period(one.opens),
            _condition(policy, one.when),
            _titled(titles(one.outcomes)),
            note(one.note),
        ]
        for one in policy.obligations.values()
    ]
    return columns, rows


def _due(policy: Policy, one: Obligation) -> Any:
    """When it is due: by its rule, from a fact's day on, or from when it is laid on."""
    if one.rule:
        return Worded(one.rule, rule_in_words(one.rule))
    if one.every is not None:
        since = [policy.vocabulary.title(name) if name != OPENED else _OPENED for name in one.since]
        zh, en = "、".join(title.zh for title in since), ", ".join(title.en for title in since)
        text = Title(f"{zh}起每 {one.every.text('zh')}", f"every {one.every} from {en}")
        return Worded(f"{one.every} ({', '.join(one.since)})", text)
    assert one.within is not None, "one without a rule and without a period is laid on"
    return Title(f"产生后{one.within.text('zh')}内", f"{one.within} from when it is laid on")


def _period(period: Period) -> Worded:
    return Worded(f"{period}", Title(period.text("zh"), f"{period}"))


def _condition(policy: Policy, condition: Condition) -> Worded:
    words = in_words(condition, by_title(policy.vocabulary)) if condition.asks else Title("", "")
    return Worded(in_names(condition), words)


def _roles(policy: Policy, roles: Sequence[str]) -> Worded:
    places = policy.places
    titles = [_ROLES.get(role) or places.kinds.get(role) or places.bodies[role].title for role in roles]
    return _listed(roles, titles)


def _listed(codes: Sequence[str], titles: Sequence[Title]) -> Worded:
    return Worded(list(codes), Title("、".join(one.zh for one in titles), ", ".join(one.en for one in titles)))


def _ways(policy: Policy, ways: Sequence[str]) -> Worded:
    return _listed(ways, [policy.vocabulary.title(way) for way in ways])


def _state(workflow: Workflow, name: str) -> Worded:
    return Worded(name, _PLACES.get(name) or workflow.full_title(name))


_EVIDENCE, _BY = Column("evidence", "材料", "evidence"), Column("by", "由谁", "by")


def _gates(policy: Policy) -> Part:
    columns = [
        Column("gate", "关口", "gate", whole=True), _TITLE, Column("outcome", "可回报的结果", "outcome"),
        Column("outcome_title", "名称", "its title"), Column("values", "取值", "values"), _EVIDENCE, _BY,
        Column("in_step", "须同步", "in step"), Column("asked_by", "由谁询问", "asked by", table=False),
    ]  # fmt: skip
    return columns, [
        [
            gate.name, gate.title, told.name, told.title, _titled(titles(told.values)), _titled(told.evidence), _roles(policy, told.by),
            Title("是", "yes") if gate.in_step is not None and told.name in gate.in_step.outcomes else None, _roles(policy, gate.by),
        ]
        for gate in policy.parts.gates.values()
        for told in gate.told.values()
    ]  # fmt: skip


def _records(policy: Policy) -> Part:
    columns = [_ID, _TITLE, Column("needs", "须给出", "needs"), _EVIDENCE, _BY, Column("note", "依据", "note")]
    rows = []
    for one in policy.parts.records.values():
        needs = [
            name
            for name, wanted in (("--amount", one.amount), ("--count", one.count), ("--venue", one.venue))
            if wanted
        ]
        rows.append([one.name, one.title, needs, _titled(one.evidence), _roles(policy, one.by), note(one.note)])
    return columns, rows


def _groups(policy: Policy) -> Part:
    columns = [_ID, _TITLE, Column("of", "案卷类型", "case of"), Column("least", "至少", "least", right=True),
               Column("most", "至多", "most", right=True), _EVIDENCE, _BY, Column("note", "依据", "note")]  # fmt: skip
    return columns, [
        [
            one.name,
            one.title,
            policy.workflows[one.of].title,
            one.least,
            one.most,
            _titled(one.evidence),
            _roles(policy, one.by),
            note(one.note),
        ]
        for one in policy.parts.groups.values()
    ]


def _support(policy: Policy) -> Part:
    columns = [_ID, _TITLE, Column("rate", "标准", "rate", right=True), Column("of", "按", "for each of"),
               Column("paid", "支付记录", "paid by record"), Column("note", "依据", "note")]  # fmt: skip
    return columns, [
        [one.name, one.title, one.rate, one.of, one.paid, note(one.note)] for one in policy.parts.support.values()
    ]


def _indicators(policy: Policy) -> Part:
    columns = [
        _ID,
        _TITLE,
        Column("by", "可按", "by"),
        Column("target", "目标", "target"),
        Column("note", "依据", "note"),
    ]
    return columns, [
        [one.name, one.title, _ways(policy, one.by), one.target.text if one.target else None, note(one.note)]
        for one in policy.parts.indicators.values()
    ]


def _register(policy: Policy) -> Part:
    columns = [
        Column("kind", "种类", "kind"), Column("of", "属于", "of"), _ID, _TITLE, Column("called", "又称", "also called"),
    ]  # fmt: skip
    names, places, facts = policy.synonyms, policy.places, policy.facts
    kinds = {
        "column": Worded("column", Title("列", "column")),
        "value": Worded("value", Title("取值", "value")),
        "area": Worded("area", Title("区域", "area")),
        "body": Worded("body", Title("机构", "body")),
    }
    rows: list[list[Any]] = [
        [kinds["column"], None, key, policy.wording.title(key), list(texts)] for key, texts in names.columns.items()
    ]
    for fact, listed in names.values.items():
        rows += [[kinds["value"], fact, key, facts[fact].titles.get(key), list(texts)] for key, texts in listed.items()]
    rows += [[kinds["area"], None, key, places.areas[key].title, list(texts)] for key, texts in names.areas.items()]
    return columns, [
        *rows,
        *([kinds["body"], None, key, places.bodies[key].title, list(texts)] for key, texts in names.bodies.items()),
        [Worded("ignored", Title("忽略", "ignored")), None, None, None, list(names.ignored)],
        [Worded("unknown", Title("未知", "not known")), None, None, None, list(names.unknown)],
    ]


#: What the parts are called.
TITLES: Mapping[str, tuple[str, str]] = {
    "facts": ("事实", "facts"),
    "tables": ("决策表", "tables"),
    "workflows": ("流程", "workflows"),
    "bodies": ("机构", "bodies"),
    "areas": ("区域", "areas"),
    "blockers": ("障碍", "blockers"),
    "obligations": ("义务", "obligations"),
    "gates": ("关口", "gates"),
    "records": ("记录", "records"),
    "groups": ("联合", "groups"),
    "support": ("支持事项", "support"),
    "indicators": ("指标", "indicators"),
    "register": ("登记表用语", "synonyms of registers"),
}

#: By the name that `guikou policy show --part` takes.
PARTS: Mapping[str, Callable[[Policy], Part]] = {
    "facts": _facts,
    "tables": _tables,
    "workflows": _workflows,
    "bodies": _bodies,
    "areas": _areas,
    "blockers": _blockers,
    "obligations": _obligations,
    "gates": _gates,
    "records": _records,
    "groups": _groups,
    "support": _support,
    "indicators": _indicators,
    "register": _register,
}
