"""What the rules refuse: the command was understood and is not allowed."""

from __future__ import annotations

from .base import GuikouError


class Refused(GuikouError):
    """The command was understood and is not allowed; nothing changed. `decide` returns it, the façade raises it."""

    code = "refused"


class MissingFact(Refused):
    code = "missing-fact"
    en = "{fact} is not known, and {rule} needs it"
    zh = "缺少 “{fact}”，而 {rule} 需要它"
    hint_en = "supply the fact {key}"
    hint_zh = "请补充事实 {key}"


class CaseWithdrawn(Refused):
    code = "case-withdrawn"
    en = "the registration of '{case}' was withdrawn on {on}"
    zh = "“{case}” 的登记已于 {on} 撤回"
    hint_en = "register the organisation again first"
    hint_zh = "请先重新登记该组织"


class RowAgain(Refused):
    code = "row-again"
    en = "'{id}' stands in row {row} already, which says otherwise and was taken"
    zh = "“{id}” 已在第 {row} 行出现，且内容不同；已采用第 {row} 行"
    hint_en = "if this row is another organisation's, correct its id"
    hint_zh = "本行如属另一组织，请改正其代码"


class StillAgain(Refused):
    """A row refused before as `RowAgain`, of which nobody has said since that it is the right one."""

    code = "still-again"
    en = "'{id}' was refused because another row with that id was taken, and is as it was"
    zh = "“{id}” 因另一行已被采用而退回，本行编号未改"
    hint_en = "correct its id, delete the row, or, if this row is the right one, empty its cell '{column}'"
    hint_zh = "请改正其代码或删去本行；如以本行为准，请清空本行的 “{column}” 格"


class ImportInUse(Refused):
    code = "import-in-use"
    en = "import {number} can't be undone: since then something else happened to {count} of its rows: {cases}"
    zh = "第 {number} 次导入无法撤销：此后其中 {count} 行另有变动：{cases}"
    hint_en = "take those back first, or correct them one by one"
    hint_zh = "请先撤销这些变动，或逐件更正"


class AlreadyUndone(Refused):
    code = "already-undone"
    en = "import {number} was undone on {on}"
    zh = "第 {number} 次导入已于 {on} 撤销"


class MayMissFact(Refused):
    """Facts that a table may need besides, depending on one that is missing."""

    code = "may-miss-fact"
    en = "{rule} may then need {fact} as well"
    zh = "{rule} 届时可能还需要：{fact}"
    hint_en = "supply what is known of {key}"
    hint_zh = "请一并补充已知的：{key}"


class NoRule(Refused):
    code = "no-rule"
    en = "no row of {rule} fits: {facts}"
    zh = "{rule} 中没有一行适用：{facts}"
    hint_en = "correct the facts, or add a row to the table"
    hint_zh = "请更正事实，或在表中增加一行"


class NotAdmitted(Refused):
    code = "not-admitted"
    en = "such an organisation is not taken in: {because}"
    zh = "不予受理：{because}"
    hint_en = "correct the facts if they are wrong; the policy says so at {rule}"
    hint_zh = "事实有误的请更正；依据见政策 {rule}"


class NoLongerAdmitted(NotAdmitted):
    """What is reported of a case keeps organisations out: its case can be closed by what `closing` names."""

    code = "no-longer-admitted"
    en = "'{case}' would not be taken in any more: {because}"
    zh = "“{case}” 照此不再受理：{because}"
    hint_en = "if it has become so, close its case: {closing}; correct the facts if they are wrong; see {rule}"
    hint_zh = "情况属实的，请办理结案：{closing}；事实有误的请更正；依据见政策 {rule}"


class ManyRules(Refused):
    code = "many-rules"
    en = "rows {rows} of {rule} all fit, and only one may"
    zh = "{rule} 的第 {rows} 行同时适用，而只允许一行"
    hint_en = "make the rows exclude each other"
    hint_zh = "请使各行互斥"


class NoSuchTier(Refused):
    code = "no-such-tier"
    en = "{rule} names a body by its {tier}, and the area '{area}' has none"
    zh = "{rule} 按 {tier} 确定机构，而区域 “{area}” 没有这一层级"
    hint_en = "give the area at that tier or below"
    hint_zh = "请把区域写到该层级或更低层级"


