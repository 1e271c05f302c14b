"""Files that are written: whole or not at all, and never over something else."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from guikou.engine.errors import NotSaved
from guikou.engine.errors.reasons import os_reason

#: What a file's name says of what is in it, as formats of commands; none for what no command writes.
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    ".xlsx": ("xlsx",),
    ".csv": ("csv",),
    ".json": ("json", "sarif"),
    ".sarif": ("sarif",),
    ".html": ("html",),
    ".htm": ("html",),
    ".ics": ("ics",),
    ".mmd": ("mermaid",),
    ".dot": ("dot",),
    ".gv": ("dot",),
    ".parquet": ("parquet",),
    ".jsonl": (),
    ".pem": (),
    **dict.fromkeys(
        (".xls", ".xlsm", ".ods", ".doc", ".docx", ".pdf", ".png", ".svg", ".zip", ".db", ".sqlite", ".sqlite3"), ()
    ),
}
#: What people and programs write by hand.
_OWN = frozenset({".py", ".yaml", ".yml", ".toml", ".sql", ".sh"})
_HEADS = {
    "jsonl": ("{",),
    "json": ("{", "["),
    "sarif": ("{",),
    "html": ("<!doctype html", "<html"),
    "ics": ("begin:vcalendar",),
}
_READ = 65_536
_REASONS = {
    errno.ENOENT: ("there is no such folder", "没有这个文件夹"),
    errno.ENOTDIR: ("there is no such folder", "没有这个文件夹"),
    errno.EACCES: ("no permission", "没有权限"),
    errno.EPERM: ("no permission", "没有权限"),
    errno.EROFS: ("the file system is read-only", "文件系统为只读"),
    errno.ENOSPC: ("the disk is full", "磁盘已满"),
    errno.EDQUOT: ("the disk quota is used up", "磁盘配额已用完"),
    errno.ENAMETOOLONG: ("the name is too long", "文件名过长"),
    errno.EISDIR: ("it is a folder", "它是文件夹"),
}


def check(path: str, kind: str, db: str, *, force: bool = False, new: bool = False) -> None:
    """That a file of a kind may be written at a path: a new one, or in the place of one of its kind, or with `force` of
    any text or workbook; never with `new`. Raises NotSaved for the database, and for everything else that would be
    lost."""
    not_the_database(path, db)
    place = os.path.realpath(path)
    try:
        mode = os.stat(place).st_mode
        if stat.S_ISDIR(mode):
            raise OSError(errno.EISDIR, "")
        if stat.S_ISREG(mode) and os.path.getsize(place):
            _may_be_replaced(path, Path(place), kind, force, new)
    except FileNotFoundError:
        if not os.path.isdir(os.path.dirname(place)):
            raise _refused(path, OSError(errno.ENOENT, "")) from None
    except OSError as error:
        raise _refused(path, error) from error


def not_the_database(path: str, db: str) -> None:
    """That a path is not the database, and none of its files. Raises NotSaved."""
    place = os.path.realpath(path)
    base = db.removeprefix("sqlite:///").partition("?")[0]
    if db.startswith("sqlite:///") and base:
        kept = os.path.realpath(base)
        same = place in {kept + end for end in ("", "-wal", "-shm", "-journal")}
        if same or (os.path.exists(place) and os.path.exists(kept) and os.path.samefile(place, kept)):
            raise NotSaved(path=path, reason_en="it is the database", reason_zh="它就是数据库")


def _may_be_replaced(path: str, place: Path, kind: str, force: bool, new: bool) -> None:
    with place.open("rb") as file:
        head = file.read(_READ)
    text = _text(head)
    known = _is_workbook(place) or (kind == "parquet" and head.startswith(b"PAR1"))
    if head.startswith(b"SQLite format 3") or (text is None and not known) or _secret(text):
        raise NotSaved(
            path=path, reason_en="it is there already and holds something else", reason_zh="该处已有文件，且内容不同"
        )
    if force:
        return
    if new or kind == "parquet":
        raise _there(path)
    if not _is_of(place, kind):
        if place.suffix.lower() in _OWN:
            raise _there(path)
        if kind == "jsonl":
            raise NotSaved(
                path=path,
                reason_en="a file is there already that does not hold a JSON object in each line",
                reason_zh="该处已有文件，且不是每行一个 JSON 对象的文件",
            )
        name = {"table": ("text", "文本"), "parquet": ("Parquet", "Parquet"), "ics": ("iCalendar", "iCalendar")}.get(
            kind, (kind.upper(),) * 2
        )
        raise NotSaved(
            path=path,
            reason_en=f"a file is there already that is not written as {name[0]} (--force writes over it)",
            reason_zh=f"该处已有文件，且不是写成 {name[1]} 的文件（--force 可覆盖）",
        )


def _secret(text: str | None) -> bool:
    return text is not None and "-----begin " in text


def _there(path: str) -> NotSaved:
    en = "it is there already, and somebody may have written in it (--force writes over it)"
    return NotSaved(path=path, reason_en=en, reason_zh="该文件已存在，可能有人改过（--force 可覆盖）")


def apart(path: str | Path, others: Iterable[object]) -> None:
    """That a path is none of the files that the command reads. Raises NotSaved."""
    each = (part for one in others for part in (one if isinstance(one, (tuple, list)) else (one,)))
    for one in each:
        if isinstance(one, Path) and one.exists() and os.path.exists(path) and os.path.samefile(path, one):
            raise NotSaved(path=path, reason_en="it is what is read", reason_zh="它就是要读取的文件")


def save(
    path: str,
    kind: str,
    db: str,
    write: Callable[[BinaryIO], object],
    *,
    force: bool = False,
    before: Callable[[], object] = lambda: None,
) -> None:
    """Write a file whole or not at all: beside its place first, then into it, once `before` was called. What is there
    already was written so too, as far as its beginning tells, or is written over by `force`. Raises NotSaved."""
    check(path, kind, db, force=force)
    place = os.path.realpath(path)
    try:
        mode = os.stat(place).st_mode if os.path.exists(place) else None
        if mode is not None and not stat.S_ISREG(mode):  # a device or a pipe has no contents to keep
            with open(place, "wb") as out:
                write(out)
            return

        def settle(part: Path) -> None:
            if mode is not None and not force and not _alike(Path(place), part, kind):
                raise _there(path)
            before()

        _replace(place, mode, write, settle)
    except OSError as error:
        raise _refused(path, error) from error


def _replace(
    place: str, mode: int | None, write: Callable[[BinaryIO], object], settle: Callable[[Path], object]
) -> None:
    if mode is not None and not os.access(place, os.W_OK):
        raise OSError(errno.EACCES, "")
    handle, beside = tempfile.mkstemp(prefix=".guikou-", suffix=".part", dir=os.path.dirname(place))
    try:
        with os.fdopen(handle, "wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(beside, stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())
        settle(Path(beside))
        os.replace(beside, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def _refused(path: str, error: OSError) -> NotSaved:
    why = os_reason(error)
    en, zh = _REASONS.get(error.errno or 0, (why.en, why.zh))
    return NotSaved(path=path, reason_en=en, reason_zh=zh)


def _is_of(place: Path, kind: str) -> bool:
    """Whether a file is empty or of a kind, as far as its name and its beginning tell."""
    with open(place, "rb") as file:
        head = file.read(_READ)
    if not head:
        return True
    if kind == "xlsx":
        return _is_workbook(place)
    meant = SUFFIXES.get(place.suffix.lower())
    text = _text(head)
    other = place.suffix.lower() in _OWN or (meant is not None and kind not in meant)
    if text is None or (other and kind not in _HEADS):
        return False
    if kind == "jsonl":
        return _is_object(text.partition("\n")[0])
    if kind in _HEADS:
        return text.startswith(_HEADS[kind])
    return not text.startswith((*_HEADS["html"], *_HEADS["ics"], "%pdf"))


def _alike(old: Path, new: Path, kind: str) -> bool:
    """Whether two files of a kind were written by the same command, as far as their beginnings tell."""
    if not old.stat().st_size:
        return True
    if kind == "xlsx":
        return _as_made(old) and _heading(old) == _heading(new)
    with old.open("rb") as one, new.open("rb") as other:
        before, after = _text(one.read(_READ)), _text(other.read(_READ))
    if not before or not after:
        return not before
    if kind in ("json", "sarif"):
        keys = _keys(old)
        return keys is not None and (keys == _keys(new) or keys == [] or (_keys(new) == [] and isinstance(keys, list)))
    if kind == "html":
        return _GENERATOR in before
    if kind == "ics":
        return _PROGRAM.findall(before) == _PROGRAM.findall(after)
    return _first(before) == _first(after)


_PROGRAM = re.compile("^prodid.*$", re.MULTILINE)
_GENERATOR = '<meta name="generator" content="guikou">'


def _as_made(place: Path) -> bool:
    """Whether a workbook is guikou's, and nobody has saved it since: programs keep who created it and when."""
    import zipfile

    with zipfile.ZipFile(place) as found:
        if "docProps/core.xml" not in found.namelist():
            return False
        said = found.read("docProps/core.xml")
    created, modified = (re.findall(rb"<dcterms:%b[^>]*>([^<]*)<" % name, said) for name in (b"created", b"modified"))
    return b"<dc:creator>guikou</dc:creator>" in said and created == modified


