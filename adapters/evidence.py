"""Files as evidence: referred to by name and digest, and compared with what was kept of them."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

from guikou.engine.cases.evidence import FileReference
from guikou.engine.errors import BadEvidence

_ZH = {
    errno.ENOENT: "没有该文件",
    errno.EISDIR: "这是文件夹",
    errno.EACCES: "无权读取",
    errno.ENOTDIR: "没有该文件夹",
    errno.ENAMETOOLONG: "文件名过长",
}


def file_evidence(path: str | Path) -> str:
    """A file as the reference that `evidence` takes: its name and its SHA-256. Raises BadEvidence where it can't be
    read, or has a name that can't be kept."""
    return reference(path).text


def reference(path: str | Path) -> FileReference:
    """The same, in its parts."""
    file = Path(path)
    if not file.name or not file.name.isprintable():
        raise BadEvidence(file=repr(str(path)), reason_en="its name can't be kept", reason_zh="文件名无法保存")
    try:
        with file.open("rb") as opened:
            return FileReference(file.name, hashlib.file_digest(opened, "sha256").hexdigest())
    except OSError as error:
        said = error.strerror or str(error)
        raise BadEvidence(file=str(path), reason_en=said, reason_zh=_ZH.get(error.errno or 0, said)) from error
