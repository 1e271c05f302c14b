"""What was asked for wrongly."""

from __future__ import annotations

from .base import GuikouError


class UsageError(GuikouError):
    code = "usage"
    exit_code = 2


class WrongUsage(UsageError):
    en = "{reason_en}"
    zh = "{reason_zh}"


class NotSaved(UsageError):
    """A file that can't be written, or must not be: nothing of it was changed."""

    code = "not-saved"
    en = "{path} was not saved: {reason_en}"
    zh = "未保存 {path}：{reason_zh}"
    hint_en = "give another path"
    hint_zh = "请另给路径"


class UnknownChoice(UsageError):
    code = "unknown-name"
    en = "no {kind_en} '{name}'"
    zh = "没有{kind_zh} “{name}”"
    hint_en = "use one of: {known}"
    hint_zh = "可用：{known}"


class BadArgument(UsageError):
    code = "bad-argument"
    en = "{name}: {value} is not what it takes"
    zh = "{name}：{value} 不可用"
    hint_en = "give {expected}"
    hint_zh = "应为{expected}"


class BatchRun(UsageError):
    code = "batch-run"
    en = "the batch was run already"
    zh = "这一批已经执行"
    hint_en = "begin another one"
    hint_zh = "请另开一批"


class NotRun(UsageError):
    code = "not-run"
    en = "the batch was not run yet, so there is no answer"
    zh = "这一批尚未执行，还没有答复"
    hint_en = "run it first"
    hint_zh = "请先执行"


class SharingEnded(UsageError):
    code = "sharing-ended"
    en = "it was closed, and takes no more commands"
    zh = "已关闭，不再接受命令"
    hint_en = "make another one"
    hint_zh = "请另建一个"


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
    hint_en = "like it: {near}; from here: {known}"
    hint_zh = "名称相近的：{near}；当前可用：{known}"


class UnknownBody(UsageError):
    code = "unknown-body"
    en = "no body '{body}' in the policy"
    zh = "政策中没有机构 “{body}”"
    hint_en = "near it: {known}; {none}"
    hint_zh = "相近的有：{known}；{none}"


class UnknownArea(UsageError):
    code = "unknown-area"
    en = "no area '{area}' in the policy"
    zh = "政策中没有区域 “{area}”"
    hint_en = "near it: {known}; {wider}"
    hint_zh = "相近的有：{known}；{wider}"


class AmbiguousArea(UsageError):
    code = "ambiguous-area"
    en = "'{area}' may be any of: {known}"
    zh = "“{area}” 可能指：{known}"
    hint_en = "write it in full"
    hint_zh = "请写全称"


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
    hint_en = "give it as it was issued; it looks like {example}"
    hint_zh = "请按核发的代码填写；例如 {example}"


class UnknownCase(UsageError):
    code = "unknown-case"
    exit_code = 1
    en = "no case '{case}'"
    zh = "没有案卷 “{case}”"
    hint_en = "near it: {known}; look it up in the list of cases"
    hint_zh = "相近的有：{known}；请在案卷列表中查找"


class BadEvidence(UsageError):
    code = "bad-evidence"
    en = "{file} is no evidence: {reason_en}"
    zh = "{file} 不能作为材料：{reason_zh}"
    hint_en = "name a file that can be read"
    hint_zh = "请给出可读取的文件"


class BadRemark(UsageError):
    code = "bad-remark"
    en = "this remark can't be kept: {reason}"
    zh = "备注无法保存：{reason}"
    hint_en = "write it in one line"
    hint_zh = "请写成一行"


class OnlyParked(UnknownCase):
    code = "parked"
    en = "'{case}' is no case yet: it is parked since {since}, and lacks {lacks}"
    zh = "“{case}” 尚未立案：自 {since} 起暂存，尚缺{lacks}"
    hint_en = "complete what is parked"
    hint_zh = "请补全暂存的内容"


class NotOpenedThen(UnknownCase):
    code = "not-opened-then"
    en = "on {day} there was no case '{case}' yet: it was opened on {since}"
    zh = "{day} 时尚无案卷 “{case}”：{since} 才立案"
    hint_en = "give that day or a later one"
    hint_zh = "请给出该日或更晚的日期"


class NotParked(UsageError):
    code = "not-parked"
    exit_code = 1
    en = "nothing is parked under '{id}'"
    zh = "没有暂存 “{id}”"
    hint_en = "near it: {known}; look it up among what is parked"
    hint_zh = "相近的有：{known}；请在暂存列表中查找"


class ParkedNoMore(NotParked):
    code = "parked-no-more"
    en = "'{id}' waits no more: it was {became} on {day}"
    zh = "“{id}” 已于 {day} {became}"
    hint_en = "look at the case '{case}'"
    hint_zh = "请查看案卷 {case}"


class UnknownImport(UsageError):
    code = "unknown-import"
    exit_code = 1
    en = "there is no import {number}"
    zh = "没有第 {number} 次导入"
    hint_en = "look it up in the list of imports"
    hint_zh = "请在导入列表中查找"


class MissingValue(UsageError):
    code = "missing-value"
    en = "the {what} is empty"
    zh = "“{what}” 为空"


class ImportEnded(UsageError):
    code = "import-ended"
    exit_code = 1
    en = "import {number} was ended by somebody else meanwhile: it is {state}"
    zh = "第 {number} 次导入已被他人结束：{state}"


class BadRow(UsageError):
    code = "bad-row"
    en = "{reason_en}"
    zh = "{reason_zh}"


class BadCell(UsageError):
    code = "bad-cell"
    en = "{reason}"
    zh = "{reason}"


class UnknownColumns(UsageError):
    code = "unknown-column"
    en = "these columns mean nothing to the policy: {columns}"
    zh = "以下各列在政策中没有对应：{columns}"
    hint_en = "say in a mapping what they mean, or that they are ignored"
    hint_zh = "请在对应表中写明其含义，或列入忽略"


class MissingColumns(UsageError):
    code = "missing-column"
    en = "no column gives: {columns}"
    zh = "缺少以下各列：{columns}"
    hint_en = "the file has: {given}; say in a mapping which column it is"
    hint_zh = "文件中有：{given}；请在对应表中写明是哪一列"


class SeveralHeadings(UsageError):
    code = "several-headings"
    en = "several sheets have a heading: {sheets}"
    zh = "多张工作表都有表头：{sheets}"
    hint_en = "name one of them"
    hint_zh = "请指明其中一张"


class ColumnTwice(UsageError):
    code = "column-twice"
    en = "several columns mean {column}: {given}"
    zh = "有多列都表示 “{column}”：{given}"
    hint_en = "keep one of them; a mapping can ignore the others"
    hint_zh = "只保留一列；其余可在对应表中忽略"


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


class RecordOnly(UsageError):
    code = "record-only"
    en = "what was on record then can be asked of cases alone, and nothing can be changed in it"
    zh = "按当时的记录只能查询案卷，不能变更"
    hint_en = "leave out from when on record it should be"
    hint_zh = "请不要限定记录的日期"
