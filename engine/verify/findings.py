"""What a check reports: findings with witnesses, and the bounds that it proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from ..calendar import Period
from ..case import Title
from ..errors import Lang, Where, shown
from ..trial import Asked, Fire, GateTold, Met, Step, Swept, Tell, Wait
from ..working_days import EVERY_WEEKDAY, WorkingDays

Severity = Literal["error", "warning", "info"]

#: Every code: how grave it is, and its sentence in both languages.
CATALOGUE: dict[str, tuple[Severity, str, str]] = {
    # --- tables ---
    "rows-overlap": (
        "error",
        "表 {table} 第 {a} 行与第 {b} 行同时适用而输出不同：{box}",
        "rows {a} and {b} of table {table} fit together, with different outputs: {box}",
    ),
    "rows-overlap-alike": (
        "error",
        "表 {table} 第 {a} 行与第 {b} 行同时适用（输出相同）：{box}",
        "rows {a} and {b} of table {table} fit together, with equal outputs: {box}",
    ),
    "table-gap": ("error", "表 {table} 没有一行适用于：{box}", "no row of table {table} fits: {box}"),
    "row-never-met": (
        "error",
        "表 {table} 第 {a} 行不适用于任何组织",
        "row {a} of table {table} fits no organisation at all",
    ),
    "row-unreachable": (
        "error",
        "表 {table} 第 {a} 行被前面的行完全覆盖，永不起作用",
        "row {a} of table {table} never decides: the rows before it cover it",
    ),
    "row-subsumed": (
        "warning",
        "表 {table} 第 {a} 行多余：第 {b} 行已包含它且输出相同",
        "row {a} of table {table} is not needed: row {b} contains it, with equal outputs",
    ),
    "rows-mergeable": (
        "info",
        "表 {table} 第 {a} 行与第 {b} 行只有 “{column}” 列不同，可合并",
        "rows {a} and {b} of table {table} differ in column '{column}' only, and can be one",
    ),
    "table-unused": ("warning", "没有规则使用表 {table}", "nothing uses table {table}"),
    # --- routing ---
    "tier-missing": (
        "error",
        "表 {table} 第 {a} 行按 “{hole}” 确定机构，而 {area} 没有这一层级",
        "row {a} of table {table} names a body by its {hole}, and {area} has none",
    ),
    "body-missing": (
        "error",
        "表 {table} 第 {a} 行指向不存在的机构 “{body}”",
        "row {a} of table {table} names '{body}', and there is no such body",
    ),
    "body-gone": (
        "error",
        "表 {table} 第 {a} 行指向的 “{body}” 在 {day} 不存在，也没有承继机构",
        "row {a} of table {table} names '{body}', which on {day} neither exists nor has a successor",
    ),
    "superior-gone": (
        "error",
        "“{body}” 的上级 “{superior}” 在 {day} 不存在，也没有承继机构",
        "'{superior}', above '{body}', on {day} neither exists nor has a successor",
    ),
    "tier-not-permitted": (
        "error",
        "表 {table} 第 {a} 行把 {type} 归口到 {tier} 的 “{body}”，而该类型只允许 {permitted}",
        "row {a} of table {table} gives a {type} to '{body}' at tier {tier}, and only {permitted} may answer for it",
    ),
    "no-responsible": (
        "error",
        "表 {table} 第 {a} 行没有给出归口单位",
        "row {a} of table {table} gives no responsible body",
    ),
    "refusal-never": ("warning", "这条不予受理的规定从不适用", "this refusal never applies"),
    # --- intake ---
    "entry-not-in-workflow": (
        "error",
        "表 {table} 第 {a} 行进入 “{state}”，而流程 {type} 没有此环节",
        "row {a} of table {table} enters '{state}', and workflow {type} has no such state",
    ),
    "entry-closed": (
        "error",
        "表 {table} 第 {a} 行使 {type} 一进入就结案（{state}）",
        "row {a} of table {table} has a {type} come in closed ({state})",
    ),
    "workflow-unused": ("warning", "没有组织会归入流程 {type}", "no organisation ever comes under workflow {type}"),
    # --- workflows ---
    "state-unreachable": (
        "error",
        "流程 {type} 的环节 {state} 无法到达",
        "state {state} of workflow {type} can't be reached",
    ),
    "dead-end": (
        "error",
        "流程 {type} 的环节 {state} 没有出路，也不是终点",
        "state {state} of workflow {type} has no way out, and is not final",
    ),
    "no-exit": (
        "error",
        "流程 {type} 从环节 {state} 到不了任何终点或稳定环节",
        "from state {state} of workflow {type} no final or resting state can be reached",
    ),
    "facts-stuck": (
        "warning",
        "流程 {type} 的环节 {state} 中，符合 {box} 的组织无路可走",
        "in state {state} of workflow {type} there is no way on for {box}",
    ),
    "guard-never-holds": (
        "error",
        "流程 {type} 中从 {state} 办理 {trigger} 的条件永远不能满足",
        "the guard of {trigger} from {state} in workflow {type} can never hold",
    ),
    "transition-shadowed": (
        "error",
        "流程 {type} 中从 {state} 办理 {trigger} 的这条路被前面的同名规定完全遮盖",
        "this way of {trigger} from {state} in workflow {type} is never taken: those before it take all of its cases",
    ),
    "transitions-contend": (
        "warning",
        "流程 {type} 中从 {state} 办理 {trigger} 有两条路同时可行（另一条在第 {other} 行）：{box}",
        "two ways of {trigger} from {state} in workflow {type} hold together (the other in line {other}): {box}",
    ),
    "triggers-alike": (
        "warning",
        "流程 {type} 中从 {state} 办理 {trigger} 与 {other} 效果完全相同",
        "{trigger} and {other} from {state} in workflow {type} do exactly the same",
    ),
    "no-deadline": (
        "error",
        "流程 {type} 的环节 {state} 需要有人办理，却没有期限",
        "state {state} of workflow {type} waits for someone and has no deadline",
    ),
    "no-escalation": (
        "error",
        "流程 {type} 的环节 {state} 逾期后不能上报",
        "state {state} of workflow {type} can't be escalated when it is overdue",
    ),
    "deadline-unbounded": (
        "error",
        "流程 {type} 的阶段 {state} 可以无限期拖延：{reason_zh}",
        "stage {state} of workflow {type} can go on for ever: {reason_en}",
    ),
    "nobody-may-act": (
        "error",
        "流程 {type} 中从 {state} 办理 {trigger} 时，可能没有任何机构有权办理",
        "there may be nobody who can fire {trigger} from {state} in workflow {type}",
    ),
    "trigger-unfired": (
        "error",
        "流程 {type} 中 {state} 的动作 {trigger} 只由系统触发，但没有关口、联合或义务触发它",
        "in workflow {type} only the engine may fire {trigger} from {state}, and no gate, group or obligation does",
    ),
    "ground-unused": (
        "warning",
        "关口 {gate} 的理由 {ground} 没有任何行给出",
        "no row gives the ground {ground} of gate {gate}",
    ),
    "evidence-too-early": (
        "error",
        "流程 {type} 中办理 {trigger} 需要材料 {evidence}，而可以未经 {after} 就到这一步",
        "{trigger} in workflow {type} needs evidence {evidence}, and can be reached without {after}",
    ),
    "evidence-unused": ("warning", "没有动作需要材料 {evidence}", "no trigger asks for evidence {evidence}"),
    "trigger-unused": ("warning", "没有流程使用动作 {trigger}", "no workflow uses trigger {trigger}"),
    "automatic-loop": (
        "error",
        "流程 {type} 中自动动作 {trigger} 离开 {state} 后又能自动回到那里：{box}",
        "in workflow {type} what is automatic leads from {state} by {trigger} and round to it again: {box}",
    ),
    "obligation-never": ("warning", "没有组织负有义务 {obligation}", "no organisation ever owes {obligation}"),
    # --- properties ---
    "property-broken": (
        "error",
        "未能保证“{title}”：流程 {type} 可在 {box} 时进入 {state}",
        "'{title}' does not hold: workflow {type} leads into {state} with {box}",
    ),
    "property-exceeded": (
        "error",
        "未能保证“{title}”：流程 {type} 的 {state} 最长为 {bound}",
        "'{title}' does not hold: {state} of workflow {type} can take {bound}",
    ),
    "more-findings": (
        "info",
        "另有 {count} 处 {code} 未列出",
        "{count} more of {code} are not listed",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Witness:
    """An organisation, and what happens to it: enough to see a finding for oneself with `guikou policy try`."""

    facts: Mapping[str, Any]
    area: str | None = None
    steps: tuple[Step, ...] = ()
    table: str | None = None
    on: date | None = None

    def arguments(self) -> list[str]:
        """What follows `guikou policy try POLICY`."""
        words = [f"area={self.area}"] if self.area else []
        words += [f"{fact}={shown(value)}" for fact, value in self.facts.items()]
        if self.table:
            words += ["--table", self.table]
        if self.on:
            words += ["--as-of", self.on.isoformat()]
        for step in self.steps:
            words += ["--do", step_text(step)]
        return words


def step_text(step: Step) -> str:
    """A step as `--do` takes it: a trigger, FACT=VALUE,..., or +DAYS."""
    match step:
        case Fire():
            return step.trigger
        case Wait():
            return f"+{step.days}"
        case Swept():
            return f"@{step.until}"
        case Met():
            return f"meet:{step.obligation}" + (f"={step.outcome}" if step.outcome else "")
        case Asked():
            return f"ask:{step.gate}"
        case GateTold():
            return f"told:{step.gate}/{step.outcome}" + (f"={step.value}" if step.value else "")
        case Tell():
            told = [f"area={step.area}"] if step.area else []
            return ",".join([*told, *(f"{fact}={shown(value)}" for fact, value in step.facts.items())])


@dataclass(frozen=True)
class Finding:
    """One fault: its code, where it is written, and a witness (None where the fault is that there is nothing)."""

    code: str
    where: Where
    details: Mapping[str, Any] = field(default_factory=dict)
    witness: Witness | None = None

    @property
    def severity(self) -> Severity:
        return CATALOGUE[self.code][0]

    def message(self, lang: Lang = "en") -> str:
        _, zh, en = CATALOGUE[self.code]
        values = {key: shown(value, lang) for key, value in self.details.items()}
        return (zh if lang == "zh" else en).format_map(values)

    def as_json(self) -> dict[str, Any]:
        where = self.where
        return {
            "code": self.code,
            "severity": self.severity,
            "file": where.file,
            "line": where.line,
            "row": where.row,
            "column": where.column,
            "message": {"zh": self.message("zh"), "en": self.message("en")},
            "witness": self.witness.arguments() if self.witness else None,
        }


@cache
def _fits(periods: tuple[Period, ...], within: Period, working: WorkingDays) -> bool:
    starts = [date(2095, 1, 1) + timedelta(days=i) for i in range(9 * 366)]
    if any(one.unit == "working day" for one in (*periods, within)):
        known = [year for year in range(1990, 2095) if working.calendar.knows(year)]
        starts += [date(year, 1, 1) + timedelta(days=i) for year in known for i in range(365)]
    for start in starts:
        end = start
        for one in periods:
            end = one.after(end, working)
        if end > within.after(start, working):
            return False
    return True


@cache
def _most_days(period: Period, working: WorkingDays) -> int:
    if period.unit == "working day":
        return working.longest(period.count)
    return period.count * {"day": 1, "week": 7, "month": 31, "year": 366}[period.unit]


@dataclass(frozen=True, slots=True)
class Bound:
    """How long a stage lasts at most: its period, the extensions it allows, and then, if nobody acts, how often it
    must be escalated until the top tier has it (`grace` each). `suspends`: the time for which its clock can be stopped
    is not counted."""

    workflow: str
    stage: str
    periods: tuple[Period, ...]
    climbs: int
    grace: Period | None
    working: WorkingDays = EVERY_WEEKDAY
    suspends: bool = False

    @property
    def _waits(self) -> tuple[Period, ...]:
        return (self.grace or Period(1, "day"),) * self.climbs

    @property
    def days(self) -> int:
        """The most days that it can be."""
        return sum(_most_days(one, self.working) for one in (*self.periods, *self._waits))

    def fits(self, within: Period) -> bool:
        """Whether it is never longer than `within`, whichever day it begins: tried for each day of nine years, in
        which every arrangement of leap years and month lengths occurs, the year 2100 among them; for working days also
        for each day of the years that the calendar knows."""
        return _fits((*self.periods, *self._waits), within, self.working)

    def text(self, lang: Lang = "en") -> str:
        parts = " + ".join(one.text(lang) for one in self.periods)
        if self.climbs:
            parts += f" + {self.climbs} × {self._waits[0].text(lang)}"
        if self.suspends:
            parts += " + 中止计时" if lang == "zh" else " + time suspended"
        most = f"（至多 {self.days} 天）" if lang == "zh" else f" (at most {self.days} days)"
        return parts + most

    @property
    def title(self) -> Title:
        return Title(self.text("zh"), self.text("en"))


@dataclass(frozen=True)
class Proof:
    """All that a check found. `counts` says how much was proved."""

    policy: str
    findings: tuple[Finding, ...]
    bounds: tuple[Bound, ...]
    counts: Mapping[str, int]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == "error")
