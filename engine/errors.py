"""Everything that can go wrong, one tree: a stable code, one sentence in both languages, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Where:
    """The place of an error: a file with its line, or a table's row and column (both counted from 1)."""

    file: str | None = None
    line: int | None = None
    row: int | None = None
    column: str | None = None

    def text(self, lang: Lang) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}" if place else f"line {self.line}"
        parts = [place] if place else []
        if self.row is not None:
            parts.append(f"第 {self.row} 行" if lang == "zh" else f"row {self.row}")
        if self.column is not None:
            parts.append(f"“{self.column}” 列" if lang == "zh" else f"column '{self.column}'")
        return ("，" if lang == "zh" else ", ").join(parts)


class GuikouError(Exception):
    """The base of all. A subclass gives its code and its sentences; an instance gives what fills them in."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    en: ClassVar[str] = "something went wrong"
    zh: ClassVar[str] = "出错"
    hint_en: ClassVar[str] = ""
    hint_zh: ClassVar[str] = ""

    def __init__(self, *, where: Where | None = None, **details: Any) -> None:
        self.where = where
        self.details = details
        super().__init__(self.line("en"))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.where, self.details)

    def at(self, where: Where) -> GuikouError:
        """The same error with its place, for a caller that knows it."""
        return type(self)(where=where, **self.details)

    def message(self, lang: Lang = "en") -> str:
        return (self.zh if lang == "zh" else self.en).format_map(_Shown(self.details, lang))

    def hint(self, lang: Lang = "en") -> str:
        return (self.hint_zh if lang == "zh" else self.hint_en).format_map(_Shown(self.details, lang))

    def line(self, lang: Lang = "en") -> str:
        """Place, sentence and hint in one line."""
        place = self.where.text(lang) if self.where else ""
        hint = self.hint(lang)
        if lang == "zh":
            return (place + "：" if place else "") + self.message(lang) + ("；" + hint if hint else "")
        return (place + ": " if place else "") + self.message(lang) + ("; " + hint if hint else "")

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": {"zh": self.message("zh"), "en": self.message("en")},
            "where": self.where.text("en") if self.where else None,
            "hint": {"zh": self.hint("zh"), "en": self.hint("en")},
        }


def _again(kind: type[GuikouError], where: Where | None, details: dict[str, Any]) -> GuikouError:
    """An error as it was in another process."""
    return kind(where=where, **details)


class _Shown(dict[str, Any]):
    """Details as a person reads them: lists joined, a pair of titles in the language asked for."""

    def __init__(self, details: dict[str, Any], lang: Lang) -> None:
        super().__init__({key: shown(value, lang) for key, value in details.items()})


def shown(value: Any, lang: Lang = "en") -> str:
    """A value as a sentence shows it."""
    if hasattr(value, "zh") and hasattr(value, "en"):
        return str(getattr(value, lang))
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return ("、" if lang == "zh" else ", ").join(shown(item, lang) for item in items)
    return str(value)


# --- what is written wrongly in a policy -----------------------------------------------------------------------------


class PolicyError(GuikouError):
    code = "policy"


class BadFile(PolicyError):
    code = "bad-file"
    en = "cannot be read: {reason}"
    zh = "无法读取：{reason}"


class UnknownPolicy(PolicyError):
    code = "unknown-policy"
    exit_code = 2
    en = "no policy '{name}'"
    zh = "没有名为 “{name}” 的政策"
    hint_en = "name a folder with a policy.yaml, or one of: {known}"
    hint_zh = "请给出含 policy.yaml 的目录，或其中之一：{known}"


class UnknownKey(PolicyError):
    code = "unknown-key"
    en = "unknown key '{key}'"
    zh = "未知的键 “{key}”"
    hint_en = "use one of: {known}"
    hint_zh = "可用的键：{known}"


class DuplicateKey(PolicyError):
    code = "duplicate-key"
    en = "'{key}' stands twice"
    zh = "“{key}” 重复出现"
    hint_en = "keep one of them"
    hint_zh = "只保留一个"


class BadValue(PolicyError):
    code = "bad-value"
    en = "'{field}': {reason_en}"
    zh = "“{field}”：{reason_zh}"


class BadTest(PolicyError):
    code = "bad-test"
    en = "'{text}' is no test of {fact}, {kind}"
    zh = "“{text}” 不是对 {fact}（{kind}）的有效判断"
    hint_en = "write {expected}"
    hint_zh = "应写作 {expected}"


class UnknownFact(PolicyError):
    code = "unknown-fact"
    en = "no fact '{fact}' is declared"
    zh = "没有声明事实 “{fact}”"
    hint_en = "declare it under facts, or use one of: {known}"
    hint_zh = "请在 facts 下声明，或使用：{known}"


class UnknownName(PolicyError):
    code = "unknown-name"
    en = "no {kind_en} '{name}'"
    zh = "没有{kind_zh} “{name}”"
    hint_en = "use one of: {known}"
    hint_zh = "可用：{known}"


class BadTree(PolicyError):
    code = "bad-tree"
    en = "'{name}' has no way to the top: {reason_en}"
    zh = "“{name}” 无法上溯至顶层：{reason_zh}"
    hint_en = "give each its parent, and one of them none"
    hint_zh = "请写明各自的上级，且只有一个没有上级"


class BadTable(PolicyError):
    code = "bad-table"
    en = "table '{table}': {reason_en}"
    zh = "表 “{table}”：{reason_zh}"


# --- what a user gave wrongly ----------------------------------------------------------------------------------------


class UsageError(GuikouError):
    code = "usage"
    exit_code = 2


class WrongUsage(UsageError):
    en = "{reason_en}"
    zh = "{reason_zh}"


class UnknownChoice(UsageError):
    code = "unknown-name"
    en = "no {kind_en} '{name}'"
    zh = "没有{kind_zh} “{name}”"
    hint_en = "use one of: {known}"
    hint_zh = "可用：{known}"


class NaiveDatetime(UsageError):
    code = "naive-datetime"
    en = "'{value}' has no time zone"
    zh = "时间 “{value}” 没有时区"
    hint_en = "give an instant with an offset, or a date"
    hint_zh = "请给出带时区偏移的时刻，或日期"


class UnknownTrigger(UsageError):
    code = "unknown-trigger"
    en = "workflow '{workflow}' has no trigger '{trigger}'"
    zh = "流程 “{workflow}” 没有动作 “{trigger}”"
    hint_en = "from here: {known}"
    hint_zh = "当前可用：{known}"


class UnknownBody(UsageError):
    code = "unknown-body"
    en = "no body '{body}' in the policy"
    zh = "政策中没有机构 “{body}”"
    hint_en = "near it: {known}; all of them: guikou policy show --part bodies"
    hint_zh = "相近的有：{known}；全部列表：guikou policy show --part bodies"


class UnknownArea(UsageError):
    code = "unknown-area"
    en = "no area '{area}' in the policy"
    zh = "政策中没有区域 “{area}”"
    hint_en = "near it: {known}"
    hint_zh = "相近的有：{known}"


class NotAFact(UsageError):
    code = "not-a-fact"
    en = "no fact '{fact}'"
    zh = "没有事实 “{fact}”"
    hint_en = "facts of this policy: {known}"
    hint_zh = "本政策的事实：{known}"


class BadFact(UsageError):
    code = "bad-fact"
    en = "{fact}: '{value}' is no {kind}"
    zh = "{fact}：“{value}” 不是{kind}"
    hint_en = "give {expected}"
    hint_zh = "应为 {expected}"


class UnknownCase(UsageError):
    code = "unknown-case"
    exit_code = 1
    en = "no case '{case}'"
    zh = "没有案卷 “{case}”"
    hint_en = "list the cases: guikou list"
    hint_zh = "可用 guikou list 列出案卷"


class BadRow(UsageError):
    code = "bad-row"
    en = "{reason_en}"
    zh = "{reason_zh}"


# --- what the rules refuse -------------------------------------------------------------------------------------------


class Refused(GuikouError):
    """The command was understood and is not allowed; nothing changed. `decide` returns it, the façade raises it."""

    code = "refused"


class MissingFact(Refused):
    code = "missing-fact"
    en = "{fact} is not known, and {rule} needs it"
    zh = "缺少 “{fact}”，而 {rule} 需要它"
    hint_en = "supply it: guikou facts CASE {key}=…, or in the imported file"
    hint_zh = "请补充：guikou facts 案卷 {key}=…，或写入导入文件"


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
    hint_en = "correct the facts; the policy says so at {rule}"
    hint_zh = "请更正事实；依据见政策 {rule}"


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
    hint_en = "bring the facts up to date first: guikou facts CASE FACT=VALUE"
    hint_zh = "请先更新事实：guikou facts 案卷 事实=值"


class NotFromHere(Refused):
    code = "not-from-here"
    en = "'{trigger}' is not possible from '{state}'"
    zh = "“{state}” 环节不能办理 “{trigger}”"
    hint_en = "from here: {known}"
    hint_zh = "当前可办理：{known}"


class MayNotAct(Refused):
    code = "may-not-act"
    en = "{body} may not '{trigger}' this case"
    zh = "{body} 无权对该案卷办理 “{trigger}”"
    hint_en = "it is for {allowed}"
    hint_zh = "应由 {allowed} 办理"


class EvidenceMissing(Refused):
    code = "evidence-missing"
    en = "'{trigger}' needs evidence: {missing}"
    zh = "办理 “{trigger}” 需要材料：{missing}"
    hint_en = "add --evidence {key}=REFERENCE"
    hint_zh = "请加上 --evidence {key}=文号"


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
    en = "the case was last changed at {last}, after {at}"
    zh = "案卷最近一次变更在 {last}，晚于 {at}"
    hint_en = "give a later day"
    hint_zh = "请给出更晚的日期"


class AlreadyOpen(Refused):
    code = "already-open"
    en = "'{case}' is already open"
    zh = "“{case}” 已立案"
    hint_en = "look at it: guikou show {case}"
    hint_zh = "查看：guikou show {case}"


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
    hint_en = "add --reason TEXT"
    hint_zh = "请加 --reason 理由"


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


class FutureDay(UsageError):
    code = "future-day"
    en = "{day} is still to come: today is {today}"
    zh = "{day} 尚未到来：今天是 {today}"
    hint_en = "see what would happen with --dry-run"
    hint_zh = "如只想查看，请加 --dry-run"


class BadChannel(UsageError):
    code = "bad-channel"
    en = "'{to}' is no place to deliver notices to"
    zh = "“{to}” 不是可投递的去处"
    hint_en = "give stdout, file:PATH, smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS, smtps://... or https://..."
    hint_zh = "可用：stdout、file:路径、smtp://用户:口令@主机:端口?from=地址、smtps://…、https://…"


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


class NotOpenYet(Refused):
    code = "not-open-yet"
    en = "'{obligation}' opens on {opens}"
    zh = "“{obligation}” 自 {opens} 起办理"
    hint_en = "wait until then"
    hint_zh = "请届时办理"


class UnknownOutcome(Refused):
    code = "unknown-outcome"
    exit_code = 2
    en = "'{obligation}' needs an outcome that it has, not '{outcome}'"
    zh = "“{obligation}” 需要其已有的结论，而非 “{outcome}”"
    hint_en = "use one of: {known}"
    hint_zh = "可用：{known}"


class NotPostponable(Refused):
    code = "not-postponable"
    en = "'{obligation}' can't be put off (any more): the policy lets it be {times} times"
    zh = "“{obligation}” 不能（再）延期：政策允许 {times} 次"
    hint_en = "it is due as it stands"
    hint_zh = "请按现有期限办理"


class NotVisible(Refused):
    code = "not-visible"
    en = "'{case}' is neither {body}'s own nor below it"
    zh = "“{case}” 不属于 {body} 及其下级"
    hint_en = "ask its responsible body"
    hint_zh = "请联系其归口单位"


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
    hint_en = "ask first: guikou gate ask CASE {key}"
    hint_zh = "请先询问：guikou gate ask 案卷 {key}"


class GateRefused(Refused):
    code = "gate-refused"
    en = "'{gate}' was refused on {day}: {grounds}"
    zh = "“{gate}”于 {day} 的答复为不予通过：{grounds}"
    hint_en = "do what the answer says, then ask again: guikou gate ask CASE {key}"
    hint_zh = "请按答复办理后重新询问：guikou gate ask 案卷 {key}"


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
    hint_en = "see guikou record --help"
    hint_zh = "见 guikou record --help"


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
    hint_en = "see guikou history {case}"
    hint_zh = "见 guikou history {case}"


class UnknownVenue(Refused):
    code = "unknown-venue"
    exit_code = 2
    en = "there is no venue '{venue}'"
    zh = "没有场所 “{venue}”"
    hint_en = "did you mean {known}? All of them: guikou venues"
    hint_zh = "是否为 {known}？全部见 guikou venues"


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
    hint_en = "see guikou show {case}; record what changed with guikou facts"
    hint_zh = "见 guikou show {case}；情况有变请用 guikou facts 更新"


class AlreadyMember(Refused):
    code = "already-member"
    en = "'{case}' is a member of {of} since {since}"
    zh = "“{case}”自 {since} 起已是 {of} 的成员"
    hint_en = "it leaves that one with: guikou member leave {of} {case}"
    hint_zh = "退出请用：guikou member leave {of} {case}"


class NotMember(Refused):
    code = "not-member"
    en = "'{case}' is no member of {of}"
    zh = "“{case}”不是 {of} 的成员"
    hint_en = "its members: guikou member list {of}"
    hint_zh = "成员见：guikou member list {of}"


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


class UnknownIndicator(UsageError):
    code = "unknown-indicator"
    en = "there is no indicator '{indicator}'"
    zh = "没有指标 “{indicator}”"
    hint_en = "there are: {known}"
    hint_zh = "可用：{known}"


class UnknownSupport(UsageError):
    code = "unknown-support"
    en = "there is no support '{support}'"
    zh = "没有支持事项 “{support}”"
    hint_en = "there are: {known}"
    hint_zh = "可用：{known}"


class NotGroupedBy(UsageError):
    code = "not-grouped-by"
    en = "'{indicator}' is not grouped by '{by}'"
    zh = "“{indicator}”不能按 “{by}” 分组"
    hint_en = "it is grouped by: {known}"
    hint_zh = "可按：{known}"


class RequestReused(Refused):
    code = "request-reused"
    en = "request id '{request_id}' was already used for something else"
    zh = "请求号 “{request_id}” 已用于其他操作"
    hint_en = "give a new request id"
    hint_zh = "请换一个请求号"


# --- the store -------------------------------------------------------------------------------------------------------


class StoreError(GuikouError):
    code = "store"


class StoreBusy(StoreError):
    code = "store-busy"
    en = "the database is locked by another program"
    zh = "数据库被其他程序锁定"
    hint_en = "nothing was changed; try again"
    hint_zh = "未做任何更改，请稍后重试"


class StoreUnreachable(StoreError):
    code = "store-unreachable"
    en = "the database cannot be opened: {reason}"
    zh = "无法打开数据库：{reason}"
    hint_en = "check --db"
    hint_zh = "请检查 --db"


class NotInitialized(StoreError):
    code = "not-initialized"
    en = "{db} holds no supervision data"
    zh = "{db} 中没有监管数据"
    hint_en = "run guikou init first"
    hint_zh = "请先运行 guikou init"


class AlreadyInitialized(StoreError):
    code = "already-initialized"
    en = "{db} already runs another policy, {policy}"
    zh = "{db} 已在运行另一政策 {policy}"
    hint_en = "change it with: guikou policy activate"
    hint_zh = "如需更换：guikou policy activate"


class SchemaVersion(StoreError):
    code = "schema-version"
    en = "{db} has schema {found}, and this guikou works with {wanted}"
    zh = "{db} 的结构版本为 {found}，本程序需要 {wanted}"
    hint_en = "guikou init upgrades an older one; for a newer one use a newer guikou"
    hint_zh = "旧库请运行 guikou init 升级；新库请使用更新的版本"


class CaseChanged(StoreError):
    code = "case-changed"
    en = "'{case}' was changed by somebody else meanwhile"
    zh = "“{case}” 同时被他人更改"
    hint_en = "nothing was changed; look again and retry"
    hint_zh = "未做任何更改，请查看后重试"


class PolicyInUse(StoreError):
    code = "policy-in-use"
    en = "{count} cases stand where the new policy has no such {kind_en}: {names}"
    zh = "有 {count} 个案卷所在的{kind_zh}在新政策中不存在：{names}"
    hint_en = "keep those names, or move the cases first"
    hint_zh = "请保留这些名称，或先移动案卷"


class BrokenChain(StoreError):
    code = "broken-chain"
    en = "the history of '{case}' was tampered with at event {seq}"
    zh = "“{case}” 的历史在第 {seq} 号事件处被篡改"
    hint_en = "restore it from a backup"
    hint_zh = "请从备份恢复"


class NotInstalled(GuikouError):
    code = "not-installed"
    en = "this needs {library}"
    zh = "此功能需要 {library}"
    hint_en = "pip install 'guikou[{extra}]'"
    hint_zh = "pip install 'guikou[{extra}]'"