class NoSuchBody(Refused):
    code = "no-such-body"
    en = "{rule} names '{body}', which the policy does not have on {day}"
    zh = "{rule} 指向 “{body}”，该机构在 {day} 不存在"
    hint_en = "add the body, or correct the row"
    hint_zh = "请增加该机构，或更正该行"


class GuardNotMet(Refused):
    code = "guard-not-met"
    en = "'{trigger}' is not allowed: {failed}"
    zh = "不能办理 “{trigger}”：{failed}"
    hint_en = "possible now: {known}; if it has changed, bring {key} up to date"
    hint_zh = "现在可办理：{known}；实情如已改变，请更新事实 {key}"


class NotFromHere(Refused):
    code = "not-from-here"
    en = "'{trigger}' is not possible from '{state}'"
    zh = "“{state}” 环节不能办理 “{trigger}”"
    hint_en = "{then}: {known}"
    hint_zh = "{then}：{known}"


class MayNotAct(Refused):
    code = "may-not-act"
    en = "{body} may not '{trigger}' this case"
    zh = "{body} 无权对该案卷办理 “{trigger}”"
    hint_en = "it is for {allowed}"
    hint_zh = "应由 {allowed} 办理"


class BodyNotThen(Refused):
    code = "body-not-then"
    en = "there is no {body} on {day}"
    zh = "{day} 尚无或已无 {body}"
    hint_en = "act as {instead}"
    hint_zh = "请以 {instead} 的身份办理"


class EvidenceMissing(Refused):
    code = "evidence-missing"
    en = "'{trigger}' needs evidence: {missing}"
    zh = "办理 “{trigger}” 需要材料：{missing}"
    hint_en = "give the reference of {keys}"
    hint_zh = "请给出 {keys} 的文号"


class EvidenceAndReasonMissing(EvidenceMissing):
    code = "evidence-and-reason-missing"
    en = "'{trigger}' needs a reason, and evidence: {missing}"
    zh = "办理 “{trigger}” 需要写明理由，并需要材料：{missing}"
    hint_en = "say why, and give the reference of {keys}"
    hint_zh = "请给出理由和 {keys} 的文号"


class UnknownEvidence(Refused):
    code = "unknown-evidence"
    exit_code = 2
    en = "'{trigger}' takes no evidence '{key}'"
    zh = "“{trigger}” 不接受材料 “{key}”"
    hint_en = "it takes: {known}"
    hint_zh = "可用材料：{known}"


class UnknownBlocker(Refused):
    code = "unknown-blocker"
    exit_code = 2
    en = "no blocker '{blocker}'"
    zh = "没有障碍代码 “{blocker}”"
    hint_en = "use one of: {known}"
    hint_zh = "可用代码：{known}"


class TimeRunsBack(Refused):
    code = "time-runs-back"
    en = "taking effect on {at}, it would change what was decided since: {what}"
    zh = "{at} 生效会改变其后已作的决定：{what}"
    hint_en = "give a later day, say why it is told late, or correct what was wrong"
    hint_zh = "请给出更晚的日期，或说明迟报的原因，或更正原来的错误"


class NotCorrectable(Refused):
    code = "not-correctable"
    en = "no. {seq} can't be corrected so: {because}"
    zh = "第 {seq} 号不能这样更正：{because}"
    hint_en = (
        "give evidence with it: {keys}; say {unsaid}; there is: {known}; look at the history for its number and for "
        "what it says"
    )
    hint_zh = "请一并给出材料：{keys}；请写明该事件的{unsaid}；可用：{known}；请查看案卷历史中的序号及其内容"


class NotErasable(Refused):
    code = "not-erasable"
    en = "nothing of no. {seq} can be erased: {because}"
    zh = "第 {seq} 号没有可擦除的文字：{because}"
    hint_en = "look at the history for its number and for what it says"
    hint_zh = "请查看案卷历史中的序号及其内容"


