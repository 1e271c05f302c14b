"""What an organisation's id looks like, by type, and its normal form."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..errors import BadIdentity
from ..text import Title, compact

#: A whole number as spreadsheets show those that are too long for a cell: 5.21E+17.
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
#: What is left of 18 digits once a spreadsheet has made a number of them: it keeps 15.
_ROUNDED = re.compile(r"\d{15}0{3,}")


@dataclass(frozen=True, slots=True)
class IdRule:
    """One way in which an id may be written, for some types (None: for all): by a `pattern`, or by a `standard` of
    python-stdnum ('cn.uscc'), whose check digit need only be right with `check_digit`. An `example` may be given."""

    title: Title
    types: frozenset[str] | None
    pattern: re.Pattern[str] | None = None
    standard: str | None = None
    check_digit: bool = True
    example: str = ""

    def fault(self, id: str) -> Title | None:
        """What is wrong with an id; None if nothing is."""
        if _SCIENTIFIC.fullmatch(id):
            return Title(
                "它被电子表格当作数字处理过，数字已丢失",
                "it went through a number in a spreadsheet, and digits were lost",
            )
        if self.pattern is not None:
            return None if self.pattern.fullmatch(id) else Title("不符合规定的样式", "it is written in another way")
        assert self.standard is not None, "a rule has a pattern or a standard"
        return _against_standard(self.standard, self.check_digit, id)


@dataclass(frozen=True, slots=True)
class Identity:
    """The rules of a policy, in its order; without any, an id is whatever it is."""

    rules: tuple[IdRule, ...] = ()

    def normal(self, written: str) -> str:
        """An id as it is kept: without spaces, invisible characters and a leading apostrophe, in half width, and in the
        case (upper where none does) and with the brackets that a rule wants. Without rules only its ends are trimmed.
        """
        if not self.rules:
            return written.strip()
        return _normal(self.rules, written)

    def fault(self, type: str | None, id: str) -> BadIdentity | None:
        """Why an organisation of a type (None: of any) can't have an id; None if it can. With several rules for the
        type, what is wrong is said of the first."""
        rules = [rule for rule in self.rules if None in (rule.types, type) or type in (rule.types or ())]
        faults = [rule.fault(id) for rule in rules]
        if not rules or None in faults:
            return None
        titles, examples = [rule.title for rule in rules], [rule.example for rule in rules if rule.example]
        either = Title(" 或 ".join(examples), " or ".join(examples))
        told = Title("或".join(one.zh for one in titles), " or ".join(one.en for one in titles))
        return BadIdentity(id=id, title=told, because=faults[0], example=either)


#: Few keyboards have the brackets of a year in the number of a document: 京海社备字〔2015〕012号.
OF_A_YEAR = str.maketrans("[]【】［］", "〔〕〔〕〔〕")

#: A row of a register has its id looked at several times.
_REMEMBERED = 4096


@lru_cache(_REMEMBERED)
def _against_standard(name: str, check_digit: bool, id: str) -> Title | None:
    from stdnum import exceptions

    try:
        kept = standard(name).validate(id)
    except exceptions.InvalidLength:
        return Title(f"长度不对（{len(id)} 位）", f"its length is wrong ({len(id)})")
    except exceptions.InvalidChecksum:
        if not check_digit:
            return None
        if _ROUNDED.fullmatch(id):
            return Title(
                "末位全为零，校验位不符：它被电子表格当作数字处理过，数字已丢失",
                "it ends in zeros and its check digit is wrong: it went through a number in a spreadsheet, and "
                "digits were lost",
            )
        return Title("校验位不符", "its check digit is wrong")
    except exceptions.ValidationError:
        return Title("含有不应出现的字符", "it has characters that don't belong there")
    return None if kept == id else Title("不符合规定的样式", "it is written in another way")


@lru_cache(_REMEMBERED)
def _normal(rules: tuple[IdRule, ...], written: str) -> str:
    bare = compact(written).lstrip("'‘’`")
    upper, lower = compact(bare.upper()), compact(bare.lower())
    forms = (bare, upper, lower, *(form.translate(OF_A_YEAR) for form in (bare, upper, lower)))
    return next((form for form in forms if any(rule.fault(form) is None for rule in rules)), upper)


def standard(name: str) -> Any:
    """A standard of python-stdnum by its name, such as 'cn.uscc'. Raises LookupError."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?", name):
        raise LookupError(name)
    try:
        found = importlib.import_module(f"stdnum.{name}")
    except ModuleNotFoundError as error:
        raise LookupError(name) from error
    if not hasattr(found, "validate"):
        raise LookupError(name)
    return found
