"""What was asked for wrongly."""

from __future__ import annotations

from .base import GuikouError


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


class Ambiguous(UsageError):
    code = "ambiguous"
    en = "'{word}' may mean several: {matches}"
    zh = "“{word}” 可指多项：{matches}"
    hint_en = "write more of it, or the code"
    hint_zh = "请写得更完整，或写代码"


class AmbiguousCase(UsageError):
    code = "ambiguous-case"
    en = "'{word}' may mean several cases: {matches}"
    zh = "“{word}” 可指多个案卷：{matches}"
    hint_en = "write more of the name, or the id"
    hint_zh = "请写得更完整，或写案卷编号"


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
    hint_en = "near it: {known}"
    hint_zh = "相近的有：{known}"


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
    hint_en = "near it: {known}"
    hint_zh = "相近的有：{known}"


class BadFact(UsageError):
    code = "bad-fact"
    en = "{fact}: '{value}' is no {kind}"
    zh = "{fact}：“{value}” 不是{kind}"
    hint_en = "give {expected}"
    hint_zh = "应为 {expected}"


class NotCanonical(UsageError):
    code = "not-canonical"
    en = "this can't be kept: {reason_en}"
    zh = "无法保存：{reason_zh}"
    hint_en = "give text, days, decimals and whole numbers below 2^53"
    hint_zh = "请给出文本、日期、小数或小于 2^53 的整数"


class NotKept(UsageError):
    code = "not-kept"
    en = "a value can't be kept: {reason}"
    zh = "有一个值无法保存：{reason}"
    hint_en = "nothing was changed; correct the value"
    hint_zh = "未做任何更改；请更正该值"


class BadText(UsageError):
    code = "bad-text"
    en = "{what_en} {reason_en}"
    zh = "{what_zh}{reason_zh}"
    hint_en = "give it without; nothing is guessed"
    hint_zh = "请改正后重新提供；系统不作猜测"


class BadIdentity(UsageError):
    code = "bad-id"
    en = "'{id}' is no {title}: {because}"
    zh = "“{id}” 不是{title}：{because}"
    hint_en = "give it as it was issued"
    hint_zh = "请按核发的代码填写"


class UnknownCase(UsageError):
    code = "unknown-case"
    exit_code = 1
    en = "no case '{case}'"
    zh = "没有案卷 “{case}”"
    hint_en = "near it: {known}; look it up in the list of cases"
    hint_zh = "相近的有：{known}；请在案卷列表中查找"


class BadRow(UsageError):
    code = "bad-row"
    en = "{reason_en}"
    zh = "{reason_zh}"


class FutureDay(UsageError):
    code = "future-day"
    en = "{day} is still to come: today is {today}"
    zh = "{day} 尚未到来：今天是 {today}"
    hint_en = "give today or a day before; a dry run shows what would happen later"
    hint_zh = "请给出今天或更早的日期；如只想查看，可试运行"


class BadChannel(UsageError):
    code = "bad-channel"
    en = "'{to}' is no place to deliver notices to"
    zh = "“{to}” 不是可投递的去处"
    hint_en = "give stdout, file:PATH, smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS, smtps://... or https://..."
    hint_zh = "可用：stdout、file:路径、smtp://用户:口令@主机:端口?from=地址、smtps://…、https://…"


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