class NoRetention(Refused):
    code = "no-retention"
    en = "the policy does not say how long texts are kept after a case is closed"
    zh = "政策未规定结案后文字的保存年限"
    hint_en = "let the policy say 'retention', or erase texts one by one"
    hint_zh = "请在政策中规定保存期，或逐一擦除"


class CannotStand(Refused):
    code = "cannot-stand"
    en = "{which} can't stand any more: {because}"
    zh = "{which} 不再成立：{because}"
    hint_en = "correct that one first"
    hint_zh = "请先更正该事件"


class NotReopenable(Refused):
    code = "not-reopenable"
    en = "'{case}' can't be reopened: {because}"
    zh = "“{case}” 不能恢复办理：{because}"
    hint_en = "look at how and when it was closed"
    hint_zh = "请查看其结案的方式和时间"


class AlreadyOpen(Refused):
    code = "already-open"
    en = "'{case}' is already open"
    zh = "“{case}” 已立案"
    hint_en = "look at the case that is open"
    hint_zh = "请查看已立的案卷"


class CaseClosed(Refused):
    code = "case-closed"
    en = "'{case}' is closed"
    zh = "“{case}” 已结案"
    hint_en = "nothing more can be done with it"
    hint_zh = "不能再办理"


class TopReached(Refused):
    code = "top-reached"
    en = "{body} has no superior to escalate to"
    zh = "{body} 没有上级，不能再上报"
    hint_en = "the top tier decides itself"
    hint_zh = "由顶层自行处理"


class TypeChanged(Refused):
    code = "type-changed"
    en = "these facts would make the organisation a '{to}', and its case runs as a '{of}'"
    zh = "这些事实会使该组织变为 “{to}”，而案卷按 “{of}” 办理"
    hint_en = "close the case and register the organisation under its new code"
    hint_zh = "请先结案，再按新代码登记"


class ReasonMissing(Refused):
    code = "reason-missing"
    en = "'{trigger}' needs a reason"
    zh = "“{trigger}” 需要写明理由"
    hint_en = "say why"
    hint_zh = "请给出理由"


class AlreadySuspended(Refused):
    code = "already-suspended"
    en = "the clock stands still since {day}"
    zh = "自 {day} 起已中止计时"
    hint_en = "resume it first"
    hint_zh = "请先恢复计时"


class NotSuspended(Refused):
    code = "not-suspended"
    en = "'{trigger}' is for a case whose clock stands still, and it runs"
    zh = "“{trigger}” 用于中止计时的案卷，而该案卷正在计时"
    hint_en = "nothing needs to be done"
    hint_zh = "无需办理"


class UnknownObligation(Refused):
    code = "unknown-obligation"
    exit_code = 2
    en = "the policy has no obligation '{obligation}'"
    zh = "政策中没有义务 “{obligation}”"
    hint_en = "use one of: {known}"
    hint_zh = "可用：{known}"


class NotOwed(Refused):
    code = "not-owed"
    en = "'{obligation}' is not owed by this organisation now"
    zh = "该组织目前没有 “{obligation}” 义务"
    hint_en = "what it owes: {known}"
    hint_zh = "现有义务：{known}"


class AlreadyMet(Refused):
    code = "already-met"
    en = "the {obligation} was met on {day}"
    zh = "{obligation}已于 {day} 办结"
    hint_en = "the next one can be met from {opens} on"
    hint_zh = "下一次自 {opens} 起可以办理"


class NotOpenYet(Refused):
    code = "not-open-yet"
    en = "'{obligation}' opens on {opens}"
    zh = "“{obligation}” 自 {opens} 起办理"
    hint_en = "wait until then"
    hint_zh = "请届时办理"


class OutcomeMissing(Refused):
    code = "outcome-missing"
    exit_code = 2
    en = "it is not said how the {obligation} ended"
    zh = "未写明“{obligation}”的结论"
    hint_en = "use one of: {known}; and give the reference of {keys}"
    hint_zh = "可用：{known}；并请给出 {keys} 的文号"


class ValueMissing(Refused):
    code = "value-missing"
    exit_code = 2
    en = "it is not said what came of '{outcome}'"
    zh = "未写明“{outcome}”的取值"
    hint_en = "use one of: {known}; and give the reference of {keys}"
    hint_zh = "可用：{known}；并请给出 {keys} 的文号"


