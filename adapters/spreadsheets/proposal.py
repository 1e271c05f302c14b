"""A proposed mapping as a YAML text that a person can finish: what is sure, what is only proposed, what is open."""

from __future__ import annotations

import json
import re

from guikou.engine.policy.policy import Policy
from guikou.engine.policy.synonyms import OWN
from guikou.engine.text import Lang, Title, shown

from .columns import NEEDED
from .propose import Proposal, Proposed

_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff_（）、·-]*(?: [A-Za-z0-9\u4e00-\u9fff_]+)*")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_HOW = Title(
    "标有“建议”的是推测，请核对；标有“待填”的请填写并去掉行首的 #；其余与政策中的名称或别名一致。",
    "Look at what is marked PROPOSED; fill in what is marked TO DO and take away its #; the rest is by name.",
)
#: How many texts that are known are named in a comment.
SHOWN = 12


def scalar(text: str) -> str:
    """A text as YAML writes it, in quotes where it must be."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return _UNSAFE.sub(lambda char: f"\\u{ord(char[0]):04x}", json.dumps(text, ensure_ascii=False))


def as_yaml(policy: Policy, proposal: Proposal, lang: Lang) -> str:
    """The mapping's text, with comments in a language. A line that is commented out waits for a person."""
    return "\n".join([*_Writer(policy, proposal, lang).lines()]) + "\n"


class _Writer:
    def __init__(self, policy: Policy, proposal: Proposal, lang: Lang) -> None:
        self.policy, self.proposal, self.lang = policy, proposal, lang

    def say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def lines(self) -> list[str]:
        heading, made = self.proposal.heading, self.proposal
        table = heading.table
        name = table.path.name
        told = self.say(f"对应表：{_line(name)} 的列和取值在政策中的含义。", f"What {_line(name)} means to the policy.")
        lines = [f"# {told}", f"# {shown(_HOW, self.lang)}", f"policy: {self.policy.name}"]
        if table.sheet is not None:
            lines.append(f"sheet: {scalar(table.sheet)}")
        lines.append(f"heading: {heading.line}")
        if table.encoding is not None:
            lines.append(f"encoding: {scalar(table.encoding)}")
        lines += ["", "# " + self.say("列名: 含义", "heading: what it is"), "columns:"]
        lines += [self._entry(one, one.meaning, shown(one.note, self.lang)) for one in made.columns]
        lines += self._missing()
        if made.ignore:
            lines += ["", "# " + self.say("不导入的列", "columns that are not imported"), "ignore:"]
            lines += [
                f"  - {scalar(one.key)}" + self._comment(shown(one.note, self.lang) if not one.sure else "")
                for one in sorted(made.ignore, key=lambda one: not one.sure)
            ]
        if made.constants:
            zh = "全部各行相同的事实。各组织不同的不要填写：缺少的行导入后再补"
            about = self.say(zh, "what holds for all rows; leave out what differs: such rows are completed later")
            lines += ["", f"# {about}", "constants:"]
            lines += [self._entry(one, one.meaning, shown(one.note, self.lang)) for one in made.constants]
        values = [part for name in made.values for part in self._values(name)]
        if values:
            zh = '取值: 含义（"" 为未填，null 为已知没有）'
            about = self.say(zh, 'text: what it means ("" is not known, null is known to be none)')
            lines += ["", f"# {about}", "values:", *values]
        return lines

    def _missing(self) -> list[str]:
        given = {one.meaning for one in self.proposal.columns}
        titles = {name: shown(OWN[name], self.lang) for name in NEEDED if name not in given}
        told = {
            name: self.say(f"待填：哪一列是“{one}”", f"TO DO: which column is it ({one})")
            for name, one in titles.items()
        }
        return [f"  # ?: {name}" + self._comment(what) for name, what in told.items()]

    def _values(self, name: str) -> list[str]:
        made = self.proposal
        listed, known = made.values[name], made.known.get(name, [])
        if not listed:
            return []
        lines = [f"  {name}:" + self._comment(shown(self.policy.wording.title(name), self.lang))]
        if known:
            some = [_line(text) for text in known[:SHOWN]]
            more = self.say(f" 等 {len(known)} 种", f" and others, {len(known)} in all") if len(known) > SHOWN else ""
            lines.append("    # " + self.say("已识别：", "known: ") + self.say("、", ", ").join(some) + more)
        return lines + ["  " + self._entry(one, one.meaning, shown(one.note, self.lang)) for one in listed]

    def _entry(self, one: Proposed, meaning: str | None, note: str) -> str:
        if meaning is None:
            return f"  # {scalar(one.key)}:" + self._comment(self.say("待填：", "TO DO: ") + note)
        mark = self.say("建议：", "PROPOSED: ") if not one.sure and meaning else ""
        return f"  {scalar(one.key)}: {scalar(meaning)}" + self._comment(mark + note)

    def _comment(self, text: str) -> str:
        return f"  # {_line(text)}" if text else ""


def _line(text: str | Title) -> str:
    """A text in one line, without what can't be seen."""
    return " ".join("".join(char if char.isprintable() else " " for char in str(text)).split())