def _heading(place: Path) -> list[bytes]:
    """The texts of a workbook's first row that says something, as guikou writes them; none where it was saved anew."""
    import zipfile

    with zipfile.ZipFile(place) as found, found.open("xl/worksheets/sheet1.xml") as sheet:
        rows = re.findall(rb"<row .*?</row>", sheet.read(_READ), re.DOTALL)
    return next((texts for row in rows if (texts := re.findall(rb"<t[^>]*>([^<]*)</t>", row))), [b""] if rows else [])


def _keys(place: Path) -> object:
    """What a JSON file is: a list, with the keys of its first object, or an object with its own."""
    import json

    try:
        found = json.loads(place.read_bytes())
    except (ValueError, RecursionError):
        return None
    if isinstance(found, list):
        return sorted(found[0]) if found and isinstance(found[0], dict) else None if found else []
    return tuple(sorted(found)) if isinstance(found, dict) else None


def _first(text: str) -> list[str]:
    """The words of the first line, without numbers: a title may have a day in it."""
    lines = (line for line in text.lstrip("\ufeff").splitlines() if line.strip())
    return re.sub(r"\d+", "", next(lines, "")).split()


def _is_object(line: str) -> bool:
    import json

    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_workbook(place: Path) -> bool:
    import zipfile

    try:
        with zipfile.ZipFile(place) as found:
            return "xl/workbook.xml" in found.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _text(head: bytes) -> str | None:
    """How a text file begins; None for one that is no text."""
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        with contextlib.suppress(UnicodeDecodeError):
            text = head[: _READ - 8].decode(encoding, "strict" if len(head) < _READ else "ignore")
            if "\0" not in text:
                return text.lstrip().lower()
    return None
