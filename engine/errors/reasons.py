"""What others say went wrong, in both languages: the system, Python's readers, and the engine itself by way of a
ValueError. In Chinese what has no words of its own is told by its code."""

from __future__ import annotations

import csv
import errno
from collections.abc import Mapping

from ..text import Title


class InWords(ValueError):
    """A value that is wrong, and why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.title = Title(zh, en)

    def __reduce__(self) -> tuple[type[InWords], tuple[str, str]]:
        return InWords, (self.title.zh, self.title.en)


_SYSTEM = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许此操作",
    errno.EISDIR: "是目录，不是文件",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "文件已存在",
    errno.ENOSPC: "磁盘空间已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "文件过大",
    errno.EROFS: "文件系统只读",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ELOOP: "符号链接成环",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "系统打开的文件过多",
    errno.EBUSY: "文件正被占用",
    errno.ETXTBSY: "文件正被占用",
    errno.EIO: "读写出错",
    errno.EINVAL: "参数无效",
    errno.ENOMEM: "内存不足",
    errno.EPIPE: "读取方已关闭",
    errno.ECONNREFUSED: "连接被拒绝",
    errno.ECONNRESET: "连接被重置",
    errno.ETIMEDOUT: "连接超时",
    errno.EHOSTUNREACH: "无法到达主机",
    errno.ENETUNREACH: "网络不可达",
}

#: The beginnings of what the csv module says.
_CSV = {
    "unexpected end of data": "文件在引号内结束，引号未配对",
    "field larger than field limit": "单元格过长",
    "new-line character seen in unquoted field": "未加引号的单元格中有换行",
    "line contains NUL": "含空字符",
}

#: What the YAML reader says.
_YAML = {
    "mapping values are not allowed in this context": "此处不能写“键: 值”",
    "could not find expected ':'": "缺少冒号",
    "did not find expected key": "此处应为键，请检查缩进",
    "did not find expected '-' indicator": "此处应为列表项“-”，请检查缩进",
    "did not find expected ',' or ']'": "方括号内缺少逗号，或括号未配对",
    "did not find expected ',' or '}'": "花括号内缺少逗号，或括号未配对",
    "did not find expected node content": "此处应有内容",
    "did not find expected <document start>": "一个文件只能有一份文档",
    "found character that cannot start any token": "有不能作为开头的字符，例如制表符：缩进请用空格",
    "found unexpected end of stream": "文件在引号内结束，引号未配对",
    "found unexpected ':'": "冒号多余，请加引号",
    "found undefined tag handle": "有未定义的标签",
    "control characters are not allowed": "含控制字符",
}


def os_reason(error: OSError) -> Title:
    """Why the system refused."""
    kinds = {kind.__name__ for kind in type(error).__mro__}  # whoever has no such error has not loaded its module
    said = error.strerror or str(error) or type(error).__name__
    if "gaierror" in kinds:
        return Title("找不到主机", said)
    if "SSLError" in kinds:
        return Title("TLS 证书或握手有误", said)
    if error.errno is None and "TimeoutError" in kinds:
        return Title(_SYSTEM[errno.ETIMEDOUT], said)
    code = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return Title(_SYSTEM.get(error.errno or 0, f"系统错误 {code}"), said)


def csv_reason(error: csv.Error) -> Title:
    """Why a text is no CSV."""
    return _known(str(error), _CSV, "CSV 格式有误")


def yaml_reason(said: str) -> Title:
    """Why a text is no YAML."""
    return _known(said, _YAML, "YAML 格式有误")


def reason(error: BaseException) -> Title:
    """Why a value, a file or a text was wrong, by the exception that says so."""
    match error:
        case InWords():
            return error.title
        case OSError():
            return os_reason(error)
        case csv.Error():
            return csv_reason(error)
        case _:
            return Title(f"无效（{type(error).__name__}）", str(error) or type(error).__name__)


def _known(said: str, words: Mapping[str, str], otherwise: str) -> Title:
    return Title(next((zh for en, zh in words.items() if said.startswith(en)), otherwise), said)
