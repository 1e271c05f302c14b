"""What to do about an error, in the words of this command line, and an error as the one line that it prints."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import partial

from guikou.engine.errors import GuikouError, UnknownChoice
from guikou.engine.text import Title, shown

from . import language
from .language import Lang

#: By the error's code, with its details to fill in, what stands in < > once for each of a list; an error that is not
#: listed says itself what to do.
HINTS: Mapping[str, Title] = {
    "unknown-body": Title(
        "相近的有：{known}；{none}；全部列表：guikou policy show --part bodies",
        "near it: {known}; {none}; all of them: guikou policy show --part bodies",
    ),
    "not-a-fact": Title(
        "相近的有：{known}；全部见 guikou policy show --part facts",
        "near it: {known}; all of them: guikou policy show --part facts",
    ),
    "unknown-obligation": Title(
        "可用：{known}；全部见 guikou policy show --part obligations",
        "there are: {known}; all of them: guikou policy show --part obligations",
    ),
    "unknown-blocker": Title(
        "可用：{known}；全部见 guikou policy show --part blockers",
        "there are: {known}; all of them: guikou policy show --part blockers",
    ),
    "unknown-gate": Title(
        "可用：{known}；全部见 guikou policy show --part gates",
        "there are: {known}; all of them: guikou policy show --part gates",
    ),
    "unknown-record": Title(
        "可用：{known}；全部见 guikou policy show --part records",
        "there are: {known}; all of them: guikou policy show --part records",
    ),
    "unknown-group": Title(
        "可用：{known}；全部见 guikou policy show --part groups",
        "there are: {known}; all of them: guikou policy show --part groups",
    ),
    "unknown-support": Title(
        "可用：{known}；全部见 guikou policy show --part support",
        "there are: {known}; all of them: guikou policy show --part support",
    ),
    "unknown-indicator": Title(
        "可用：{known}；全部见 guikou policy show --part indicators",
        "there are: {known}; all of them: guikou policy show --part indicators",
    ),
    "unknown-area": Title(
        "相近的有：{known}；全部见 guikou policy show --part areas",
        "near it: {known}; all of them: guikou policy show --part areas",
    ),
    "unknown-column": Title(
        "请先运行 guikou import 文件 --propose -o mapping.yaml，核对后用 --mapping mapping.yaml 导入",
        "run guikou import FILE --propose -o mapping.yaml, look it through, and import with --mapping mapping.yaml",
    ),
    "missing-column": Title(
        "文件中有：{given}；请用 --propose 写出对应表，写明是哪一列，再用 --mapping 导入",
        "the file has: {given}; write a mapping with --propose, say in it which column it is, and import with --mapping",
    ),
    "several-headings": Title(
        "请用 --sheet 指明其中一张",
        "name one of them with --sheet",
    ),
    "column-twice": Title(
        "只保留一列，或用 --propose 写出对应表并忽略其余",
        "keep one of them, or ignore the others in a mapping (--propose writes one)",
    ),
    "may-miss-fact": Title(
        "请一并补充已知的：{key}",
        "supply what is known of {key}",
    ),
    "unknown-case": Title(
        "相近的有：{known}；可用 guikou list 列出案卷",
        "near it: {known}; list the cases: guikou list",
    ),
    "not-opened-then": Title(
        "请给出该日或更晚的 --as-of",
        "give that day or a later one with --as-of",
    ),
    "parked": Title(
        "补全：guikou parked complete {case} 事实=值",
        "complete it: guikou parked complete {case} FACT=VALUE",
    ),
    "not-parked": Title(
        "相近的有：{known}；全部暂存：guikou parked list",
        "near it: {known}; what is parked: guikou parked list",
    ),
    "id-taken": Title(
        "如两案为同一组织，请认定并案：guikou same 案卷 另一案卷 --reason 理由",
        "if both are one organisation, say so: guikou same CASE OTHER --reason WHY",
    ),
    "parked-no-more": Title(
        "查看：guikou show {case}；全部见 guikou parked list --all",
        "look at it: guikou show {case}; all that was parked: guikou parked list --all",
    ),
    "unknown-import": Title(
        "导入记录：guikou imports list",
        "the imports: guikou imports list",
    ),
    "row-again": Title(
        "本行如属另一组织，请改正其代码；如以本行为准，请在退回文件中清空该行左起第二格（退回原因的代码）",
        "if this row is another organisation's, correct its id; if it is the right one, empty its second cell, "
        "which says why, in the rejects file",
    ),
    "case-withdrawn": Title(
        "重新导入该组织即可再次立案；经过见 guikou history {case}",
        "import the organisation again to open it anew; see guikou history {case}",
    ),
    "import-in-use": Title(
        "各行见 guikou imports show {number}，变动见 guikou history 案卷；其后的变动已另行办理，不能随导入撤销：当初记错的，逐件用 guikou correct 更正",
        "row by row: guikou imports show {number}, what happened: guikou history CASE; what was done since is not undone "
        "with it: correct what was wrong one by one, with guikou correct",
    ),
    "missing-fact": Title(
        "请补充：guikou facts 案卷< {typed}=值>，或写入导入文件；可能还需：{perhaps}",
        "supply it: guikou facts CASE< {typed}=VALUE>, or in the imported file; it may need as well: {perhaps}",
    ),
    "guard-not-met": Title(
        "现在可办理：{known}；实情如已改变，请更新事实：guikou facts 案卷 {key}=值",
        "possible now: {known}; if it has changed, bring the facts up to date: guikou facts CASE {key}=VALUE",
    ),
    "newer-than-backup": Title(
        "未做任何更改；请先备份现有数据库（guikou db backup 文件），再加上 --discard",
        "nothing was changed; make a backup of it first (guikou db backup FILE), then add --discard",
    ),
    "bad-key": Title(
        "请给出 guikou audit key 所写的密钥文件；还没有的，先运行 guikou audit key 文件",
        "give the file that guikou audit key wrote; where there is none yet: guikou audit key FILE",
    ),
    "no-key": Title("请先运行 guikou audit key 文件", "run guikou audit key FILE first"),
    "key-there": Title("请加上 --old-key 文件，由该密钥签名交接", "add --old-key FILE, so that it signs the change"),
    "not-sealed": Title(
        "请先封存：guikou audit seal --key 文件", "seal the record first: guikou audit seal --key FILE"
    ),
    "unknown-event": Title(
        "最后一个是第 {last} 号；见 guikou history", "its last is no. {last}; look it up with guikou history"
    ),
    "unknown-seal": Title(
        "现有 {known}（与密钥的声明连续编号）；见 guikou audit seals",
        "there are {known} (numbered together with what is stated of keys); see guikou audit seals",
    ),
    "unknown-signing-key": Title("现有 {known}；见 guikou audit keys", "there are {known}; see guikou audit keys"),
    "record-changed": Title(
        "请运行 guikou audit verify 查明全部改动，并从备份恢复",
        "run guikou audit verify for all that was changed, and restore the database from a backup",
    ),
    "evidence-missing": Title(
        "请加上< --evidence {typed}=文号>",
        "add< --evidence {typed}=REFERENCE>",
    ),
    "evidence-and-reason-missing": Title(
        "请加上 --reason 理由< --evidence {typed}=文号>",
        "add --reason TEXT< --evidence {typed}=REFERENCE>",
    ),
    "outcome-missing": Title(
        "请加上 --outcome 结论，可用：{known}；并加上< --evidence {keys}=文号>",
        "add --outcome with one of: {known}; and add< --evidence {keys}=REFERENCE>",
    ),
    "value-missing": Title(
        "请加上 --value 取值，可用：{known}；并加上< --evidence {keys}=文号>",
        "add --value with one of: {known}; and add< --evidence {keys}=REFERENCE>",
    ),
    "already-open": Title(
        "查看：guikou show {case}",
        "look at it: guikou show {case}",
    ),
    "reason-missing": Title(
        "请加 --reason 理由",
        "add --reason TEXT",
    ),
    "future-day": Title(
        "请给出今天或更早的日期",
        "give today or an earlier day",
    ),
    "not-asked": Title(
        "请先询问：guikou gate ask 案卷 {key}",
        "ask first: guikou gate ask CASE {key}",
    ),
    "gate-refused": Title(
        "请按答复办理后重新询问：guikou gate ask 案卷 {key}",
        "do what the answer says, then ask again: guikou gate ask CASE {key}",
    ),
    "bad-record": Title(
        "见 guikou record --help",
        "see guikou record --help",
    ),
    "not-correctable": Title(
        "请加上< --evidence {keys}=文号>；请用 --because 写明该事件的{unsaid}；可用：{known}；序号及内容见 guikou history 案卷",
        "add< --evidence {keys}=REFERENCE>; give {unsaid} with --because; there is: {known}; its number and what it says: guikou history CASE",
    ),
    "no-longer-admitted": Title(
        "情况属实的，请办理结案：guikou advance {case} 动作，可用：{closing}；事实有误的请更正；依据见政策 {rule}",
        "if it has become so, close its case: guikou advance {case} TRIGGER, with one of: {closing}; correct the facts if "
        "they are wrong; the policy says so at {rule}",
    ),
    "cannot-stand": Title(
        "请先更正该事件：guikou correct 案卷 --event {seq}",
        "correct that one first: guikou correct CASE --event {seq}",
    ),
    "time-runs-back": Title(
        "请给出更晚的 --as-of；确系迟报的，加 --late 原因，其后的决定据此重新作出；原来有误的，请更正：guikou correct 案卷 --event N",
        "give a later --as-of; if it is told late, add --late WHY, and what was decided since is decided anew; correct "
        "what was wrong: guikou correct CASE --event N",
    ),
    "not-reopenable": Title(
        "结案的方式和日期见 guikou history {case}",
        "how and when it was closed: guikou history {case}",
    ),
    "not-recorded": Title(
        "见 guikou history {case}",
        "see guikou history {case}",
    ),
    "unknown-venue": Title(
        "相近的有：{known}；全部见 guikou venues",
        "near it: {known}; all of them: guikou venues",
    ),
    "not-eligible": Title(
        "见 guikou show {case}；情况有变请用 guikou facts 更新",
        "see guikou show {case}; record what changed with guikou facts",
    ),
    "already-member": Title(
        "退出请用：guikou member leave {of} {case}",
        "it leaves that one with: guikou member leave {of} {case}",
    ),
    "not-member": Title(
        "成员见：guikou member list {of}",
        "its members: guikou member list {of}",
    ),
    "store-unreachable": Title(
        "请检查 --db",
        "check --db",
    ),
    "not-initialized": Title(
        "请先运行 guikou init",
        "run guikou init first",
    ),
    "already-initialized": Title(
        "如需更换：guikou policy activate",
        "change it with: guikou policy activate",
    ),
    "schema-version": Title(
        "旧库请运行 guikou init 升级；新库请使用更新的版本",
        "guikou init upgrades an older one; for a newer one use a newer guikou",
    ),
    "not-backed-up": Title(
        "未做任何更改；不备份而继续：guikou init --no-backup",
        "nothing was changed; guikou init --no-backup goes on without one",
    ),
    "policy-unsound": Title("查看全部：guikou policy check", "see them all: guikou policy check"),
}


#: What to do where a group is founded, which has no case yet.
FOUNDED: Mapping[str, Title] = {
    "missing-fact": Title(
        "请加上< --fact {keys}=值>",
        "add< --fact {keys}=VALUE>",
    ),
}
#: What to do where there is no case yet: of a row of a register.
ROW_HINTS: Mapping[str, Title] = {
    "not-admitted": Title(
        "请删去该行，事实有误的请更正；依据见政策 {rule}",
        "leave the row out, or correct it if it is wrong; the policy says so at {rule}",
    ),
    "bad-fact": Title(
        "应为{expected}；也可用 guikou import 文件 --propose 写出对应表，写明该值指什么",
        "give {expected}; or say in a mapping what it means: guikou import FILE --propose",
    ),
    "missing-fact": Title(
        "请在文件中补充 {key}；其余无误而只缺事实的行，可用 --park 暂存后以 guikou parked complete 补全",
        "supply {key} in the file; a row that is right otherwise can be parked (--park), and completed with guikou parked "
        "complete",
    ),
}


def hint(error: GuikouError, lang: Lang | None = None) -> str:
    """What to do about an error; `lang`: instead of the language of the run."""
    lang = lang or language.LANG
    own = (FOUNDED if FOUNDING.get() else HINTS).get(error.code) or HINTS.get(error.code)
    if isinstance(error, UnknownChoice) and (part := _PARTS.get(error.details["kind_en"])) is not None:
        own = Title(
            f"{error.hint_zh}；全部见 guikou policy show --part {part}",
            f"{error.hint_en}; all of them: guikou policy show --part {part}",
        )
    if own is None:
        return error.hint(lang)
    return _CASE.sub(_of_the_case, error.hinted(_EACH.sub(partial(_each, error, lang), shown(own, lang)), lang))


#: What the run was told to do it to, as whom and when, for a hint's command: so that this can be typed as it stands.
TYPED: ContextVar[Callable[[str], Sequence[str]]] = ContextVar("typed", default=lambda command: ())
#: Whether the run founds a group.
FOUNDING: ContextVar[bool] = ContextVar("founding", default=False)
_CASE = re.compile(r"(?<=guikou )([a-z ]+) (?:案卷|CASE)(?![\w.])")


def _of_the_case(found: re.Match[str]) -> str:
    typed = TYPED.get()(found[1])
    return f"{found[1]} {shlex.join(typed)}" if typed else found[0]


#: The part of a policy that lists what an UnknownChoice is of.
_PARTS = {"stage": "workflows", "type": "workflows", "workflow": "workflows", "table": "tables"}
_EACH = re.compile(r"<([^<>]*)\{(\w+)\}([^<>]*)>")


def _each(error: GuikouError, lang: Lang, found: re.Match[str]) -> str:
    """A part of a hint for each of what a detail lists; the detail itself for none, so that the clause is left out."""
    before, name, after = found.groups()
    each = error.details.get(name) or error.details.get("keys") or ()
    return "".join(f"{before}{shown(one, lang)}{after}" for one in each) or f"{{{name}}}"


def row_line(error: GuikouError) -> str:
    """An error of a row of a register in one line."""
    own = ROW_HINTS.get(error.code)
    told = hint(error) if own is None else error.hinted(shown(own, language.LANG), language.LANG)
    return error.line(language.LANG, hint=told)


def line(error: GuikouError, lang: Lang | None = None) -> str:
    """Place, sentence and hint in one line."""
    lang = lang or language.LANG
    return error.line(lang, hint=hint(error, lang))
