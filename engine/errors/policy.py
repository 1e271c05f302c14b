"""What is written wrongly in a policy."""

from __future__ import annotations

from .base import GuikouError


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


class NoSet(PolicyError):
    code = "no-set"
    en = "{what} can't be said of many at once: {because}"
    zh = "{what}不能成批计算：{because}"
    hint_en = "decide it one by one, or give it smaller numbers"
    hint_zh = "请逐一计算，或改用较小的数"
