"""What a check can find: how grave it is, and its sentence in both languages."""

from __future__ import annotations

from typing import Literal

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
    "succession-circle": (
        "error",
        "机构承继成环：{circle}",
        "bodies succeed each other in a circle: {circle}",
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
    "gate-excludes": (
        "error",
        "流程 {type} 中 {state} 的动作 {trigger} 由关口触发，而这类案卷不能询问该关口",
        "in workflow {type} a gate fires {trigger} from {state}, and no case there may ask that gate",
    ),
    "group-excludes": (
        "error",
        "流程 {type} 中 {state} 的动作 {trigger} 由加入或退出联合触发，而这类案卷不能加入",
        "in workflow {type} joining or leaving fires {trigger} from {state}, and no such case may join",
    ),
    "awaits-nothing": (
        "warning",
        "流程 {type} 的 {state} 写明有所等待，而 {box} 不等即可继续",
        "in workflow {type} state {state} is said to wait, and {box} may go on without",
    ),
    "group-stays": (
        "error",
        "流程 {type} 的案卷在 {state} 时成员不足也不撤销：{trigger} 不适用于 {box}",
        "in workflow {type} a group in {state} with too few members stays: {trigger} does not hold for {box}",
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