class UnknownOutcome(Refused):
    code = "unknown-outcome"
    exit_code = 2
    en = "'{obligation}' has no outcome '{outcome}'"
    zh = "“{obligation}” 没有取值 “{outcome}”"
    hint_en = "use one of: {known}"
    hint_zh = "可用：{known}"


class NotPostponable(Refused):
    code = "not-postponable"
    en = "'{obligation}' can't be put off (any more): the policy lets it be {times} times"
    zh = "“{obligation}” 不能（再）延期：政策允许 {times} 次"
    hint_en = "it is due as it stands"
    hint_zh = "请按现有期限办理"


class NotMergeable(Refused):
    code = "not-mergeable"
    en = "'{case}' can't be merged: {because}"
    zh = "“{case}” 不能并案：{because}"


class MergedAway(Refused):
    code = "merged-away"
    en = "'{case}' was merged into '{into}', whose events have numbers of their own"
    zh = "“{case}” 已并入 “{into}”，后者的事件另有编号"
    hint_en = "correct an event of '{into}'; that the two were found to be one is an event of it"
    hint_zh = "请更正 “{into}” 的事件；认定两案为同一组织也是其中之一"


class IdTaken(Refused):
    code = "id-taken"
    en = "'{id}' is the id of '{name}' already"
    zh = "“{id}” 已是 “{name}” 的代码"
    hint_en = "if both are one organisation, say so of the two cases"
    hint_zh = "如两案为同一组织，请认定并案"


class IdMerged(Refused):
    code = "id-merged"
    en = "'{id}' is the id of '{name}', which was merged into '{case}'; that case is found by it already"
    zh = "“{id}” 是已并入 “{case}” 的 “{name}” 的代码，按它已能查到该案卷"
    hint_en = "to go on under '{id}': correct that the two were found to be one (--never), then merge them anew into it"
    hint_zh = "如要以 “{id}” 为准：请先更正认定两案为同一组织的事件（--never），再反过来并案"


class NotVisible(Refused):
    code = "not-visible"
    en = "'{case}' is neither {body}'s own nor below it: {responsible} is responsible"
    zh = "“{case}” 由{responsible}归口，不属于 {body} 及其下级"
    hint_en = "ask its responsible body; a case is seen by that, by its hub, and by who is above either"
    hint_zh = "请联系其归口单位；案卷由归口单位、枢纽单位及其上级可见"


class UnknownGate(Refused):
    code = "unknown-gate"
    exit_code = 2
    en = "there is no gate '{gate}'"
    zh = "没有关口 “{gate}”"
    hint_en = "there are: {known}"
    hint_zh = "可用：{known}"


class NotForGate(Refused):
    code = "not-for-gate"
    en = "'{gate}' is not asked for this organisation"
    zh = "该组织不适用“{gate}”"
    hint_en = "it is for: {when}"
    hint_zh = "适用条件：{when}"


class NotAsked(Refused):
    code = "not-asked"
    en = "'{gate}' waits for no answer: it was not asked, or was passed since"
    zh = "“{gate}”无待回报事项：尚未询问，或已办结"
    hint_en = "ask first"
    hint_zh = "请先询问"


class GateRefused(Refused):
    code = "gate-refused"
    en = "'{gate}' was refused on {day}: {grounds}"
    zh = "“{gate}”于 {day} 的答复为不准予：{grounds}"
    hint_en = "do what the answer says, then ask again"
    hint_zh = "请按答复办理后重新询问"


class AlreadyTold(Refused):
    code = "already-told"
    en = "'{outcome}' was told on {day} already"
    zh = "“{outcome}”已于 {day} 回报"
    hint_en = "still to be told: {left}"
    hint_zh = "尚待回报：{left}"


class UnknownRecord(Refused):
    code = "unknown-record"
    exit_code = 2
    en = "there is no kind of record '{record}'"
    zh = "没有记录种类 “{record}”"
    hint_en = "there are: {known}"
    hint_zh = "可用：{known}"


