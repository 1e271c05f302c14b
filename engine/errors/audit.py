"""What the record, its seals and their keys refuse."""

from __future__ import annotations

from .refused import Refused
from .usage import UsageError


class BadKey(UsageError):
    """A file that holds no private key of Ed25519, or can't be read."""

    code = "bad-key"
    en = "{file}: {reason_en}"
    zh = "{file}：{reason_zh}"
    hint_en = "give the file into which the key was made"
    hint_zh = "请给出生成密钥时所写的文件"


class NotTheKey(Refused):
    code = "not-the-key"
    en = "the key {id} does not sign this record; {current} does"
    zh = "密钥 {id} 不是本记录当前的签名密钥；当前为 {current}"
    hint_en = "give the file of that key"
    hint_zh = "请给出该密钥的文件"


class KeyThere(Refused):
    code = "key-there"
    en = "the key {current} signs this record already"
    zh = "本记录已由密钥 {current} 签名"
    hint_en = "let that key sign the change"
    hint_zh = "请由该密钥签名交接"


class NoKey(Refused):
    code = "no-key"
    en = "no key signs this record"
    zh = "本记录没有签名密钥"
    hint_en = "make one first"
    hint_zh = "请先生成密钥"


class UnknownSeal(UsageError):
    code = "unknown-seal"
    en = "there is no seal no. {number}"
    zh = "没有第 {number} 号封存"
    hint_en = "there are {known}"
    hint_zh = "现有 {known}"


class UnknownSigningKey(UsageError):
    code = "unknown-signing-key"
    en = "no key {id} ever signed this record"
    zh = "本记录没有编号为 {id} 的密钥"
    hint_en = "there are {known}"
    hint_zh = "现有 {known}"


class NotSealed(Refused):
    code = "not-sealed"
    en = "event no. {seq} of '{case}' is not sealed"
    zh = "“{case}” 的第 {seq} 号事件尚未封存"
    hint_en = "seal the record first"
    hint_zh = "请先封存"


class UnknownEvent(UsageError):
    code = "unknown-event"
    exit_code = 1
    en = "'{case}' has no event no. {seq}"
    zh = "“{case}” 没有第 {seq} 号事件"
    hint_en = "its last is no. {last}; look it up in the history"
    hint_zh = "最后一个是第 {last} 号；请查看案卷历史"


class RecordChanged(Refused):
    code = "record-changed"
    en = "the record is not what was sealed: {what}"
    zh = "记录与封存时不一致：{what}"
    hint_en = "look for all that was changed, and restore the database from a backup"
    hint_zh = "请先查明全部改动，并从备份恢复"


class BadSeals(UsageError):
    """A file of seals that were exported which can't be read."""

    code = "bad-seals"
    en = "{file}:{line}: {reason_en}"
    zh = "{file}：第 {line} 行：{reason_zh}"
    hint_en = "give what was sent when the record was sealed, a statement a line"
    hint_zh = "请给出封存时送出的文件，每行一条"


class BadProof(UsageError):
    """What is no proof that was given by a record."""

    code = "bad-proof"
    en = "it is no proof"
    zh = "不是证明"
    hint_en = "give what was printed as the proof, whole"
    hint_zh = "请给出完整的证明文件"


class NotProved(Refused):
    code = "not-proved"
    en = "the proof does not hold: {because}"
    zh = "证明不成立：{because}"
    hint_en = "ask for it once more, and compare the key with the one that was published"
    hint_zh = "请重新索取证明，并核对所公布的公钥"
