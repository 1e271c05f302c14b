"""Files as evidence: referred to by name and digest, and compared with what was kept of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from guikou.engine.cases.evidence import FileReference
from guikou.engine.errors import BadEvidence
from guikou.engine.errors.reasons import os_reason


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
        if not file.is_file() and file.exists() and not file.is_dir():
            raise BadEvidence(file=str(path), reason_en="it is no regular file", reason_zh="不是普通文件")
        if file.is_file() and not file.stat().st_size:
            raise BadEvidence(file=str(path), reason_en="it is empty", reason_zh="文件是空的")
        with file.open("rb") as opened:
            return FileReference(file.name, hashlib.file_digest(opened, "sha256").hexdigest())
    except OSError as error:
        why = os_reason(error)
        raise BadEvidence(file=str(path), reason_en=why.en, reason_zh=why.zh) from error