class BadRecord(Refused):
    code = "bad-record"
    exit_code = 2
    en = "{record}: {reason_en}"
    zh = "{record}：{reason_zh}"
    hint_en = "see what the policy says of this kind of record"
    hint_zh = "见政策对该种记录的规定"


class NotRecordable(Refused):
    code = "not-recordable"
    en = "'{record}' is not recorded for this organisation"
    zh = "该组织不适用“{record}”"
    hint_en = "it is for: {when}"
    hint_zh = "适用条件：{when}"


class NotRecorded(Refused):
    code = "not-recorded"
    en = "event {seq} of '{case}' is no record that still stands"
    zh = "“{case}”的第 {seq} 号事件不是有效的记录"
    hint_en = "look the record up in the history of the case"
    hint_zh = "请在案卷历史中查找该记录"


class UnknownVenue(Refused):
    code = "unknown-venue"
    exit_code = 2
    en = "there is no venue '{venue}'"
    zh = "没有场所 “{venue}”"
    hint_en = "near it: {known}"
    hint_zh = "相近的有：{known}"


class UnknownGroup(Refused):
    code = "unknown-group"
    exit_code = 2
    en = "there is no kind of group '{group}'"
    zh = "没有联合种类 “{group}”"
    hint_en = "there are: {known}"
    hint_zh = "可用：{known}"


class NotAGroup(Refused):
    code = "not-a-group"
    en = "'{case}' is a {workflow}, and no {group}"
    zh = "“{case}”是{workflow}，不能作为{group}"
    hint_en = "give the case of a {of}"
    hint_zh = "请给出{of}的案卷"


class NotEligible(Refused):
    code = "not-eligible"
    en = "'{case}' may not join {group}: {failed}"
    zh = "“{case}”不能加入{group}：{failed}"
    hint_en = "if that changed, bring the facts up to date first"
    hint_zh = "情况有变的，请先更新事实"


class AlreadyMember(Refused):
    code = "already-member"
    en = "'{case}' is a member of {of} since {since}"
    zh = "“{case}”自 {since} 起已是 {of} 的成员"
    hint_en = "it has to leave that one first"
    hint_zh = "请先退出原组织"


class NotMember(Refused):
    code = "not-member"
    en = "'{case}' is no member of {of}"
    zh = "“{case}”不是 {of} 的成员"
    hint_en = "look it up in the list of members"
    hint_zh = "请在成员列表中查找"


class GroupFull(Refused):
    code = "group-full"
    en = "{group} has {most} members at most"
    zh = "{group}最多 {most} 个成员"
    hint_en = "found another"
    hint_zh = "请另行组建"


class TooFewMembers(Refused):
    code = "too-few-members"
    en = "{group} needs {least} members at least"
    zh = "{group}至少需要 {least} 个成员"
    hint_en = "name more of them"
    hint_zh = "请补足成员"


class NotContinued(Refused):
    code = "not-continued"
    en = "'{case}' stands at '{state}', from where no other case carries it on"
    zh = "“{case}”处于“{state}”，不能由其他案卷接续"
    hint_en = "it can be carried on from: {known}"
    hint_zh = "可接续的环节：{known}"


class StillTheSame(Refused):
    code = "still-the-same"
    en = "what carries '{case}' on would still be a {workflow}"
    zh = "接续“{case}”的组织仍会是{workflow}"
    hint_en = "give the facts that say what it is now, such as what it was registered as"
    hint_zh = "请给出说明其现为何种组织的事实，例如登记类型"


class RequestReused(Refused):
    code = "request-reused"
    en = "request id '{request_id}' was already used for something else"
    zh = "请求号 “{request_id}” 已用于其他操作"
    hint_en = "give a new request id"
    hint_zh = "请换一个请求号"


class RequestErased(Refused):
    code = "request-erased"
    en = "what request id '{request_id}' was used for was erased, so it can't be told whether this is the same"
    zh = "请求号 “{request_id}” 所办的内容已擦除，无法判断是否为同一操作"
    hint_en = "look at the history whether it was done; if not, give a new request id"
    hint_zh = "请查看案卷历史是否已办；若未办，请换一个请求号"
