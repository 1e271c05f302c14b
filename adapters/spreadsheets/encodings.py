"""Which encoding a text file is in, weighed by what its decodings say; and text that was decoded wrongly before."""

from __future__ import annotations

import codecs
import re
from functools import cache

from guikou.engine.errors import BadFile, Where, WrongUsage
from guikou.engine.text import UNFIT, Title, written

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", 3), (codecs.BOM_UTF32_LE, "utf-32-le", 4), (codecs.BOM_UTF32_BE, "utf-32-be", 4),
    (codecs.BOM_UTF16_LE, "utf-16-le", 2), (codecs.BOM_UTF16_BE, "utf-16-be", 2), (b"\x84\x31\x95\x33", "gb18030", 4),
)  # fmt: skip
_SHOWN = {"utf-8": "UTF-8", "gb18030": "GB18030", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE"}
_SUBSETS = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "utf-8-sig": "utf-8", "utf_8_sig": "utf-8"}

#: How much better one decoding must read than the other to be believed, and how well by itself.
_CLEARLY, _WELL = 0.15, 0.6
_MANY = 12


def decode(data: bytes, where: Where, name: str | None = None) -> tuple[str, str]:
    """A file's text and the encoding that it was read in: the one named, or what its mark or text tells.

    Raises WrongUsage for a name of no encoding, BadFile with the line where the bytes don't fit or the encoding
    changes, and where it can't be told.
    """
    if name is not None:
        encoding = _named(name)
        skipped = next((n for mark, one, n in _MARKS if data.startswith(mark) and one == encoding), 0)
        return _strictly(data[skipped:], encoding, where), shown(encoding)
    for mark, encoding, length in _MARKS:
        if data.startswith(mark):
            return _strictly(data[length:], encoding, where), shown(encoding)
    encoding = _wide(data) or _weighed(data, where)
    return _strictly(data, encoding, where), shown(encoding)


def shown(encoding: str) -> str:
    """An encoding's usual name."""
    return _SHOWN.get(encoding, encoding.upper())


def _named(name: str) -> str:
    try:
        found = codecs.lookup(name.strip())
        "".encode(found.name)
    except (LookupError, ValueError) as error:
        raise WrongUsage(
            reason_en=f"there is no encoding '{name}'; give for example utf-8, gb18030, utf-16 or big5",
            reason_zh=f"没有名为 “{name}” 的编码；例如 utf-8、gb18030、utf-16、big5",
        ) from error
    return _SUBSETS.get(found.name, found.name)


def _strictly(data: bytes, encoding: str, where: Where) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        raise _broken(where, _line(before), shown(encoding)) from error
    except UnicodeError as error:
        raise _broken(where, 1, shown(encoding)) from error


