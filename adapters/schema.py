"""JSON Schemas of the policy files, made from the models that read them: for hover and completion in an editor."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from guikou.engine import files as f

#: Which file each schema is of.
MODELS: dict[str, type[BaseModel]] = {
    "policy": f.PolicyFile,
    "bodies": f.BodiesFile,
    "tables": f.TablesFile,
    "workflow": f.WorkflowFile,
    "examples": f.ExamplesFile,
}

#: What an editor shows for a key, whichever map it stands in.
KEYS = {
    "abstract": "只供其他流程继承 / only to be extended by others",
    "after": "须先办理其中之一，才有此材料；或逾期多久 / one of these triggers must come before this evidence; or how long after the due date",
    "always_within": "必在期限内离开该阶段或到达顶层 / left, or at the top tier, within the period",
    "area": "区域代码或键 / an area's code or key",
    "automatic": "条件一旦满足即由系统巡检触发 / fired by the sweep as soon as its guard holds",
    "awaits": "该环节等待的事实 / the facts that the step waits for",
    "because": "不予受理的理由 / why it is not taken in",
    "blockers": "障碍代码 / codes of what hinders",
    "bodies": "机构 / the bodies",
    "by": "由谁办理（角色 responsible、superior、hub、sweep 或机构代码），或每年的日期 / who may act: a role or a body's id; or a day of the year",
    "calendar": "工作日历，如 CN / the calendar of working days, such as CN",
    "covers": "涉及的条目 / the lines of the scheme that it covers",
    "do": "办理一个动作 / fire a trigger",
    "due": "期限 / the deadline",
    "duties": "各义务的期限 / when each obligation is due",
    "each": "该层级每个区域各一个 / one for every area of this tier",
    "effective": "生效日期 / from which day",
    "en": "英文 / in English",
    "entitlements": "支持事项表 / tables of what an organisation may have",
    "entry": "决定入口环节的表 / the table that decides where it enters",
    "escalate": "上报一级 / goes one tier up",
    "escalated_to": "已上报至 / the body it was escalated to",
    "every": "周期，自上次办理或 since 起 / so long after it was met last, or after since",
    "evidence": "材料 / evidence",
    "examples": "例子 / the examples",
    "except": "不含这些区域 / not for these areas",
    "expect": "预期 / what is expected",
    "extend": "延长期限 / by how long the deadline is extended",
    "extends": "继承的流程 / the workflow that it extends",
    "facts": "事实 / the facts",
    "file": "CSV 文件 / a CSV file",
    "final": "终点，结案 / the case is closed here",
    "fire": "未办理时触发的动作 / the trigger that is fired when it is missed",
    "from": "从这些环节（阶段代表其全部步骤）；期限则为起算的动作或日期 / from these states (a stage stands for all its steps); of a deadline, the trigger or date that it runs from",
    "given": "已知事实 / the facts that are given",
    "grace": "逾期多久后上报 / how long after the deadline it is escalated",
    "hit": "命中策略（DMN） / the hit policy (DMN)",
    "hub": "枢纽（表或机构） / the hub, or the table that decides it",
    "id": "代码 / the id",
    "inputs": "输入事实 / the facts that it asks for",
    "intake": "受理 / what decides when an organisation comes in",
    "kind": "种类 / the kind",
    "kinds": "机构种类 / kinds of bodies",
    "maximum": "最大值 / the greatest value",
    "meet": "办结一项义务 / an obligation is met",
    "minimum": "最小值 / the least value",
    "missed": "未办理的后果 / what becomes of one that is not met",
    "name": "名称 / the name",
    "never": "绝不出现 / what never happens",
    "not_before": "首次不早于 since 之后多久 / the first is due no earlier than this after since",
    "note": "依据或说明 / the source, or a remark",
    "nullable": "可为 null（已知没有） / may be null: known to be none",
    "obligations": "周期性义务 / what recurs",
    "on": "日期 / the day",
    "opens": "期限前多久开始办理 / how long before it is due it can be met",
    "outcome": "结论 / how it ended",
    "outcomes": "结论 / how it may end",
    "outputs": "输出及其类型 / the outputs with their types",
    "overdue": "已标记逾期 / marked overdue",
    "parent": "上级 / the body above",
    "path": "后续步骤 / the steps that follow",
    "policy": "政策代码 / the policy's name",
    "postpone": "延期的限度 / how it may be put off",
    "priorities": "优先次序（命中策略 P） / the order of outputs, for hit policy P",
    "priority": "受理次序（表或数值） / the order of intake, or the table that decides it",
    "properties": "由 policy check 证明的承诺 / promises that policy check proves",
    "reason": "须写明理由 / a reason must be given",
    "refused": "预期的拒绝代码 / the code with which it is refused",
    "refuses": "不予受理的事实组合 / facts with which nobody is taken in",
    "remind": "提前几天提醒 / how many days before it is due a reminder is given",
    "responsible": "归口单位（表或机构） / the responsible body, or the table that decides it",
    "rests": "稳定阶段，不需期限 / waits for nobody, needs no deadline",
    "resume": "恢复计时 / the clock runs on",
    "rows": "各行 / the rows",
    "rule": "RFC 5545 重复规则 / an RRULE of RFC 5545",
    "sets": "办理后更新的事实 / the facts that it sets",
    "since": "起算日期的事实，opened 为立案日 / the facts whose day it runs from; opened is the case's opening",
    "source": "来源 / the source",
    "stage": "阶段 / the stage",
    "stages": "阶段 / the stages",
    "start": "重复规则的起点 / from where the rule is counted",
    "state": "环节 / the state",
    "steps": "步骤 / the steps",
    "succeeded_by": "承继机构 / the body that succeeds it",
    "support": "支持事项 / what it is entitled to",
    "suspend": "中止计时 / the clock stands still",
    "sweep": "巡检至该日（逐日） / every day up to this one is swept",
    "tables": "决策表 / decision tables",
    "tell": "更新事实 / facts become known",
    "then": "结果；或期满后上报 / the outputs; or, of a deadline, escalate",
    "tier": "层级 / the tier",
    "tiers": "层级 / the tiers",
    "time_zone": "时区 / the time zone",
    "times": "最多几次 / how often at most",
    "title": "中英文名称 / the title in both languages",
    "to": "到（阶段代表其第一步；same 不动，origin 回来处） / to (a stage for its first step, same, or origin)",
    "transitions": "办理规定 / the transitions",
    "trigger": "动作 / the trigger",
    "triggers": "动作名称 / the triggers' titles",
    "type": "类型 / the type",
    "valid_from": "自该日存在 / exists from this day",
    "valid_until": "至该日止（不含） / exists up to, not on, this day",
    "values": "取值及名称 / the values with their titles",
    "version": "版本 / the version",
    "wait": "经过的天数 / days that go by",
    "weight": "同序时以此事实大者先 / the fact that orders equals, the larger first",
    "when": "条件：事实与判断 / the condition: facts and unary tests",
    "within": "期限，如 6 months、10 working days / the period, such as 6 months or 10 working days",
    "workflow": "流程代码 / the workflow's name",
    "workflows": "适用的流程 / the workflows that it is for",
    "zh": "中文 / in Chinese",
}


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one kind of file: a key of MODELS."""
    made = MODELS[name].model_json_schema(by_alias=True, mode="validation")
    for one in [made, *made.get("$defs", {}).values()]:
        for key, said in one.get("properties", {}).items():
            said["description"] = KEYS[key]
            said.pop("title", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def text(name: str) -> str:
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"
