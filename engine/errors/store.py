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


class StoreContended(StoreBusy):
    code = "store-contended"
    en = "others were changing the same cases at the same time"
    zh = "其他人正在同时更改相同的案件"


class StoreUnreachable(StoreError):
    code = "store-unreachable"
    en = "the database cannot be opened: {reason}"
    zh = "无法打开数据库：{reason}"
    hint_en = "check the address of the database"
    hint_zh = "请检查数据库地址"


class ConnectionLost(StoreError):
    """Nothing of what was begun is kept."""

    code = "connection-lost"
    en = "the connection to the database was lost: {reason}"
    zh = "与数据库的连接已中断：{reason}"
    hint_en = "nothing was changed; try again"
    hint_zh = "未做任何更改，请重试"


class OutcomeUnknown(StoreError):
    """Nobody can tell whether what was begun is kept."""

    code = "outcome-unknown"
    en = "the connection to the database was lost while a change was being kept: {reason}"
    zh = "保存更改时与数据库的连接中断：{reason}"
    hint_en = "it may have been kept or not: look at the case, or make the same request again under its request id"
    hint_zh = "更改可能已保存，也可能没有：请查看案卷，或以同一请求号重新提交"


class NoConnection(StoreError):
    code = "no-connection"
    en = "none of {size} connections to the database came free in {seconds} seconds"
    zh = "{seconds} 秒内 {size} 个数据库连接均未空闲"
    hint_en = "nothing was changed; try again, or let the store have more connections"
    hint_zh = "未做任何更改，请重试，或为存储设置更多连接"


class TransactionOpen(StoreError):
    code = "transaction-open"
    en = "this thread is in a transaction of the store already"
    zh = "本线程已在该存储的一个事务中"
    hint_en = "end that one first"
    hint_zh = "请先结束该事务"


class Forked(StoreError):
    code = "forked"
    en = "this was begun in the process that this one was forked from"
    zh = "此操作在派生本进程的父进程中开始"
    hint_en = "begin it anew here"
    hint_zh = "请在本进程中重新开始"


class NotShared(StoreError):
    code = "not-shared"
    en = "a store in memory belongs to the process that made it"
    zh = "内存中的存储只属于创建它的进程"
    hint_en = "use a database in a file or on a server"
    hint_zh = "请使用文件或服务器上的数据库"


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


class Damaged(StoreError):
    code = "damaged"
    en = "what is kept of '{case}' is not what guikou wrote: {what}"
    zh = "“{case}” 的保存内容已非 guikou 所写：{what}"
    hint_en = "its events tell what it should be: compare them, and rebuild it from them"
    hint_zh = "应以其事件为准：请比对，并据事件重建"


class OtherTables(StoreError):
    code = "other-tables"
    en = "{db} holds tables of another program: {tables}"
    zh = "{db} 中有其他程序的表：{tables}"
    hint_en = "nothing was changed; give guikou a database of its own"
    hint_zh = "未做任何更改；请为 guikou 单独指定数据库"


class Unreadable(StoreError):
    code = "unreadable"
    en = "the database holds what guikou did not write: {what}"
    zh = "数据库中有非 guikou 所写的内容：{what}"
    hint_en = "restore it from a backup"
    hint_zh = "请从备份恢复"


class BadBackup(StoreError):
    code = "bad-backup"
    en = "{file}: {reason}"
    zh = "{file}：{reason}"
    hint_en = "nothing was changed; give another backup"
    hint_zh = "未做任何更改，请给出另一份备份"


class NewerThanBackup(StoreError):
    code = "newer-than-backup"
    en = "{db} holds what the backup does not: {what}"
    zh = "{db} 中有备份所没有的内容：{what}"
    hint_en = "nothing was changed; make a backup of it first, and then say that it may be discarded"
    hint_zh = "未做任何更改；请先备份现有数据库，再说明可以舍弃"


class BackupFailed(StoreError):
    code = "backup-failed"
    en = "PostgreSQL's own program could not do it: {reason}"
    zh = "PostgreSQL 自带的程序未能完成：{reason}"
    hint_en = "nothing was changed; see whether its version is the server's, and whether the server can be reached"
    hint_zh = "未做任何更改；请检查其版本是否与服务器一致、服务器是否可达"


class NotBackedUp(StoreError):
    code = "not-backed-up"
    en = "{db} was not upgraded, for it could not be backed up first: {reason}"
    zh = "{db} 未升级，因为无法先备份：{reason}"
    hint_en = "nothing was changed; say that it may be upgraded without a backup"
    hint_zh = "未做任何更改；可说明不备份即升级"


class NotInstalled(GuikouError):
    code = "not-installed"
    en = "this needs {library}"
    zh = "此功能需要 {library}"
    hint_en = "pip install 'guikou[{extra}]', or the libraries it takes: pip install {libraries}; install {program}"
    hint_zh = "pip install 'guikou[{extra}]'，或安装其所需的库：pip install {libraries}；请安装 {program}"