def _line(before: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", before)) + 1


def _broken(where: Where, line: int, encoding: str) -> BadFile:
    return BadFile(
        where=Where(where.file, line),
        reason=Title(
            f"该行有不是 {encoding} 的字节；请确认编码，另存为 UTF-8 后再导入",
            f"its bytes here are no {encoding}; see which encoding it has, or save it as UTF-8",
        ),
    )


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of commas, digits and line ends is NUL."""
    if len(data) < 4 or len(data) % 2:
        return None
    sample = data[:65536]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 < len(sample) // 2 or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _weighed(data: bytes, where: Where) -> str:
    """UTF-8 or GB 18030, line by line and then as a whole."""
    if data.isascii():
        return "utf-8"
    clear: dict[str, tuple[int, bytes]] = {}
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data), start=1):
        if line.isascii():
            continue
        says = _says(line)
        if says == "":
            raise _broken(where, number, "UTF-8 / GB18030")
        if says is not None and says not in clear:
            clear[says] = number, line
            if len(clear) > 1:
                break
    if len(clear) > 1:
        number, line = clear["gb18030"]
        gb = _reads(line, "gb18030")
        if gb is None or gb[0] < 0.5:  # bytes that were broken, rather than a line of Chinese
            raise _broken(where, number, shown("utf-8"))
        (first, _), (then, (number, _)) = clear.items()
        raise BadFile(
            where=Where(where.file, number),
            reason=Title(
                f"编码在该行由 {shown(first)} 变为 {shown(then)}；请统一为一种编码（如另存为 UTF-8）",
                f"its encoding changes here, from {shown(first)} to {shown(then)}; save it in one, such as UTF-8",
            ),
        )
    utf_8, gb = _reads(data, "utf-8"), _reads(data, "gb18030")
    if utf_8 is None and gb is not None and gb[0] >= (_WELL if gb[1] >= _MANY else 0.35):
        return "gb18030"
    if utf_8 is not None:
        if gb is None or utf_8[0] - gb[0] >= _CLEARLY or (utf_8[1] >= _MANY and gb[0] < _WELL):
            return "utf-8"
        if gb[0] >= _WELL and utf_8[0] < 0.5:
            return "gb18030"
    raise BadFile(
        where=where,
        reason=Title(
            "无法判断编码（UTF-8 或 GB18030 都不通顺，或都读得通）；请指明（如 --encoding gb18030），或另存为 UTF-8",
            "its encoding can't be told: UTF-8 and GB18030 read well both, or neither; name it, such as "
            "--encoding gb18030, or save it as UTF-8",
        ),
    )


def _says(line: bytes) -> str | None:
    """Which encoding a line is clearly in; None when it may be either, '' when in none."""
    utf_8, gb = _reads(line, "utf-8"), _reads(line, "gb18030")
    if utf_8 is None and gb is None:
        return ""
    if utf_8 is None or gb is None:
        return "gb18030" if utf_8 is None else "utf-8"
    if utf_8[0] - gb[0] >= _CLEARLY:
        return "utf-8"
    return "gb18030" if gb[0] >= 0.8 and utf_8[0] < 0.2 else None


def _reads(data: bytes, encoding: str) -> tuple[float, int] | None:
    """How well bytes read in an encoding, and how many characters beyond ASCII; None when they don't."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return readable(text)


def readable(text: str) -> tuple[float, int]:
    """How plausible a text's characters beyond ASCII are, from 0 to 1, and how many there are: common hanzi (GB 2312,
    level 1), Chinese punctuation and Latin letters within a word are; rarer ones, and single Greek letters,
    such as Ω, less."""
    beyond = _ASCII.sub("", text)
    if not beyond:
        return 1.0, 0
    common, rare = _hanzi()
    glued = len(_GLUED.findall(text))
    well = len(beyond) - len(common.sub("", beyond)) - glued
    less = len(beyond) - len(rare.sub("", beyond))
    latin = (len(_LATIN.findall(text)) + len(_WESTERN.findall(text)) + len(_LONE.findall(text))) / 2
    return min(max(0.0, (well + 0.4 * less + latin) / len(beyond)), 1.0), len(beyond)


_ASCII = re.compile(r"[\x00-\x7f]+")
#: A single hanzi within a Latin word is a Latin letter that was read wrongly (é as 茅).
_GLUED = re.compile(r"(?<=[a-z])[\u4e00-\u9fff](?![\u4e00-\u9fff])")
_WESTERN = re.compile(r"[\u00a0-\u024f]")
_LONE = re.compile(r"(?<![^\x00-\x7f])[\u0391-\u03a9\u03b1-\u03c9](?![^\x00-\x7f])")
_LATIN = re.compile(r"(?<=[A-Za-z])[\u00c0-\u024f]|[\u00c0-\u024f](?=[A-Za-z])")


@cache
def _hanzi() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """GB 2312's level 1 with its punctuation and full-width forms, and its level 2."""

    def rows(first: int, last: int) -> str:
        pairs = (bytes((high, low)) for high in range(first, last + 1) for low in range(0xA1, 0xFF))
        return "".join(pair.decode("gb2312", "ignore") for pair in pairs)

    symbols = "".join(char for char in rows(0xA1, 0xA3) if ord(char) > 0x7F)
    return (
        re.compile("[" + re.escape(symbols + rows(0xB0, 0xD7)) + "]"),
        re.compile("[" + re.escape(rows(0xD8, 0xF7)) + "]"),
    )


def text_fault(text: str) -> Title | None:
    """Why a text is none that a person wrote: control characters, or characters that came of a wrong decoding."""
    found = UNFIT.search(text)
    if found:
        code = written(found[0])
        return Title(f"含有控制字符 {code}；请重新填写", f"it holds the control character {code}; write it anew")
    if text.isascii():
        return None
    if "\ufffd" in text or "锟斤拷" in text:
        return Title(
            "是乱码（原有文字已丢失）；请重新填写", "its characters were lost by a wrong decoding; write it anew"
        )
    meant = _meant(text)
    if meant is None:
        return None
    return Title(
        f"是乱码，原文似为 “{meant[:20]}”；请更正",
        f"it was decoded wrongly, and seems to say '{meant[:20]}'; correct it",
    )


def _meant(text: str) -> str | None:
    """What a text said before it was decoded wrongly, where that is evident: UTF-8 read as GB 18030 or Latin-1."""
    for encoding in ("gb18030", "cp1252", "latin-1"):
        try:
            meant = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        score, many = readable(meant)
        hanzi = len(re.findall(r"[\u4e00-\u9fff]", meant))
        if many and hanzi >= 2 and score >= 0.8 and readable(text)[0] < 0.7:
            return meant
    return None
