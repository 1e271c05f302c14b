"""What the store, or what is installed, can't do."""

from __future__ import annotations

from .base import GuikouError


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
    hint_en = "check the address of the database"
    hint_zh = "请检查数据库地址"


class StoreFailed(StoreError):
    code = "store-failed"
    en = "the database could not do it: {reason}"
    zh = "数据库未能完成：{reason}"
    hint_en = "nothing was changed; see whether it has room and may be written to"
    hint_zh = "未做任何更改；请检查数据库是否可写、空间是否充足"


class NotInitialized(StoreError):
    code = "not-initialized"
    en = "{db} holds no supervision data"
    zh = "{db} 中没有监管数据"
    hint_en = "make the database and activate a policy first"
    hint_zh = "请先建库并启用政策"


class AlreadyInitialized(StoreError):
    code = "already-initialized"
    en = "{db} already runs another policy, {policy}"
    zh = "{db} 已在运行另一政策 {policy}"
    hint_en = "to change it, activate the other one"
    hint_zh = "如需更换，请启用另一政策"


class SchemaVersion(StoreError):
    code = "schema-version"
    en = "{db} has schema {found}, and this guikou works with {wanted}"
    zh = "{db} 的结构版本为 {found}，本程序需要 {wanted}"
    hint_en = "upgrade an older one; for a newer one use a newer guikou"
    hint_zh = "旧库请先升级；新库请使用更新的版本"


class CaseChanged(StoreError):
    code = "case-changed"
    en = "'{case}' was changed by somebody else meanwhile"
    zh = "“{case}” 同时被他人更改"
    hint_en = "nothing was changed; look again and retry"
    hint_zh = "未做任何更改，请查看后重试"


class PolicyInUse(StoreError):
    code = "policy-in-use"
    en = "the new policy has no such {kind_en}, and open cases stand there ({count}): {names}"
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
